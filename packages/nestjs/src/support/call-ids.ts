/** The ids by which the vendor (`seqNo`) and its gateway (`requestId`) find a call, as far as there are any. */
export interface CallIds {
  readonly seqNo?: string | undefined;
  readonly requestId?: string | undefined;
}

/** Adds the ids that there are to a new object. By assignment: conditional spreads cost more than the rest of an answer. */
export function withIds<T extends object>(target: T, { seqNo, requestId }: CallIds) {
  const named: T & { seqNo?: string; requestId?: string } = target;
  if (seqNo !== undefined) named.seqNo = seqNo;
  if (requestId !== undefined) named.requestId = requestId;
  return named;
}
