import { BadGatewayException, Injectable } from '@nestjs/common';
import { SampleConfig } from '../config/sample.config.js';
import { chooseUpstream } from '../config/upstream.choice.js';

/** A client of the mock's admin API. It uses the AppCode of the sample, whose namespace it changes and reads. */
@Injectable()
export class MockAdmin {
  readonly #baseUrl: string;
  readonly #headers: Record<string, string>;

  constructor(config: SampleConfig) {
    const { baseUrl, appCode } = chooseUpstream(config);
    this.#baseUrl = baseUrl;
    this.#headers = { authorization: `APPCODE ${appCode}`, 'content-type': 'application/json' };
  }

  /** Where the mock listens, and its page is. */
  get url(): string {
    return this.#baseUrl;
  }

  /** @param path the path after `/__admin/` */
  async call(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<unknown> {
    const reply = await fetch(`${this.#baseUrl}/__admin/${path}`, {
      method,
      headers: this.#headers,
      // The mock loads its admin API on first use, which takes time.
      signal: AbortSignal.timeout(10_000),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }).catch(() => undefined);
    // 502: the mock is unreachable or refused the request.
    if (!reply?.ok) throw new BadGatewayException();
    return reply.json();
  }
}
