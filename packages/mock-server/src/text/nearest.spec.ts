import { describe, expect, it } from '@jest/globals';
import { nearest } from './nearest.js';

describe('nearest', () => {
  it('returns at most three names, most similar first', () => {
    expect(nearest('prot', ['host', 'port', 'seed', 'tls'])).toEqual(['port', 'host']);
    expect(nearest('tims', ['times', 'time', 'dims', 'rims', 'aims'])).toHaveLength(3);
  });

  it('finds a name by a part of it', () => {
    expect(nearest('quota', ['gateway-quota-exhausted', 'fault-hang'])).toEqual(['gateway-quota-exhausted']);
  });

  it('returns nothing if no name is similar', () => {
    expect(nearest('zzzzzzzz', ['port', 'host'])).toEqual([]);
  });
});
