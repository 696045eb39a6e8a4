/*
 * What is used of the OpenTelemetry API, as forms that its objects fit. So the API is needed by those
 * alone who measure, and costs nothing where it is absent.
 */

type Attributes = Record<string, string | number | boolean>;

export interface TelemetrySpan {
  setAttribute(name: string, value: string): unknown;
  recordException(error: Error): unknown;
  setStatus(status: { code: number; message?: string }): unknown;
  end(): void;
}

/** `trace.getTracer(…)` of the OpenTelemetry API fits. */
export interface TelemetryTracer {
  startSpan(name: string, options?: { attributes?: Attributes }): TelemetrySpan;
}

interface InstrumentOptions {
  description?: string;
  unit?: string;
}

/** `metrics.getMeter(…)` of the OpenTelemetry API fits. */
export interface TelemetryMeter {
  createCounter(
    name: string,
    options?: InstrumentOptions,
  ): { add(value: number, attributes?: Attributes): void };
  createHistogram(
    name: string,
    options?: InstrumentOptions,
  ): { record(value: number, attributes?: Attributes): void };
}

export interface Telemetry {
  /** A span for each operation of the manager, a child of the span that is active. */
  readonly tracer?: TelemetryTracer | undefined;
  /** Counters of starts, ends, entries and refusals, and how long operations and sessions took. */
  readonly meter?: TelemetryMeter | undefined;
}
