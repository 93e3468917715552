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
      'Calls.',
      each(({ calls }) => calls),
    ),
    metric(
      'billed_calls_total',
      'counter',
      'Calls that were charged.',
      each(({ billed }) => billed),
    ),
    metric(
      'unknown_calls_total',
      'counter',
      'Calls of which the billing is unknown.',
      each(({ unknown }) => unknown),
    ),
    metric(
      'cny_total',
      'counter',
      'Cost of the charged calls in CNY.',
      each(({ fen }) => cny(fen)),
    ),
    metric(
      'cny_at_most_total',
      'counter',
      'Cost of the charged and unknown calls in CNY.',
      each(({ fenAtMost }) => cny(fenAtMost)),
    ),
    metric('unattributed_requests_total', 'counter', 'Requests without a valid credential or route.', [
      ` ${unattributed()}`,
    ]),
    metric('namespaces', 'gauge', 'Number of namespaces.', [` ${states.length}`]),
    metric('resident_memory_bytes', 'gauge', 'Resident memory of the process.', [` ${process.memoryUsage.rss()}`]),
    '',
  ].join('\n');
}

const PREFIX = 'identity_verify_mock_';
