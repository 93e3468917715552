/**
 * fast-check with one seed for a whole run. In CI the seed is fixed, so that a build fails because of a change and not
 * by chance. Elsewhere every run has a seed of its own. `FAST_CHECK_SEED` sets it. Jest maps `fast-check` to this file.
 */
import fc, { configureGlobal } from '../node_modules/fast-check/lib/fast-check.js';

const CI_SEED = 20_261_125;
const { CI, FAST_CHECK_SEED } = process.env;
const seed = FAST_CHECK_SEED === undefined ? CI_SEED : Number(FAST_CHECK_SEED);
if (!Number.isSafeInteger(seed)) throw new Error(`FAST_CHECK_SEED must be an integer, got '${FAST_CHECK_SEED}'.`);

if (CI !== undefined || FAST_CHECK_SEED !== undefined) configureGlobal({ seed });

export * from '../node_modules/fast-check/lib/fast-check.js';
export default fc;
