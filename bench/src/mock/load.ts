import autocannon from 'autocannon';
import { PATH, QUESTION } from './reply.js';

/** The measurements of a load. */
export interface LoadResult {
  readonly requestsPerSecond: number;
  /** Latency of the 99th percentile, in milliseconds. */
  readonly p99Ms: number;
  readonly failures: number;
}

/** Sends the same request on fifty connections for a number of seconds. */
export async function load(port: number, seconds: number): Promise<LoadResult> {
  const result = await autocannon({
    url: `http://127.0.0.1:${port}${PATH}`,
    method: 'POST',
    connections: 50,
    duration: seconds,
    headers: { Authorization: 'APPCODE bench', 'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8' },
    body: QUESTION,
  });
  return {
    requestsPerSecond: result.requests.average,
    p99Ms: result.latency.p99,
    failures: result.non2xx + result.errors,
  };
}
