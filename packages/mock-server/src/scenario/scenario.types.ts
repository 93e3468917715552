import type { Billed, Described, GatewayRow, TransportFault, UpstreamErrorCategory } from '@identity-verify/contract';

/** The effect of a scenario on the reply. */
export type ScenarioEffect =
  | {
      readonly kind: 'reply';
      readonly code: string;
      readonly message: string;
      /** `data` of the reply; null if the vendor sends none. */
      readonly data: Readonly<Record<string, string>> | null;
    }
  | { readonly kind: 'gateway'; readonly row: GatewayRow }
  | { readonly kind: 'fault'; readonly fault: TransportFault };

/** A behaviour of the mock that can be selected by name, described in both languages. */
export interface Scenario extends Described {
  /** Stable name: `state-1`, `code-10007`, `gateway-quota-exhausted`, `fault-hang`. */
  readonly id: string;
  /** Other names of the scenario: `match`, `10007`, `quota-exhausted`, `hang`. */
  readonly aliases: readonly string[];
  readonly effect: ScenarioEffect;
  /** The category of the error in the contract; absent for answers, undocumented codes and faults. */
  readonly category?: UpstreamErrorCategory;
  /** The billing of the call. Count `unknown` as charged. */
  readonly billed: Billed;
  /** The reserved mobile that selects the scenario, if there is one. */
  readonly mobile?: string;
}
