import { startMockServer, type MockNamespace } from '@identity-verify/mock-server';
import { createSampleApp, MOCK_APP_CODE } from '@identity-verify/sample';

/** The sample and a mock, each on a free port of its own. */
export interface RunningSample {
  readonly url: string;
  /** What the sample's calls left in the mock. */
  readonly upstream: MockNamespace;
  /** Posts a body: a text as it is, anything else as JSON. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<SampleReply>;
  get(path: string): Promise<SampleReply>;
  close(): Promise<void>;
}

/** A reply, with its body read. */
export interface SampleReply {
  readonly status: number;
  readonly type: string | undefined;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; undefined when it is none. */
  readonly body: Record<string, unknown> | undefined;
}

/** Starts both. @param environment settings of the sample beside those that join the two */
export async function startSample(environment: Record<string, string> = {}): Promise<RunningSample> {
  const mock = await startMockServer({ port: 0 });
  const { app } = await createSampleApp({
    environment: { SAMPLE_PORT: '0', IDENTITY_VERIFY_UPSTREAM: mock.url, ...environment },
    logger: false,
  });
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  return {
    url,
    upstream: mock.namespace(MOCK_APP_CODE),
    post: async (path, body, headers = {}) =>
      read(
        await fetch(url + path, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: typeof body === 'string' ? body : JSON.stringify(body),
        }),
      ),
    get: async (path) => read(await fetch(url + path)),
    async close() {
      await app.close();
      await mock.close();
    },
  };
}

async function read(reply: Response): Promise<SampleReply> {
  const text = await reply.text();
  const { status, headers } = reply;
  const type = headers.get('content-type')?.split(';', 1)[0];
  return { status, headers, type, text, body: type?.endsWith('json') ? JSON.parse(text) : undefined };
}
