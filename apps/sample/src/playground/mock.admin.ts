import { BadGatewayException, Injectable } from '@nestjs/common';
import { SampleConfig } from '../config/sample.config.js';
import { chooseUpstream } from '../config/upstream.choice.js';

/** Speaks to the mock's admin API, as the owner of the AppCode whose calls it may change and look at. */
@Injectable()
export class MockAdmin {
  readonly #baseUrl: string;
  readonly #headers: Record<string, string>;

  constructor(config: SampleConfig) {
    const { baseUrl, appCode } = chooseUpstream(config);
    this.#baseUrl = baseUrl;
    this.#headers = { authorization: `APPCODE ${appCode}`, 'content-type': 'application/json' };
  }

  /** @param path behind `/__admin/` */
  async call(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<unknown> {
    const reply = await fetch(`${this.#baseUrl}/__admin/${path}`, {
      method,
      headers: this.#headers,
      // The mock loads its admin API when it is first asked for.
      signal: AbortSignal.timeout(10_000),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }).catch(() => undefined);
    // 502: the mock is away, or does not take what it was told. Nothing is wrong with the sample.
    if (!reply?.ok) throw new BadGatewayException();
    return reply.json();
  }
}
