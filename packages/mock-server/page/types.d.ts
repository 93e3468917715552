// The shapes of the admin API that the page reads. /openapi.json describes them in full.

/** Whether a call is paid for. */
export type Billed = 'yes' | 'no' | 'unknown';

/** A scenario of `GET scenarios`. */
export interface Scenario {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly kind: 'reply' | 'gateway' | 'fault';
  readonly description: string;
  readonly descriptionZh: string;
  readonly httpStatus: number | null;
  readonly code: string | null;
  readonly gatewayCode: string | null;
  readonly message: string | null;
  readonly data: Readonly<Record<string, string>> | null;
  readonly statuses: readonly number[];
  readonly billed: Billed;
  readonly mobile: string | null;
  readonly curl: string;
}

/** An entry of `GET journal`. */
export interface Call {
  readonly index: number;
  readonly at: string;
  readonly requestId: string;
  readonly seqNo: string | null;
  readonly channel: 'appcode' | 'signature' | 'key';
  readonly person: { readonly name: string; readonly idCard: string; readonly mobile: string } | null;
  readonly decidedBy: string;
  readonly scenario: string | null;
  readonly httpStatus: number | null;
  readonly code: string | null;
  readonly billed: Billed;
  readonly fen: number;
  readonly latencyMs: number;
}

/** The reply of `GET journal`. */
export interface Journal {
  readonly entries: readonly Call[];
  readonly next: number | null;
  readonly total: number;
  readonly evicted: number;
}

/** The settings of the latency. */
export type Latency =
  | { readonly kind: 'none' }
  | { readonly kind: 'fixed'; readonly ms: number }
  | { readonly kind: 'uniform'; readonly minMs: number; readonly maxMs: number }
  | { readonly kind: 'lognormal'; readonly medianMs: number; readonly sigma: number; readonly maxMs?: number };

/** The settings of the rate limits. */
export interface Throttle {
  readonly callsPerSecond?: number;
  readonly scope?: string;
  readonly httpStatus?: number;
  readonly sameParameter?: { readonly limit: number; readonly windowMs?: number };
}

/** The quota that is left. */
export interface Quota {
  readonly callsLeft: number | null;
  readonly balanceFen: number | null;
  readonly expiresAt: string | null;
  readonly answeredBy: 'vendor' | 'gateway';
  readonly unknownIsCharged: boolean;
}

/** The reply of `GET namespace`. */
export interface Namespace {
  readonly id: string;
  readonly queueLength: number;
  readonly rules: number;
  readonly cost: {
    readonly calls: number;
    readonly billed: number;
    readonly unknown: number;
    readonly fen: number;
    readonly fenAtMost: number;
  };
  readonly clock: { readonly now: string; readonly offsetMs: number };
  readonly quota: Quota;
  readonly throttle: Throttle;
  readonly latency: Latency;
}

/** An item of `GET namespaces`. */
export interface NamespaceInBrief {
  readonly id: string;
  readonly calls: number;
  readonly lastSeen: string | null;
  readonly now: string;
}

/** The reply of `GET namespaces`. */
export interface NamespaceList {
  readonly namespaces: readonly NamespaceInBrief[];
  readonly total: number;
  readonly applicationUrl: string | null;
}

/** An entry of the queue. */
export interface QueueEntry {
  readonly id: number;
  readonly scenario: string;
  readonly latencyMs: number | null;
  readonly httpStatus: number | null;
}

/** A rule, masked. */
export interface Rule {
  readonly id: number;
  readonly when: { readonly name?: string; readonly idCard?: string; readonly mobile?: string };
  readonly scenario: string;
  readonly latencyMs: number | null;
  readonly httpStatus: number | null;
  readonly hits: number;
}

/** The reply of `POST calls`. */
export interface SentCall {
  readonly httpStatus: number | null;
  readonly requestId: string | null;
  readonly decidedBy: string | null;
  readonly body: string;
  readonly failure: 'timeout' | 'connection' | null;
  readonly elapsedMs: number;
}

/** The reply of `POST verify`. */
export interface Verdict {
  readonly ok: boolean;
  readonly count: number;
  readonly message: string;
  readonly nearest: readonly {
    readonly index: number;
    readonly differences: readonly { readonly field: string; readonly expected: string; readonly actual: string }[];
  }[];
}

/** What the page knows about the open namespace. */
export interface View {
  readonly namespace: Namespace;
  readonly queue: readonly QueueEntry[];
  readonly rules: readonly Rule[];
}
