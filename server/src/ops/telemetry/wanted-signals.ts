import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { Environment } from '../../platform/environment.ts'
import type { Tracer } from '../../platform/tracing/active-span.ts'

/** What is exported with OpenTelemetry. */
export interface Telemetry {
  /** Undefined: no traces. */
  readonly tracer?: Tracer
  /** Exports what is left, for a few seconds at most. */
  stop(): Promise<void>
}

export type Signal = 'traces' | 'metrics'

export interface TelemetryOptions {
  readonly environment: Environment
  readonly registry: Registry
  readonly logger: Logger
}

/** Signals that have an endpoint. A value that is empty is the same as none, as the specification demands. */
export function wantedSignals(environment: Environment): readonly Signal[] {
  if (environment.OTEL_SDK_DISABLED?.toLowerCase() === 'true') return []
  const { OTEL_EXPORTER_OTLP_ENDPOINT: common } = environment
  const traces =
    environment.OTEL_TRACES_EXPORTER !== 'none' && (environment.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? common)
  const metrics =
    environment.OTEL_METRICS_EXPORTER !== 'none' && (environment.OTEL_EXPORTER_OTLP_METRICS_ENDPOINT ?? common)
  return [...(traces ? (['traces'] as const) : []), ...(metrics ? (['metrics'] as const) : [])]
}
