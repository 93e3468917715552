/**
 * Matches the variables that Kubernetes sets for a Service called `idv-mock` or `idv-mock-…`, and those of Docker
 * links. They look like settings but are not.
 */
const BY_NAME = [
  /^IDV_MOCK_(?:\w+_)?SERVICE_(?:HOST|PORT(?:_\w+)?)$/,
  /^IDV_MOCK_(?:\w+_)?PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?$/,
  /^IDV_MOCK_(?:\w+_)?ENV_\w+$/,
];

/** `IDV_MOCK_PORT` is also a setting. Only the value distinguishes the two. */
const BY_VALUE = [
  { name: /^IDV_MOCK_(?:\w+_)?PORT$/, value: /^(?:tcp|udp|sctp):\/\//i },
  { name: /^IDV_MOCK_(?:\w+_)?NAME$/, value: /^\// },
];

/** Returns true if a container platform set the variable. */
export function isInjected(name: string, value: string): boolean {
  return (
    BY_NAME.some((pattern) => pattern.test(name)) ||
    BY_VALUE.some((each) => each.name.test(name) && each.value.test(value))
  );
}
