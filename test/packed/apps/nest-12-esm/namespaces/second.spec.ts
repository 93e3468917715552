import { remoteNamespaceFromEnvironment } from '@identity-verify/mock-server';

const { IDENTITY_VERIFY_BASE_URL: url, IDENTITY_VERIFY_APP_CODE: appCode } = process.env;

async function ask(): Promise<string> {
  const reply = await fetch(`${url}/communication/personal/1979`, {
    method: 'POST',
    headers: { Authorization: `APPCODE ${appCode}` },
    body: new URLSearchParams({ name: '测试甲', idcard: '110101190001010014', mobile: '16000020001' }),
  });
  return ((await reply.json()) as { code: string }).code;
}

it('has the namespace of its worker, in the mock of the run', async () => {
  expect(appCode).toMatch(/^vitest-worker-\d+$/);
  const namespace = remoteNamespaceFromEnvironment();
  await namespace.reset();
  await namespace.enqueue('code-10017');
  const codes: string[] = [];
  for (let call = 0; call < 5; call++) codes.push(await ask());
  expect(codes).toEqual(['10017', ...Array<string>(4).fill('10000')]);
  await namespace.verify({ times: 5 });
}, 60_000);
