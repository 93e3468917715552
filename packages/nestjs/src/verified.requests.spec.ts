import { TEST_POPULATION } from '@identity-verify/contract';
import { describe, expect, it } from '@jest/globals';
import type { ExecutionContext } from '@nestjs/common';
import type { Identity } from './identity/identity.check.js';
import {
  dropVerification,
  earlierVerification,
  noteVerification,
  verificationOf,
  verifiedIdentityOf,
} from './verified.requests.js';
import type { Verification } from './verification/verification.types.js';

const [person, stranger] = TEST_POPULATION;
const during = (type: string, ...args: unknown[]): ExecutionContext =>
  ({ getType: () => type, getArgs: () => args }) as never;
const verification = { outcome: 'match', source: 'upstream' } as Verification;
const note = (instance = 'default', who: Identity = person) => ({
  instance,
  verification,
  identity: who,
  tenant: undefined,
});

describe('a note is kept', () => {
  it.each<[string, ExecutionContext, ExecutionContext]>([
    ['by the request of HTTP', during('http', { a: 1 }, {}), during('http', { a: 1 }, {})],
    ['by the data of a message', during('rpc', { a: 1 }, { c: 1 }), during('rpc', { a: 1 }, { c: 1 })],
    ['by the context of a message whose data is a text', during('rpc', 'a', { c: 1 }), during('rpc', 'a', { c: 1 })],
    ['by the arguments of a GraphQL field', during('graphql', {}, { a: 1 }, {}, {}), during('graphql', {}, {}, {}, {})],
    ['by the reference that GraphQL resolves', during('graphql', { id: 1 }, {}, {}), during('graphql', {}, {}, {})],
    ['by the message of a WebSocket client', during('ws', {}, { a: 1 }), during('ws', {}, { a: 1 })],
  ])('%s', (_what, one, other) => {
    noteVerification(one, note());
    expect(verificationOf(one)).toBe(verification);
    expect(verificationOf(other)).toBeUndefined();
  });

  it.each<[string, readonly unknown[], readonly unknown[]]>([
    ['http', [1, 2], [1, 3]],
    ['rpc', [1, 2], [1, 3]],
    ['graphql', [2, 1, 3, 4], [5, 1, 6, 7]],
    ['graphql', [1, 2, 3], [1, 4, 5]],
    ['ws', [2, 1], [3, 1]],
  ])('for %s by one object alone', (type, args, again) => {
    const objects = new Map([...args, ...again].map((name) => [name, {}]));
    const contextOf = (names: readonly unknown[]) => during(type, ...names.map((name) => objects.get(name)));
    noteVerification(contextOf(args), note());
    expect(verificationOf(contextOf(again))).toBe(verification);
  });

  it.each<[string, ExecutionContext]>([
    ['a WebSocket message that is a text', during('ws', {}, 'a')],
    ['a message of a text alone', during('rpc', 'a')],
    ['a request that is null', during('http', null, { response: 1 })],
  ])('by nothing for %s', (_what, context) => {
    noteVerification(context, note());
    expect(verificationOf(context)).toBeUndefined();
    dropVerification(context, 'default');
    expect(verifiedIdentityOf(context)).toBeUndefined();
  });
});

describe('the notes of one request', () => {
  it('are one for each instance, the latest last', () => {
    const context = during('http', {});
    noteVerification(context, note('a'));
    noteVerification(context, note('b', stranger));
    expect(verifiedIdentityOf(context)?.mobile).toBe(stranger.mobile);
    expect(verifiedIdentityOf(context, 'a')?.mobile).toBe(person.mobile);
    noteVerification(context, note('a', stranger));
    expect(verifiedIdentityOf(context, 'a')?.mobile).toBe(stranger.mobile);
    dropVerification(context, 'a');
    expect(verificationOf(context, 'a')).toBeUndefined();
    expect(verificationOf(context, 'b')).toBe(verification);
  });

  it('may be dropped when there are none', () => {
    const context = during('http', {});
    dropVerification(context, 'a');
    expect(verificationOf(context)).toBeUndefined();
    expect(earlierVerification(context, 'a', person, undefined)).toBeUndefined();
  });
});

describe('an earlier answer', () => {
  const context = during('http', {});
  noteVerification(context, { ...note(), tenant: 'bank' });
  const ask = (who: object, tenant: unknown = 'bank') =>
    earlierVerification(context, 'default', { ...person, ...who }, tenant);

  it('serves the same question', () => {
    expect(ask({})).toBe(verification);
  });

  it.each([{ name: stranger.name }, { idCard: stranger.idCard }, { mobile: stranger.mobile }])(
    'does not serve another person: %j',
    (field) => {
      expect(ask(field)).toBeUndefined();
    },
  );

  it('without a tenant serves the same question without one', () => {
    const other = during('http', {});
    noteVerification(other, note());
    expect(earlierVerification(other, 'default', person, undefined)).toBe(verification);
  });

  it('does not serve another tenant or another instance', () => {
    expect(ask({}, 'shop')).toBeUndefined();
    expect(earlierVerification(context, 'default', person, undefined)).toBeUndefined();
    expect(earlierVerification(context, 'lending', person, 'bank')).toBeUndefined();
  });

  it('does not serve a tenant that is no text, not even the same one', () => {
    const tenant = { toString: () => 'bank' };
    const other = during('http', {});
    noteVerification(other, { ...note(), tenant });
    expect(earlierVerification(other, 'default', person, tenant)).toBeUndefined();
  });
});

describe('the verified identity', () => {
  it('has the fields of the person, which nothing lists', () => {
    const context = during('http', {});
    noteVerification(context, note());
    const verified = verifiedIdentityOf(context)!;
    const { name, idCard, mobile } = verified;
    expect({ name, idCard, mobile }).toEqual({ name: person.name, idCard: person.idCard, mobile: person.mobile });
    expect(Object.keys(verified)).toEqual(Object.keys(verification));
    expect({ ...verified }).toEqual(verification);
  });
});
