import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { metrics } from '@opentelemetry/api';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';

/**
 * The SDK behind OpenTelemetry's API. It stands before the first instance of the module is made, because instruments
 * that were made without a provider stay silent. What is counted is the module's affair; its README lists it.
 */
@Injectable()
export class VerificationMetrics implements OnApplicationShutdown {
  readonly #exporter = new PrometheusExporter({ preventServerStart: true });
  readonly #provider = new MeterProvider({ readers: [this.#exporter] });
  readonly #serializer = new PrometheusSerializer();

  constructor() {
    metrics.setGlobalMeterProvider(this.#provider);
  }

  /** Everything, in Prometheus' text format. */
  async toPrometheus(): Promise<string> {
    const { resourceMetrics } = await this.#exporter.collect();
    return this.#serializer.serialize(resourceMetrics);
  }

  async onApplicationShutdown(): Promise<void> {
    metrics.disable();
    await this.#provider.shutdown();
  }
}
