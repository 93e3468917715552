import { describe, expect, it } from '@jest/globals';
import { GATEWAY_ANSWERS, RESPONSE_CODES, STATES, TEST_MOBILES, TRANSPORT_FAULTS } from '@identity-verify/contract';
import {
  SCENARIOS,
  UnknownScenarioError,
  findScenario,
  requireScenario,
  scenarioOfMobile,
} from './scenario.catalogue.js';

describe('the scenario catalogue', () => {
  it('has exactly one scenario for every code, state, gateway row and fault of the contract', () => {
    const ids = SCENARIOS.map(({ id }) => id);
    const wanted = [
      ...RESPONSE_CODES.filter((row) => row.kind !== 'by_state').map(({ code }) => `code-${code}`),
      ...STATES.map(({ state }) => `state-${state}`),
      ...GATEWAY_ANSWERS.map(({ id }) => `gateway-${id}`),
      ...TRANSPORT_FAULTS.map(({ name }) => `fault-${name}`),
    ];
    expect(ids).toEqual(expect.arrayContaining(wanted));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('gives every reserved mobile the scenario of the contract', () => {
    const told = TEST_MOBILES.map(({ mobile }) => [mobile, scenarioOfMobile(mobile)?.id]);
    const meant = TEST_MOBILES.map(({ mobile, scenario: s }) => {
      if (s.kind === 'state') return [mobile, `state-${s.state ?? 'null'}`];
      if (s.kind === 'code') return [mobile, `code-${s.code}`];
      return s.kind === 'gateway' ? [mobile, `gateway-${s.rowId}`] : [mobile, `fault-${s.fault}`];
    });
    expect(told).toEqual(meant);
  });

  it('never lets an alias point to two scenarios or hide an id', () => {
    const aliases = SCENARIOS.flatMap((scenario) => scenario.aliases);
    expect(new Set(aliases).size).toBe(aliases.length);
    for (const scenario of SCENARIOS) expect(findScenario(scenario.id)).toBe(scenario);
  });

  it('finds scenarios by their common names', () => {
    const ids = ['match', 'mismatch', 'no-record', '10007', 'quota-exhausted', 'hang'].map(
      (name) => findScenario(name)?.id,
    );
    expect(ids).toEqual(['state-1', 'state-2', 'code-10001', 'code-10007', 'gateway-quota-exhausted', 'fault-hang']);
  });

  it('suggests similar names for an unknown name', () => {
    expect(() => requireScenario('mach')).toThrow(UnknownScenarioError);
    expect(() => requireScenario('mach')).toThrow(/Did you mean "match"/);
    expect(() => requireScenario('10070')).toThrow(/"10007"/);
    expect(() => requireScenario('q'.repeat(70_000))).toThrow(/lists them all/);
  });
});
