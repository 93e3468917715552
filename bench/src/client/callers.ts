import { ENDPOINT, TEST_POPULATION } from '@identity-verify/contract';
import {
  IdentityVerifyModule,
  IdentityVerifyService,
  type Identity,
  type UpstreamTransport,
} from '@identity-verify/nestjs';
import { HttpModule, HttpService } from '@nestjs/axios';
import { NestFactory } from '@nestjs/core';
import http from 'node:http';
import { firstValueFrom } from 'rxjs';
import { Agent, request } from 'undici';

/** One way to call the upstream. */
export interface Caller {
  readonly name: string;
  /** Calls once; true for a match. */
  ask(identity: Identity): Promise<boolean>;
  close(): Promise<void>;
}

const APP_CODE = 'bench';
const HEADERS = { Authorization: `${ENDPOINT.authorizationScheme} ${APP_CODE}`, 'Content-Type': ENDPOINT.contentType };
const form = ({ name, idCard, mobile }: Identity) => new URLSearchParams({ name, idcard: idCard, mobile }).toString();

interface Reply {
  readonly code: string;
  readonly data: { readonly state: string } | null;
}
const isMatch = ({ code, data }: Reply) => code === '10000' && data?.state === '1';

/** A new person on each call: the name varies, the rest is a test person's. */
export function nobody(n: number): Identity {
  const [{ idCard, mobile }] = TEST_POPULATION;
  const han = (i: number) => String.fromCodePoint(0x4e00 + (i % 20_000));
  return { name: `测${han(n)}${han(Math.floor(n / 20_000))}`, idCard, mobile };
}

/** This module, as an application imports it; every question is new. */
export async function openModule(
  baseUrl: string,
  name = 'IdentityVerifyService, default transport',
  transport?: UpstreamTransport,
): Promise<Caller & { readonly service: IdentityVerifyService }> {
  const app = await NestFactory.createApplicationContext(
    IdentityVerifyModule.forRoot({
      baseUrl,
      credentials: { appCode: APP_CODE },
      pepper: 'a pepper for benchmarks, nothing else',
      subjectLimit: false,
      transport,
    }),
    { logger: false },
  );
  const service = app.get(IdentityVerifyService);
  return {
    name,
    service,
    ask: async (identity) => (await service.verify(identity, { maxAgeMs: 0 })).outcome === 'match',
    close: () => app.close(),
  };
}

async function openHttpService(
  name: string,
  config: object,
  baseUrl: string,
  read: (data: unknown) => Reply,
): Promise<Caller> {
  const app = await NestFactory.createApplicationContext(HttpModule.register(config), { logger: false });
  const service = app.get(HttpService);
  return {
    name,
    ask: async (identity) => {
      const { data } = await firstValueFrom(
        service.post<unknown>(baseUrl + ENDPOINT.path, form(identity), { headers: HEADERS }),
      );
      return isMatch(read(data));
    },
    close: () => app.close(),
  };
}

/** The code of most applications. */
export function openBareHttpService(baseUrl: string): Promise<Caller> {
  return openHttpService('HttpService, axios defaults', {}, baseUrl, (data) => data as Reply);
}

/** The same with the settings that this module pins, and none of its other work. */
export async function openPinnedHttpService(baseUrl: string): Promise<Caller> {
  const httpAgent = new http.Agent({ keepAlive: true, maxSockets: 64, timeout: 4_000 });
  const pins = {
    httpAgent,
    maxRedirects: 0,
    proxy: false,
    decompress: false,
    responseType: 'arraybuffer',
    maxContentLength: 65_536,
    timeout: 0,
  };
  const caller = await openHttpService(
    'HttpService, pinned',
    pins,
    baseUrl,
    (data) => JSON.parse(String(data)) as Reply,
  );
  return {
    ...caller,
    close: async () => {
      await caller.close();
      httpAgent.destroy();
    },
  };
}

/** Node's own client, without a library. */
export function openNodeHttp(baseUrl: string): Caller {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 64, timeout: 4_000 });
  const url = new URL(ENDPOINT.path, baseUrl);
  return {
    name: 'node:http',
    ask: (identity) =>
      new Promise((resolve, reject) => {
        const asked = http.request(url, { method: 'POST', headers: HEADERS, agent }, (reply) => {
          const chunks: Buffer[] = [];
          reply
            .on('data', (chunk: Buffer) => chunks.push(chunk))
            .on('end', () => resolve(isMatch(JSON.parse(Buffer.concat(chunks).toString()) as Reply)))
            .on('error', reject);
        });
        asked.on('error', reject).end(form(identity));
      }),
    close: async () => agent.destroy(),
  };
}

/** The fastest client for Node. */
export function openUndici(baseUrl: string): Caller {
  const dispatcher = new Agent({ connections: 64 });
  return {
    name: 'undici',
    ask: async (identity) => {
      const { body } = await request(baseUrl + ENDPOINT.path, {
        method: 'POST',
        headers: HEADERS,
        body: form(identity),
        dispatcher,
      });
      return isMatch((await body.json()) as Reply);
    },
    close: () => dispatcher.close(),
  };
}
