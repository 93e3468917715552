import { checkIdentity } from './rules/identity.check.js';

const SHANGHAI_OFFSET_MS = 8 * 3_600_000;

/** Checks the three fields by the rules of the module. @param {object} entered */
export function check(entered) {
  const today = Number(new Date(Date.now() + SHANGHAI_OFFSET_MS).toISOString().slice(0, 10).replaceAll('-', ''));
  return checkIdentity(entered, { today });
}

/** Masks a person as the mock does. @param {{ name: string, idCard: string, mobile: string }} identity normalised */
export function masked({ name, idCard, mobile }) {
  return {
    name: `${Array.from(name)[0] ?? ''}*`,
    idCard: `${idCard.slice(0, 1)}*** … ***${idCard.slice(-1)}`,
    mobile: `${mobile.slice(0, 3)}******${mobile.slice(-2)}`,
  };
}

/** Returns whether a mobile is reserved for tests. @param {{ mobile: string }} identity normalised */
export const isReserved = ({ mobile }) => /^160000\d{5}$/.test(mobile);

/** Returns whether nobody alive can have this identity, so that the mock answers. */
export const isSynthetic = (identity) => isReserved(identity) && identity.idCard.slice(6, 14) === '19000101';
