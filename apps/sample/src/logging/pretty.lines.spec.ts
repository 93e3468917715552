import { describe, expect, it } from '@jest/globals';
import { createLogger } from './pino.logger.js';
import { prettyLines } from './pretty.lines.js';

/** What a logger writes for people, line by line, without the time of day. */
function written(log: (logger: ReturnType<typeof createLogger>) => void): string[] {
  const lines: string[] = [];
  log(createLogger('debug', prettyLines({ write: (chunk) => lines.push(chunk) })));
  return lines.map((line) => line.replace(/^\d\d:\d\d:\d\d /, '').trimEnd());
}

describe('a log for people', () => {
  it('has the route, status and duration of a request, and says when the caller has gone', () => {
    const request = { msg: 'request', id: 'x', method: 'POST', route: '/verifications', status: 200, ms: 3.1 };
    expect(
      written((logger) => {
        logger.info({ ...request, finished: true });
        logger.info({ ...request, route: null, status: 404, finished: false });
      }),
    ).toEqual(['info  POST /verifications 200 3.1 ms', 'info  POST (no route) 404 3.1 ms (caller gone)']);
  });

  it('has level, context, message and every other field, redacted', () => {
    expect(written((logger) => logger.warn({ context: 'Ledger', msg: 'is slow', name: '测试甲', waits: [1] }))).toEqual(
      ['WARN  Ledger: is slow name=[redacted] waits=[1]'],
    );
  });
});
