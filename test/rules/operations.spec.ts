import { TELEMETRY } from '../../packages/nestjs/src/telemetry/telemetry.names.js';
import { ERROR_CODES } from '@identity-verify/nestjs';
import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { WORKSPACE } from './documents.js';

const operations = join(WORKSPACE, 'docs', 'operations');
const rulesFile = join(operations, 'prometheus-rules.yml');
const rules = await readFile(rulesFile, 'utf8');
const dashboard = await readFile(join(operations, 'grafana-dashboard.json'), 'utf8');

const COUNTERS = [
  TELEMETRY.verifications,
  TELEMETRY.billedCalls,
  TELEMETRY.spend,
  TELEMETRY.writeBacks,
  TELEMETRY.claims,
  TELEMETRY.latchesClosed,
  TELEMETRY.auditFailures,
];
const HISTOGRAMS = [TELEMETRY.duration, TELEMETRY.phaseDuration];
const GAUGES = [TELEMETRY.storeAvailable, TELEMETRY.circuitOpen, TELEMETRY.latchClosed];

/** The name of a metric as the Prometheus exporter of OpenTelemetry for Node writes it. */
const exported = (name: string) => name.replaceAll('.', '_');
const METRICS = [
  ...COUNTERS.map((name) => `${exported(name)}_total`),
  ...HISTOGRAMS.flatMap((name) => ['bucket', 'sum', 'count'].map((part) => `${exported(name)}_${part}`)),
  ...GAUGES.map(exported),
];
/** Names of metrics in an expression: what stands in front of `{`, `[`, `)` or `,`, and is no label. */
const metricsIn = (text: string) =>
  [...text.matchAll(/\bidentity_verify_\w+(?=\s*(?:\{|\[|\)|,))/g)]
    .map(([name]) => name)
    .filter((name) => !/^identity_verify_(?:instance|outcome|latch|billed|phase|verdict|result|source)$/.test(name));

/** The anchors of a page: those that are written, and those of its headings. */
const anchorsOf = (page: string) => [
  ...[...page.matchAll(/<a id="([^"]+)"><\/a>/g)].map(([, anchor]) => anchor),
  ...[...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading.toLowerCase().replaceAll(' ', '-')),
];

/** The alerts: the lines from one `- alert:` to the next. */
const alerts = rules
  .split(/^ *- alert: /m)
  .slice(1)
  .map((text) => ({ name: /^\w+/.exec(text)?.[0] ?? '', text }));

describe('the alerts for Prometheus', () => {
  it('name only metrics of the module', () => {
    const named = metricsIn(rules.replaceAll(/^#.*$/gm, ''));
    expect(named.filter((name) => !METRICS.includes(name))).toEqual([]);
    expect(new Set(named).size).toBeGreaterThan(7);
  });

  it('name only errors of the module', () => {
    for (const [, code = ''] of rules.matchAll(/error_type="(\w+)"/g)) expect(Object.keys(ERROR_CODES)).toContain(code);
  });

  it.each(alerts)('$name has an expression, a severity, and a summary', ({ text }) => {
    expect(text).toMatch(/^ +expr: \S/m);
    expect(text).toMatch(/severity: (?:page|ticket)\b/);
    expect(text).toMatch(/^ +summary: '.+'$/m);
    expect(text).toMatch(/^ +description: '.*\p{Script=Han}.*'$/mu);
  });

  it('are named once', () => {
    expect(new Set(alerts.map(({ name }) => name)).size).toBe(alerts.length);
    expect(alerts.length).toBeGreaterThan(8);
  });

  it.each([...rules.matchAll(/runbook: '([^']+)'/g)].map(([, target = '']) => target))(
    'lead to a section that exists: %s',
    async (target) => {
      const [page = '', anchor = ''] = target.split('#');
      for (const path of [page, page.replace('docs/', 'docs/en/')]) {
        expect(anchorsOf(await readFile(join(WORKSPACE, path), 'utf8'))).toContain(anchor);
      }
    },
  );

  it('are accepted by promtool, where it is installed', async () => {
    const promtool = ['/usr/bin/promtool', process.env['PROMTOOL'] ?? ''];
    for (const program of promtool) {
      if (
        program === '' ||
        !(await access(program).then(
          () => true,
          () => false,
        ))
      )
        continue;
      const { stdout } = await promisify(execFile)(program, ['check', 'rules', rulesFile]);
      expect(stdout).toContain(`SUCCESS: ${alerts.length} rules found`);
    }
  });
});

describe('the dashboard for Grafana', () => {
  interface Panel {
    readonly id: number;
    readonly title: string;
    readonly gridPos: { readonly x: number; readonly w: number };
    readonly targets: readonly { readonly expr: string }[];
  }
  const { panels } = JSON.parse(dashboard) as { panels: readonly Panel[] };
  const expressions = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));

  it('shows every metric of the module, and no other', () => {
    const named = new Set(expressions.flatMap(metricsIn));
    expect([...named].filter((name) => !METRICS.includes(name))).toEqual([]);
    const instruments = Object.values(TELEMETRY).map(exported);
    const shown = [...named].map((name) => name.replace(/_(?:total|bucket|sum|count)$/, ''));
    const metrics = instruments.filter((name) => METRICS.some((metric) => metric.startsWith(name)));
    expect(new Set(shown)).toEqual(new Set(metrics));
  });

  it('has panels with a query, an own number and a place within the 24 columns', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const { targets, gridPos, title } of panels) {
      expect(title).toMatch(/\p{Script=Han}.* \/ /u);
      expect(targets.length).toBeGreaterThan(0);
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
    }
  });
});
