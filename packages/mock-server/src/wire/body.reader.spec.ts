import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { SharedAllowance } from '../support/shared.allowance.js';
import { readBody, type ReadBody } from './body.reader.js';

const KEEP = 32;
const LIMIT = 100;

/** Reads a request whose body arrives in these chunks. */
function read(chunks: readonly Buffer[], allowance: SharedAllowance, declared?: number) {
  const request = Object.assign(new EventEmitter(), {
    headers: declared === undefined ? {} : { 'content-length': String(declared) },
  });
  const results: ReadBody[] = [];
  const limits = { keepBytes: KEEP, limitBytes: LIMIT, allowance };
  readBody(request as unknown as IncomingMessage, limits, (result) => results.push(result));
  return {
    results,
    /** The maximum number of bytes held at the same time. */
    send: () => chunks.reduce((most, chunk) => (request.emit('data', chunk), Math.max(most, allowance.used)), 0),
    end: () => request.emit('end'),
    leave: () => request.emit('close'),
  };
}

const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 20 }).map(Buffer.from), { maxLength: 12 });

describe('a body', () => {
  it('is joined from any chunks, is kept up to its limit, and releases its memory', () => {
    fc.assert(
      fc.property(chunks, fc.boolean(), (parts, isDeclared) => {
        const whole = Buffer.concat(parts);
        const allowance = new SharedAllowance(1000);
        const body = read(parts, allowance, isDeclared ? whole.length : undefined);
        expect(body.send()).toBeLessThanOrEqual(KEEP);
        body.end();
        const [result, ...more] = body.results;
        expect(more).toEqual([]);
        if (whole.length > LIMIT) expect(result).toEqual({ kind: 'too_long' });
        else if (whole.length > KEEP) expect(result).toEqual({ kind: 'dropped' });
        else expect(result?.kind === 'whole' && result.body.equals(whole)).toBe(true);
        expect(allowance.used).toBe(0);
      }),
    );
  });

  it('is refused before it arrives if its declared length is too long', () => {
    expect(read([], new SharedAllowance(1000), LIMIT + 1).results).toEqual([{ kind: 'too_long' }]);
  });

  it('is not kept at all if its declared length exceeds the limit', () => {
    const body = read([Buffer.alloc(KEEP)], new SharedAllowance(1000), KEEP + 1);
    expect(body.send()).toBe(0);
  });

  it('is refused as busy while all bodies together are too long', () => {
    const allowance = new SharedAllowance(2 * KEEP);
    const full = [Buffer.alloc(KEEP)];
    const open = [read(full, allowance), read(full, allowance), read(full, allowance)] as const;
    for (const body of open) body.send();
    expect(open.map(({ results }) => results)).toEqual([[], [], [{ kind: 'busy' }]]);
    open[0].leave();
    expect(allowance.used).toBe(KEEP);
    const next = read(full, allowance);
    next.send();
    next.end();
    expect(next.results).toMatchObject([{ kind: 'whole' }]);
  });
});
