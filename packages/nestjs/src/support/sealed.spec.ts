import { describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import { Sealed } from './sealed.js';

describe('Sealed', () => {
  const secret = new Sealed('do-not-print');

  it('is never printed', () => {
    for (const printed of [
      String(secret),
      // As in a template literal, which the types forbid.
      ''.concat(secret as unknown as string),
      JSON.stringify({ secret }),
      inspect({ secret }, { depth: 20, showHidden: true }),
      Object.keys(secret).join(),
    ]) {
      expect(printed).not.toContain('do-not-print');
    }
    expect(secret.open()).toBe('do-not-print');
  });
});
