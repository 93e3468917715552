import type { AdminContext } from './admin.context.js';
import { cny } from './views.js';

/** Formats the counters of all namespaces as Prometheus text. Each namespace is labelled with its hash. */
export function metricsText({ namespaces, unattributed }: AdminContext): string {
  const states = [...namespaces.all()];
  const metric = (name: string, type: 'counter' | 'gauge', help: string, samples: readonly string[]) =>
    [
      `# HELP ${PREFIX}${name} ${help}`,
      `# TYPE ${PREFIX}${name} ${type}`,
      ...samples.map((s) => PREFIX + name + s),
    ].join('\n');
  const each = (value: (cost: (typeof states)[number]['journal']['cost']) => number | string) =>
    states.map((state) => `{namespace="${state.id}"} ${value(state.journal.cost)}`);

  return [
    metric(
      'calls_total',
      'counter',
      'Calls that arrived.',
      each(({ calls }) => calls),
    ),
    metric(
      'billed_calls_total',
      'counter',
      'Calls that were certainly charged.',
      each(({ billed }) => billed),
    ),
    metric(
      'unknown_calls_total',
      'counter',
      'Calls of unknown billing.',
      each(({ unknown }) => unknown),
    ),
    metric(
      'cny_total',
      'counter',
      'CNY certainly charged.',
      each(({ fen }) => cny(fen)),
    ),
    metric(
      'cny_at_most_total',
      'counter',
      'CNY with unknown calls counted as charged.',
      each(({ fenAtMost }) => cny(fenAtMost)),
    ),
    metric('unattributed_requests_total', 'counter', 'Requests without a valid credential or route.', [
      ` ${unattributed()}`,
    ]),
    metric('namespaces', 'gauge', 'Namespaces that are kept.', [` ${states.length}`]),
    metric('resident_memory_bytes', 'gauge', 'Memory of the process.', [` ${process.memoryUsage.rss()}`]),
    '',
  ].join('\n');
}

const PREFIX = 'identity_verify_mock_';
