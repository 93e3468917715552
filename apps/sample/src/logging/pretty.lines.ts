import type { DestinationStream } from 'pino';

const LEVELS: Readonly<Record<number, string>> = { 20: 'debug', 30: 'info ', 40: 'WARN ', 50: 'ERROR', 60: 'FATAL' };
/** Of a request, and of every line. The rest follows as `name=value`. */
const SHOWN = new Set(['level', 'time', 'msg', 'context', 'id', 'method', 'route', 'status', 'ms', 'finished']);

/** Formats one JSON line of the log for people: `17:03:11 info  POST /verifications 200 3.1 ms`. */
export function prettyLine(json: string): string {
  const fields = JSON.parse(json) as Record<string, unknown>;
  const { level, time, msg, context, method, route, status, ms, finished } = fields;
  const at = new Date(Number(time)).toTimeString().slice(0, 8);
  const what =
    msg === 'request'
      ? [method, route ?? '(no route)', status, `${String(ms)} ms`, ...(finished === false ? ['(caller gone)'] : [])]
      : [...(context === undefined ? [] : [`${text(context)}:`]), text(msg)];
  const rest = Object.entries(fields).filter(([name]) => !SHOWN.has(name));
  const more = rest.map(([name, value]) => `${name}=${text(value)}`);
  return [at, LEVELS[Number(level)] ?? text(level), ...what.map(text), ...more].join(' ');
}

const text = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

/** A destination of pino that writes for people. */
export function prettyLines(stream: { write(chunk: string): unknown }): DestinationStream {
  return { write: (json) => void stream.write(`${prettyLine(json)}\n`) };
}
