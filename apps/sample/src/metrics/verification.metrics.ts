import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Counter } from '@opentelemetry/api';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import type { ClaimAnswer, Settlement } from '@identity-verify/nestjs';
import type { LedgerObserver } from '../observation/observed.ledger.js';

/** Counts what the ledger decides. Labels are few and fixed: outcomes, codes, verdicts; never a person, never free text. */
@Injectable()
export class VerificationMetrics implements LedgerObserver, OnApplicationShutdown {
  readonly #exporter = new PrometheusExporter({ preventServerStart: true });
  readonly #provider = new MeterProvider({ readers: [this.#exporter] });
  readonly #serializer = new PrometheusSerializer();
  readonly #claims: Counter;
  readonly #settlements: Counter;

  constructor() {
    const meter = this.#provider.getMeter('identity-verify-sample');
    this.#claims = meter.createCounter('identity_verify_claims', { description: 'Verdicts of the ledger' });
    this.#settlements = meter.createCounter('identity_verify_settlements', {
      description: 'Calls by how they ended and what is known about their price',
    });
  }

  claimed(instance: string, claim: ClaimAnswer): void {
    const reason = claim.verdict === 'refused' ? { reason: claim.reason } : {};
    this.#claims.add(1, { instance, verdict: claim.verdict, ...reason });
  }

  settled({ scope: instance, result }: Settlement): void {
    const labels =
      result.kind === 'answered'
        ? { outcome: result.answer.outcome, code: result.answer.code, billed: result.answer.billed }
        : { billed: result.kind === 'unbilled' ? 'no' : 'unknown' };
    this.#settlements.add(1, { instance, kind: result.kind, ...labels });
  }

  /** Everything, in Prometheus' text format. */
  async toPrometheus(): Promise<string> {
    const { resourceMetrics } = await this.#exporter.collect();
    return this.#serializer.serialize(resourceMetrics);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#provider.shutdown();
  }
}
