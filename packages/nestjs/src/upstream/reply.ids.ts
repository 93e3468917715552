import { ANY_TEXT, type EchoDetector } from './echo.detector.js';

/** The documented shape of a seqNo. */
const DOCUMENTED_SEQ_NO = /^[0-9A-Z]{8}\d{10}$/;
const OTHER_SEQ_NO = /^(?=.*[0-9A-Za-z])[0-9A-Za-z._-]{1,64}$/;
const UUID = /^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/;
const CODE = /^[0-9A-Za-z_-]{1,32}$/;

/**
 * Returns a seqNo that is safe to pass on: one of the documented shape, or one of letters, digits, `.`, `_` and `-`
 * that repeats no personal data. The documented shape ends in ten digits. A few may agree with a mobile by coincidence;
 * eight in a row do not.
 */
export function readSeqNo(seqNo: string | undefined, echo: EchoDetector): string | undefined {
  if (seqNo === undefined) return undefined;
  if (DOCUMENTED_SEQ_NO.test(seqNo)) return echo.isEchoInId(seqNo, { length: 8, nonZero: 5 }) ? undefined : seqNo;
  return OTHER_SEQ_NO.test(seqNo) && !echo.isEcho(seqNo) ? seqNo : undefined;
}

/** Returns a request id that is safe to pass on: a UUID, as the gateway makes them, that repeats no personal data. */
export function readRequestId(requestId: string | undefined, echo: EchoDetector): string | undefined {
  return requestId !== undefined && UUID.test(requestId) && !echo.isEchoInId(requestId, ANY_TEXT)
    ? requestId
    : undefined;
}

/**
 * Returns a name for an unknown response code: the code itself, if it has the shape of a code and repeats no personal
 * data.
 */
export function readCode(code: string, echo: EchoDetector): string {
  return CODE.test(code) && !echo.isEcho(code) ? code : 'unprintable';
}
