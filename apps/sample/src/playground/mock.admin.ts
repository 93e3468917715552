import { Injectable } from '@nestjs/common';
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
      signal: AbortSignal.timeout(2_000),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!reply.ok) throw new Error(`The mock refused ${method} ${path.split('?', 1)[0]} with ${reply.status}`);
    return reply.json();
  }
}
