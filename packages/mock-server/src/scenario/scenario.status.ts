import type { TransportFaultName } from '@identity-verify/contract';
import { FAULT_PLAYS } from '../faults/fault.table.js';
import type { Scenario } from './scenario.types.js';

/**
 * Returns the HTTP status that the client receives.
 *
 * @param wanted another status of a gateway row
 * @returns null if a fault sends none
 */
export function httpStatusOf({ effect }: Scenario, wanted?: number): number | null {
  if (effect.kind === 'gateway') return wanted ?? effect.row.statuses[0] ?? null;
  return effect.kind === 'fault' ? FAULT_PLAYS[effect.fault.name as TransportFaultName].httpStatus : 200;
}
