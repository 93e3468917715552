import { TEST_POPULATION } from '@identity-verify/contract';
import { describe, expect, it } from '@jest/globals';
import { createLogger, PinoLogger } from './pino.logger.js';

const [person] = TEST_POPULATION;

/** A logger and the lines that it wrote. */
function captured() {
  const lines: string[] = [];
  const logger = createLogger('debug', { write: (line: string) => void lines.push(line) });
  return { logger, nest: new PinoLogger(logger), lines };
}

describe('the log', () => {
  it('writes Nest’s messages as JSON with their context', () => {
    const { nest, lines } = captured();
    nest.warn('Something happened', 'Somewhere');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 40, context: 'Somewhere', msg: 'Something happened' });
  });

  it.each([
    ['an identity', person],
    ['an identity in an object', { identity: person }],
    ['an identity at any depth', { request: { body: { people: [person] } } }],
    ['credentials', { headers: { authorization: 'APPCODE secret-of-the-account' }, appCode: 'secret-of-the-account' }],
  ])('redacts %s that is logged by mistake', (_what, value) => {
    const { logger, nest, lines } = captured();
    logger.info(value);
    nest.error(value, 'stack', 'Somewhere');
    const text = lines.join('\n');
    expect(text).toContain('[redacted]');
    for (const secret of [...Object.values(person), 'secret-of-the-account']) expect(text).not.toContain(secret);
  });
});
