import type { TransportFaultName } from '@identity-verify/contract';
import { CONNECTION_FAULTS } from './connection.faults.js';
import type { FaultPlay } from './fault.types.js';
import { REPLY_FAULTS } from './reply.faults.js';

/** The implementation of every fault of the contract. A missing fault is a compile error. */
export const FAULT_PLAYS: Readonly<Record<TransportFaultName, FaultPlay>> = { ...CONNECTION_FAULTS, ...REPLY_FAULTS };
