import { describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import { PrivateStamp } from './private.stamp.js';

describe('PrivateStamp', () => {
  const targets: [string, () => object][] = [
    ['an object', () => ({ a: 1 })],
    ['an object without a prototype', () => Object.create(null) as object],
    ['a frozen object', () => Object.freeze({ a: 1 })],
    ['a proxy', () => new Proxy({ a: 1 }, {})],
    ['an array', () => [1]],
  ];

  it.each(targets)('keeps the latest value on %s', (_what, make) => {
    const stamp = new PrivateStamp<string>();
    const [target, other] = [make(), make()];
    expect(stamp.get(target)).toBeUndefined();
    stamp.set(target, 'first');
    stamp.set(target, 'second');
    expect([stamp.get(target), stamp.get(other)]).toEqual(['second', undefined]);
  });

  it('keeps its values apart from those of another stamp', () => {
    const target = {};
    const [one, two] = [new PrivateStamp<string>(), new PrivateStamp<string>()];
    one.set(target, 'one');
    expect(two.get(target)).toBeUndefined();
    two.set(target, 'two');
    expect([one.get(target), two.get(target)]).toEqual(['one', 'two']);
  });

  it('keeps a value that was set before the object was frozen', () => {
    const stamp = new PrivateStamp<string>();
    const target = {};
    stamp.set(target, 'first');
    Object.freeze(target);
    stamp.set(target, 'second');
    expect(stamp.get(target)).toBe('second');
  });

  it.each(targets)('shows nothing on %s', (_what, make) => {
    const [target, bare] = [make(), make()];
    new PrivateStamp<string>().set(target, 'hidden');
    const shown = (value: object) => [
      inspect(value, { showHidden: true, depth: 9, showProxy: true }),
      JSON.stringify(value),
      Reflect.ownKeys(value),
      structuredClone({ ...value }),
    ];
    expect(shown(target)).toEqual(shown(bare));
  });
});
