import { describe, expect, it } from '@jest/globals';
import { UnknownScenarioError } from '../scenario/scenario.catalogue.js';
import { quotedName } from './quoted-name.js';

describe('an unknown name', () => {
  it.each(['mach', 'code-10070', 'callLeft', 'fault hang', ''])('is quoted: %j', (name) => {
    expect(quotedName(name)).toBe(JSON.stringify(name));
  });

  it('is truncated', () => {
    expect(quotedName('q'.repeat(70_000))).toHaveLength(66);
  });

  it.each(['110101190001010014', 'x-16000020001', '测试甲', 'a"b', 'a\nb'])('is hidden: %j', (name) => {
    expect(quotedName(name)).toBe('"***"');
    expect(new UnknownScenarioError(name).message).not.toContain(name);
  });
});
