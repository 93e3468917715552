import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { metrics } from '@opentelemetry/api';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';

/**
 * The OpenTelemetry SDK. It is registered before the first instance of the module is created, because instruments
 * created without a provider record nothing. The README of the module lists the metrics.
 */
@Injectable()
export class VerificationMetrics implements OnApplicationShutdown {
  readonly #exporter = new PrometheusExporter({ preventServerStart: true });
  readonly #provider = new MeterProvider({ readers: [this.#exporter] });
  readonly #serializer = new PrometheusSerializer();

  constructor() {
    metrics.setGlobalMeterProvider(this.#provider);
  }

  /** Returns all metrics in the text format of Prometheus. */
  async toPrometheus(): Promise<string> {
    const { resourceMetrics } = await this.#exporter.collect();
    return this.#serializer.serialize(resourceMetrics);
  }

  async onApplicationShutdown(): Promise<void> {
    metrics.disable();
    await this.#provider.shutdown();
  }
}
