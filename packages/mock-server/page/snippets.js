/**
 * The curl line of a scenario with the AppCode of the open namespace. The admin API gives it with the AppCode `demo`.
 *
 * @param {{ curl: string }} scenario
 * @param {string | undefined} appCode without it, the shell takes the AppCode from its environment
 */
export function curlOf({ curl }, appCode) {
  const demo = "'Authorization: APPCODE demo'";
  // A function as the replacement, because a text may contain patterns such as $&.
  return curl.replace(demo, () =>
    appCode === undefined
      ? '"Authorization: APPCODE $IDENTITY_VERIFY_APP_CODE"'
      : `'Authorization: APPCODE ${appCode.replaceAll("'", String.raw`'\''`)}'`,
  );
}

/**
 * A test that lets the next call get what this call got, and verifies that it was asked once.
 *
 * @param {{ scenario: string, latencyMs: number, httpStatus: number | null, isGateway: boolean, ask: string }} of
 */
export function testOf({ scenario, latencyMs, httpStatus, isGateway, ask }) {
  const settings = [
    `scenario: '${scenario}'`,
    ...(latencyMs > 0 ? [`latencyMs: ${latencyMs}`] : []),
    ...(isGateway && httpStatus !== null ? [`httpStatus: ${httpStatus}`] : []),
  ];
  return `import { startMockServer } from '@identity-verify/mock-server';

const mock = await startMockServer({ port: 0 });
const ns = mock.namespace('app-code-of-this-test');

ns.enqueue({ ${settings.join(', ')} });
// ${ask}
await ns.verify({ match: { scenario: '${scenario}' }, times: 1 });

await mock.close();
`;
}
