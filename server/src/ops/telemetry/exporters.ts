import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics'
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace'
import type { ExportResult } from '@opentelemetry/core'
import { ExportResultCode } from '@opentelemetry/core'
import type { Logger } from 'pino'
import type { Environment } from '../../platform/environment.ts'
import type { Signal } from './wanted-signals.ts'

/**
 * The exporters read endpoint, headers, timeout, compression and certificates from the standard variables.
 * @returns undefined if the variables are unusable, which is logged.
 */
export async function spanExporter(environment: Environment, logger: Logger): Promise<SpanExporter | undefined> {
  const protocol = usableProtocol('traces', environment, logger)
  if (protocol === undefined) return undefined
  const { OTLPTraceExporter } =
    protocol === 'http/json'
      ? await import('@opentelemetry/exporter-trace-otlp-http')
      : await import('@opentelemetry/exporter-trace-otlp-proto')
  const exporter = new OTLPTraceExporter()
  const report = outcomeReport('traces', logger)
  return {
    export: (spans: ReadableSpan[], done) => exporter.export(spans, reported(report, done)),
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
  }
}

/** See `spanExporter`. */
export async function metricExporter(
  environment: Environment,
  logger: Logger,
): Promise<PushMetricExporter | undefined> {
  const protocol = usableProtocol('metrics', environment, logger)
  if (protocol === undefined) return undefined
  const { OTLPMetricExporter } =
    protocol === 'http/json'
      ? await import('@opentelemetry/exporter-metrics-otlp-http')
      : await import('@opentelemetry/exporter-metrics-otlp-proto')
  const exporter = new OTLPMetricExporter()
  const report = outcomeReport('metrics', logger)
  return {
    export: (metrics: ResourceMetrics, done) => exporter.export(metrics, reported(report, done)),
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
    selectAggregation: (kind) => exporter.selectAggregation(kind),
    selectAggregationTemporality: (kind) => exporter.selectAggregationTemporality(kind),
  }
}

const protocols = ['http/protobuf', 'http/json'] as const

function usableProtocol(
  signal: Signal,
  environment: Environment,
  logger: Logger,
): (typeof protocols)[number] | undefined {
  const prefix = signal === 'traces' ? 'OTEL_EXPORTER_OTLP_TRACES' : 'OTEL_EXPORTER_OTLP_METRICS'
  const refuse = (message: string): undefined => logger.error(`${signal} are not exported: ${message}`) as undefined
  const own = environment[`${prefix}_ENDPOINT`]
  const endpoint = own ?? environment.OTEL_EXPORTER_OTLP_ENDPOINT ?? ''
  if (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol)) {
    const name = own === undefined ? 'OTEL_EXPORTER_OTLP_ENDPOINT' : `${prefix}_ENDPOINT`
    return refuse(`${name} must be an address such as http://localhost:4318`)
  }
  const ownProtocol = environment[`${prefix}_PROTOCOL`]
  const wanted = ownProtocol ?? environment.OTEL_EXPORTER_OTLP_PROTOCOL ?? 'http/protobuf'
  const protocol = protocols.find((each) => each === wanted)
  if (protocol !== undefined) return protocol
  const name = ownProtocol === undefined ? 'OTEL_EXPORTER_OTLP_PROTOCOL' : `${prefix}_PROTOCOL`
  return refuse(`${name} must be ${protocols.join(' or ')}, and the endpoint one that understands it (often port 4318)`)
}

/** Logs the first failure and the first success after it: while a collector is away, every export fails. */
function outcomeReport(signal: Signal, logger: Logger): (result: ExportResult) => void {
  let isFailing = false
  return ({ code, error }) => {
    const hasFailed = code !== ExportResultCode.SUCCESS
    if (hasFailed === isFailing) return
    isFailing = hasFailed
    if (hasFailed) logger.warn({ reason: error?.message || error?.name }, `${signal} cannot be exported at present`)
    else logger.info(`${signal} are exported again`)
  }
}

/** The SDK has nothing left to do about a failure. */
function reported(
  report: (result: ExportResult) => void,
  done: (result: ExportResult) => void,
): (result: ExportResult) => void {
  return (result) => {
    report(result)
    done({ code: ExportResultCode.SUCCESS })
  }
}
