import { ANY_TEXT, type EchoDetector } from './echo.detector.js';

/** The documented shape of a seqNo. */
const DOCUMENTED_SEQ_NO = /^[0-9A-Z]{8}\d{10}$/;
const OTHER_SEQ_NO = /^(?=.*[0-9A-Za-z])[0-9A-Za-z._-]{1,64}$/;
const UUID = /^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/;
const CODE = /^[0-9A-Za-z_-]{1,32}$/;

/**
 * A seqNo that can be passed on: one of the documented shape, or one of letters, digits, `.`, `_` and `-` that repeats
 * nothing of the person. The documented shape ends in ten digits, which may agree with a mobile in a few; eight in a row
 * are no coincidence.
 */
export function readSeqNo(seqNo: string | undefined, echo: EchoDetector): string | undefined {
  if (seqNo === undefined) return undefined;
  if (DOCUMENTED_SEQ_NO.test(seqNo)) return echo.isEchoInId(seqNo, { length: 8, nonZero: 5 }) ? undefined : seqNo;
  return OTHER_SEQ_NO.test(seqNo) && !echo.isEcho(seqNo) ? seqNo : undefined;
}

/** A request id that can be passed on: a UUID, as the gateway makes them, that repeats nothing of the person. */
export function readRequestId(requestId: string | undefined, echo: EchoDetector): string | undefined {
  return requestId !== undefined && UUID.test(requestId) && !echo.isEchoInId(requestId, ANY_TEXT)
    ? requestId
    : undefined;
}

/** What an unknown response code may be called: itself, where it has the shape of a code and repeats nothing of the person. */
export function readCode(code: string, echo: EchoDetector): string {
  return CODE.test(code) && !echo.isEcho(code) ? code : 'unprintable';
}
