/**
 * Variables that Kubernetes sets in every container for a Service called `idv-mock` or `idv-mock-…`, and those of Docker's
 * links. They look like settings and are none.
 */
const BY_NAME = [
  /^IDV_MOCK_(?:\w+_)?SERVICE_(?:HOST|PORT(?:_\w+)?)$/,
  /^IDV_MOCK_(?:\w+_)?PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?$/,
  /^IDV_MOCK_(?:\w+_)?ENV_\w+$/,
];

/** `IDV_MOCK_PORT` is a setting too: only its value tells. */
const BY_VALUE = [
  { name: /^IDV_MOCK_(?:\w+_)?PORT$/, value: /^(?:tcp|udp|sctp):\/\//i },
  { name: /^IDV_MOCK_(?:\w+_)?NAME$/, value: /^\// },
];

/** Whether a container platform has set a variable, rather than a person. */
export function isInjected(name: string, value: string): boolean {
  return (
    BY_NAME.some((pattern) => pattern.test(name)) ||
    BY_VALUE.some((each) => each.name.test(name) && each.value.test(value))
  );
}
