import type { TransportFaultName } from '@identity-verify/contract';
import { FAULT_PLAYS } from '../faults/fault.table.js';
import type { Scenario } from './scenario.types.js';

/**
 * The HTTP status that reaches the client.
 *
 * @param wanted another of a gateway row's statuses
 * @returns null when a fault leaves none
 */
export function httpStatusOf({ effect }: Scenario, wanted?: number): number | null {
  if (effect.kind === 'gateway') return wanted ?? effect.row.statuses[0] ?? null;
  return effect.kind === 'fault' ? FAULT_PLAYS[effect.fault.name as TransportFaultName].httpStatus : 200;
}
