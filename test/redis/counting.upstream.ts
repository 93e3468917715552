import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Of all replies in this process: a client refuses a seqNo that it has seen before. */
let replies = 0;

/** An upstream that counts what it is paid for. It answers each call with a match, after a while or when told to. */
export class CountingUpstream {
  readonly #server: Server;
  readonly #held: ServerResponse[] = [];
  readonly #onCall: (() => void)[] = [];
  calls = 0;
  /** Calls by what was asked. */
  readonly #asked = new Map<string, number>();
  /** Whether calls wait for {@link answerAll}. */
  isHolding = false;

  private constructor() {
    this.#server = createServer((request, response) => {
      let asked = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (asked += chunk));
      request.once('end', () => {
        this.calls += 1;
        this.#asked.set(asked, (this.#asked.get(asked) ?? 0) + 1);
        this.#held.push(response);
        for (const called of this.#onCall.splice(0)) called();
        if (!this.isHolding) setTimeout(() => this.answerAll(), 5);
      });
    });
  }

  static async start(): Promise<CountingUpstream> {
    const upstream = new CountingUpstream();
    await new Promise<void>((resolve) => upstream.#server.listen(0, '127.0.0.1', resolve));
    return upstream;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** How many calls asked what an earlier one had asked. */
  get paidTwice(): number {
    return this.calls - this.#asked.size;
  }

  nextCall(): Promise<void> {
    return new Promise((resolve) => this.#onCall.push(resolve));
  }

  answerAll(): void {
    for (const response of this.#held.splice(0)) {
      // Of the documented shape. Random digits in any other shape agree with a number of the person by chance.
      const seqNo = `COUNTING${String((replies += 1)).padStart(10, '0')}`;
      response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
      response.end(JSON.stringify({ code: '10000', message: '成功', seqNo, data: { state: '1' } }));
    }
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
