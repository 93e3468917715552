import { TEST_POPULATION } from '@identity-verify/contract';
import {
  IdentityVerifyGuard,
  REFUSAL_REASONS,
  REFUSAL_REASONS_ZH,
  RequireVerifiedIdentity,
  VerifiedIdentity,
  type Verification,
} from '@identity-verify/nestjs';
import type { FakeReply } from '@identity-verify/nestjs/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Injectable, Post, UnauthorizedException, UseGuards, type ExecutionContext } from '@nestjs/common';
import { ClientProxyFactory, Transport } from '@nestjs/microservices';
import { createServer, type AddressInfo } from 'node:net';
import { lastValueFrom } from 'rxjs';
import request from 'supertest';
import { startApplication, startMicroservice, type GuardedApplication, type Platform } from './guarded.application.js';

const [person, otherPerson] = TEST_POPULATION;

/** Seconds for which the default options hold back the account or the question: at least, at most. */
type Held = readonly [number, number];
const BY_QUOTA: Held = [300, 300];
const BY_ACCESS: Held = [60, 60];
const IN_DOUBT: Held = [54, 66];
const BLOCKED: Held = [3_240, 3_960];

/** Upstream reply, response status, code in the response body, and for how long it is held back. */
const ANSWERS: readonly (readonly [FakeReply, number, string | undefined, Held?])[] = [
  ['match', 201, undefined],
  ['mismatch', 403, 'IDV_DENIED'],
  ['no_record', 403, 'IDV_DENIED'],
  ['indeterminate', 403, 'IDV_DENIED'],
  ['unreachable', 503, 'IDV_CONNECT_FAILED'],
  ['connection_lost', 502, 'IDV_CONNECTION_LOST', IN_DOUBT],
  ['timeout', 504, 'IDV_TIMEOUT', IN_DOUBT],
  ['unreadable', 502, 'IDV_REPLY_UNREADABLE', IN_DOUBT],
  ['10002', 502, 'IDV_MALFORMED_REQUEST'],
  ['10005', 503, 'IDV_AUTHENTICATION', BY_ACCESS],
  ['10006', 503, 'IDV_AUTHORIZATION', BY_ACCESS],
  ['10007', 422, 'IDV_UPSTREAM_INVALID_INPUT'],
  ['10009', 503, 'IDV_QUOTA', BY_QUOTA],
  ['10012', 504, 'IDV_UPSTREAM_TIMEOUT', IN_DOUBT],
  ['10013', 503, 'IDV_DISABLED', BY_ACCESS],
  ['10015', 502, 'IDV_UPSTREAM_FAILURE', IN_DOUBT],
  ['10017', 503, 'IDV_BUSY'],
  ['10018', 502, 'IDV_UNCLASSIFIED', IN_DOUBT],
  ['10019', 429, 'IDV_SAME_PARAMETER_LIMIT', BLOCKED],
];
const DENIED = {
  type: 'urn:identity-verify:denied',
  title: 'The identity could not be verified',
  status: 403,
  code: 'IDV_DENIED',
};

let running: GuardedApplication | undefined;
const start = async (...setup: Parameters<typeof startApplication>) => (running = await startApplication(...setup));
afterEach(async () => {
  await running?.app.close();
  running = undefined;
});
const post = ({ app }: GuardedApplication, path: string, body: object = person) =>
  request(app.getHttpServer() as never)
    .post(path)
    .send(body);

describe.each<Platform>(['express', 'fastify'])('on %s', (platform) => {
  it.each(ANSWERS)('%s → %i %s', async (...[reply, status, code, held]) => {
    const running = await start(platform);
    running.upstream.verifyReturns(reply);
    const { status: seen, body, headers } = await post(running, '/enrolments');
    expect([seen, body.code]).toEqual([status, code]);
    running.upstream.expectCalls(1);
    expect(JSON.stringify([body, headers])).not.toMatch(new RegExp(Object.values(person).join('|')));
    if (status === 201) expect(body).toEqual({ outcome: 'match' });
    else expect(headers['content-type']).toMatch(/^application\/problem\+json/);
    if (status === 403) expect(body).toEqual(DENIED);
    const { retryAfter } = body;
    expect(headers['retry-after']).toBe(held && String(retryAfter));
    if (held) expect([retryAfter >= held[0], retryAfter <= held[1]]).toEqual([true, true]);
    const retry = held && { retryAfter };
    if (status >= 500)
      expect(body).toEqual({ type: `urn:identity-verify:${code}`, title: expect.any(String), status, code, ...retry });
  });

  it('names the invalid fields, and makes no call', async () => {
    const running = await start(platform);
    const { status, body } = await post(running, '/enrolments', { ...person, mobile: '123' });
    expect(status).toBe(422);
    expect(body.violations).toEqual([
      {
        field: 'mobile',
        reason: 'mobile_format',
        message: REFUSAL_REASONS.mobile_format,
        messageZh: REFUSAL_REASONS_ZH.mobile_format,
      },
    ]);
    expect((await post(running, '/enrolments', {})).status).toBe(422);
    running.upstream.expectCalls(0);
  });

  it('sends Retry-After', async () => {
    const running = await start(platform);
    running.upstream.verifyReturns('timeout');
    await post(running, '/enrolments');
    const { status, body, headers } = await post(running, '/enrolments');
    expect([status, body.code, headers['retry-after'], body.retryAfter]).toEqual([
      503,
      'IDV_IN_DOUBT',
      expect.stringMatching(/^\d+$/),
      expect.any(Number),
    ]);
    running.upstream.expectCalls(1);
  });

  it('answers with application/json when the client accepts nothing else', async () => {
    const running = await start(platform);
    running.upstream.verifyReturns('mismatch');
    const { headers } = await post(running, '/enrolments').set('Accept', 'application/json');
    expect(headers['content-type']).toMatch(/^application\/json/);
  });

  it('answers with the same status without the filter', async () => {
    const running = await start(platform, { filter: false });
    running.upstream.verifyReturns('mismatch', 'timeout');
    expect((await post(running, '/enrolments')).body).toEqual(DENIED);
    expect((await post(running, '/enrolments', otherPerson)).body).toMatchObject({ status: 504, code: 'IDV_TIMEOUT' });
  });

  it('lets the outcomes accepted by the route through', async () => {
    const running = await start(platform);
    running.upstream.verifyReturns('no_record', 'mismatch');
    expect((await post(running, '/lenient')).body).toEqual({ outcome: 'no_record' });
    expect((await post(running, '/lenient', otherPerson)).status).toBe(403);
  });

  it("lets a request through without an answer only with `onUnavailable: 'allow'`, and never with invalid input", async () => {
    const running = await start(platform);
    running.upstream.verifyReturns('unreachable');
    expect((await post(running, '/open')).body).toEqual({ outcome: 'unverified' });
    expect((await post(running, '/open', { ...person, name: '' })).status).toBe(422);
    running.upstream.verifyReturns('mismatch');
    expect((await post(running, '/open', otherPerson)).status).toBe(403);
  });

  it("refuses a request over the subject limit even with `onUnavailable: 'allow'`", async () => {
    const running = await start(platform, {
      options: { subjectLimit: { perIdNumber: 5, perMobile: 5, windowMs: 86_400_000 } },
    });
    const guess = (n: number) => ({ ...person, mobile: `1600002${String(1_000 + n)}` });
    running.upstream.verifyReturns('mismatch');
    for (let n = 0; n < 5; n++) expect((await post(running, '/open', guess(n))).status).toBe(403);
    const { status, body } = await post(running, '/open', guess(5));
    expect([status, body.code]).toEqual([429, 'IDV_SUBJECT_LIMIT']);
    running.upstream.expectCalls(5);
  });

  it('refuses an exhausted budget and a question in doubt even with `onUnavailable: allow`', async () => {
    const running = await start(platform, { options: { budget: { callsPerDay: 1 } } });
    running.upstream.verifyReturns('timeout');
    expect((await post(running, '/open')).body).toEqual({ outcome: 'unverified' });
    expect((await post(running, '/open')).body.code).toBe('IDV_IN_DOUBT');
    expect((await post(running, '/open', otherPerson)).body.code).toBe('IDV_BUDGET_EXHAUSTED');
  });

  it('uses the instance named by the route', async () => {
    const running = await start(platform);
    running.lending.verifyReturns('mismatch');
    expect((await post(running, '/loans')).status).toBe(403);
    running.upstream.expectCalls(0);
    running.lending.expectCalls(1);
  });

  it('takes the identity from the `from` option of the route', async () => {
    const running = await start(platform);
    expect((await post(running, '/nested', { person })).body).toEqual({ outcome: 'match' });
    expect((await post(running, '/nested', {})).status).toBe(422);
  });

  it('lets method options override class options', async () => {
    const running = await start(platform);
    running.upstream.verifyReturns('mismatch');
    expect((await post(running, '/class/inherits')).status).toBe(403);
    expect((await post(running, '/class/overrides')).body).toEqual({ outcome: 'mismatch' });
    expect((await post(running, '/class/skips', {})).body).toEqual({ outcome: 'unverified' });
    expect((await post(running, '/skipped/required')).status).toBe(403);
    expect((await request(running.app.getHttpServer() as never).get('/skipped')).status).toBe(200);
    expect((await post(running, '/unguarded', {})).status).toBe(201);
  });

  it('works as a global guard, and asks once on a route with its own guard', async () => {
    const running = await start(platform, { globalGuard: true });
    expect((await post(running, '/unguarded', {})).status).toBe(422);
    expect((await post(running, '/unguarded')).body).toEqual({ outcome: 'match' });
    expect((await post(running, '/enrolments', otherPerson)).body).toEqual({ outcome: 'match' });
    expect((await post(running, '/class/skips', {})).status).toBe(201);
    running.upstream.expectCalls(2);
  });

  it('can be subclassed', async () => {
    @Injectable()
    class HeaderGuard extends IdentityVerifyGuard {
      protected override extractIdentity(context: ExecutionContext): unknown {
        const { headers } = context.switchToHttp().getRequest<{ headers: Record<string, string> }>();
        return JSON.parse(decodeURIComponent(headers['x-identity'] ?? '{}')) as unknown;
      }
      protected override tenantOf(context: ExecutionContext): string | undefined {
        return context.switchToHttp().getRequest<{ headers: Record<string, string> }>().headers['x-tenant'];
      }
      protected override denied(): Error {
        return new UnauthorizedException('no');
      }
    }
    @Controller()
    class HeaderController {
      @UseGuards(HeaderGuard)
      @Post('header')
      handle(@VerifiedIdentity() verified: Verification) {
        return { outcome: verified.outcome };
      }
    }
    const tenants: string[] = [];
    const running = await start(platform, {
      controllers: [HeaderController],
      options: { tenants: (tenant) => (tenants.push(tenant), { credentials: { appCode: 'of-tenant' } }) },
    });
    const ask = () =>
      post(running, '/header')
        .set('X-Identity', encodeURIComponent(JSON.stringify(person)))
        .set('X-Tenant', 'bank');
    expect((await ask()).body).toEqual({ outcome: 'match' });
    expect(tenants).toEqual(['bank']);
    running.upstream.reset();
    running.upstream.verifyReturns('mismatch');
    const { status } = await post(running, '/header').set(
      'X-Identity',
      encodeURIComponent(JSON.stringify(otherPerson)),
    );
    expect(status).toBe(401);
  });
});

describe('over GraphQL', () => {
  const mutation = 'mutation($identity: IdentityInput!) { enrol(identity: $identity) { outcome } }';
  const enrol = ({ app }: GuardedApplication, identity: object = person) =>
    request(app.getHttpServer() as never)
      .post('/graphql')
      .send({ query: mutation, variables: { identity } });

  it.each(ANSWERS)('%s', async (reply, status, code) => {
    const running = await start('express', { graphql: true });
    running.upstream.verifyReturns(reply);
    const { body } = await enrol(running);
    if (status === 201) expect(body).toEqual({ data: { enrol: { outcome: 'match' } } });
    else {
      expect(body.data).toBeNull();
      expect(body.errors).toHaveLength(1);
      const { message, extensions } = body.errors[0] as { message: string; extensions: { originalError?: object } };
      expect(JSON.stringify(extensions)).toContain(code);
      expect(message).not.toBe('');
      expect(JSON.stringify(body)).not.toMatch(new RegExp(Object.values(person).join('|')));
    }
    running.upstream.expectCalls(1);
  });
});

describe('over TCP', () => {
  it.each(ANSWERS)('%s', async (reply, status, code) => {
    const port = await freePort();
    running = await startMicroservice(port);
    const client = ClientProxyFactory.create({ transport: Transport.TCP, options: { host: '127.0.0.1', port } });
    try {
      running.upstream.verifyReturns(reply);
      const answered = lastValueFrom(client.send<unknown>('enrol', person)).then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      );
      const seen = await answered;
      if (status === 201) expect(seen).toEqual({ value: { outcome: 'match' } });
      else if (status === 403) expect(seen).toEqual({ error: DENIED });
      else expect(seen).toEqual({ error: expect.objectContaining({ status, code }) });
      running.upstream.expectCalls(1);
    } finally {
      await client.close();
    }
  });
});

describe('a denial', () => {
  it('takes at least denialFloorMs, whatever the outcome', async () => {
    @Controller()
    class FloorController {
      @RequireVerifiedIdentity()
      @Post('floor')
      handle() {
        return {};
      }
    }
    const running = await start('express', { controllers: [FloorController], options: { denialFloorMs: 60_000 } });
    running.upstream.verifyReturns('mismatch');
    let answered = false;
    const denial = post(running, '/floor').then((response) => {
      answered = true;
      return response;
    });
    const { clock } = running;
    while (clock.pending === 0) await clock.advance(0);
    clock.jump(3_600_000); // setting the wall clock does not shorten the floor
    await clock.advance(59_999);
    expect(answered).toBe(false);
    await clock.advance(1);
    expect((await denial).status).toBe(403);
    expect(clock.pending).toBe(0);
  });

  it('leaves no timer behind when there is no denial', async () => {
    const running = await start('express', { options: { denialFloorMs: 60_000 } });
    expect((await post(running, '/enrolments')).status).toBe(201);
    expect((await post(running, '/enrolments', {})).status).toBe(422);
    expect(running.clock.pending).toBe(0);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
