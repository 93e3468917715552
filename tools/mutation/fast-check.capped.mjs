/**
 * fast-check with one seed and few runs, for mutation tests: a property is run for hundreds of mutants, and nearly every
 * mutant that it kills fails in the first runs. Jest maps `fast-check` to this file.
 */
import fc, { assert as play, configureGlobal } from '../../node_modules/fast-check/lib/fast-check.js';

const MOST_RUNS = 25;
configureGlobal({ seed: 20_261_125 });

const assert = (property, parameters) =>
  play(property, { ...parameters, numRuns: Math.min(parameters?.numRuns ?? 100, MOST_RUNS) });

export * from '../../node_modules/fast-check/lib/fast-check.js';
export { assert };
export default { ...fc, assert };
