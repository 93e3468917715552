import type { Billed, GatewayRow, TransportFault, UpstreamErrorCategory } from '@identity-verify/contract';

/** What a scenario does to the reply. */
export type ScenarioEffect =
  | {
      readonly kind: 'reply';
      readonly code: string;
      readonly message: string;
      /** `data` of the reply; `null` where the vendor sends none. */
      readonly data: Readonly<Record<string, string>> | null;
    }
  | { readonly kind: 'gateway'; readonly row: GatewayRow }
  | { readonly kind: 'fault'; readonly fault: TransportFault };

/** One thing that the mock can do, by name. */
export interface Scenario {
  /** Stable name: `state-1`, `code-10007`, `gateway-quota-exhausted`, `fault-hang`. */
  readonly id: string;
  /** Other names that mean the same: `match`, `10007`, `quota-exhausted`, `hang`. */
  readonly aliases: readonly string[];
  /** One sentence of English. */
  readonly description: string;
  readonly effect: ScenarioEffect;
  /** The category of the error in the contract; absent for answers, undocumented codes and faults. */
  readonly category?: UpstreamErrorCategory;
  /** Whether the vendor charges for it; `unknown` is counted as spent by whoever is careful. */
  readonly billed: Billed;
  /** The reserved mobile that asks for it; absent where there is none. */
  readonly mobile?: string;
}
