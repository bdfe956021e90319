import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import type { Context, Span, Tracer as OpenTelemetryTracer } from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import {
  defaultResource,
  detectResources,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
  serviceInstanceIdDetector,
  serviceNameEnvDetector,
} from '@opentelemetry/resources'
import type { Resource } from '@opentelemetry/resources'
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import type { IncomingHttpHeaders } from 'node:http'
import manifest from '../../../../package.json' with { type: 'json' }
import type { ActiveSpan, SpanAttributes, SpanKind as Kind, Tracer } from '../../platform/tracing/active-span.ts'
import { failureAttributes } from '../../platform/tracing/failure-attributes.ts'
import { metricExporter, spanExporter } from './exporters.ts'
import { PrometheusProducer } from './prometheus-producer.ts'
import { samplerOf } from './sampler.ts'
import type { Signal, Telemetry, TelemetryOptions } from './wanted-signals.ts'

/** When a server stops, it has eight seconds for everything. */
const flushWithinMs = 3_000
const defaultIntervalMs = 60_000
const defaultTimeoutMs = 30_000
const defaultDelayMs = 5_000

/**
 * Starts to export the signals. Nothing is registered globally: packages that trace by themselves would export what
 * they please.
 */
export async function openTelemetry(signals: readonly Signal[], options: TelemetryOptions): Promise<Telemetry> {
  const { environment, registry, logger } = options
  const warn = (message: string): void => logger.warn(message)
  const resource = serviceResource()
  const stops: (() => Promise<void>)[] = []
  let tracer: Tracer | undefined
  const spans = signals.includes('traces') ? await spanExporter(environment, logger) : undefined
  if (spans !== undefined) {
    const scheduledDelayMillis = milliseconds(environment, 'OTEL_BSP_SCHEDULE_DELAY', defaultDelayMs, warn)
    const provider = new TracerProvider({
      resource,
      sampler: samplerOf(environment.OTEL_TRACES_SAMPLER, environment.OTEL_TRACES_SAMPLER_ARG, warn),
      // Holds at most 2,048 ended spans; further ones are dropped.
      spanProcessors: [new BatchSpanProcessor({ exporter: spans, scheduledDelayMillis })],
    })
    tracer = tracerOf(provider.getTracer('stagewatch', manifest.version))
    stops.push(() => provider.shutdown())
  }
  const metrics = signals.includes('metrics') ? await metricExporter(environment, logger) : undefined
  if (metrics !== undefined) {
    const exportIntervalMillis = milliseconds(environment, 'OTEL_METRIC_EXPORT_INTERVAL', defaultIntervalMs, warn)
    const reader = new PeriodicExportingMetricReader({
      exporter: metrics,
      exportIntervalMillis,
      exportTimeoutMillis: Math.min(defaultTimeoutMs, exportIntervalMillis),
      metricProducers: [new PrometheusProducer(registry, resource)],
    })
    const provider = new MeterProvider({ resource, readers: [reader] })
    stops.push(() => provider.shutdown())
  }
  return {
    ...(tracer !== undefined && { tracer }),
    async stop() {
      const stopped = Promise.allSettled(stops.map((stop) => stop()))
      const { promise: late, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, flushWithinMs)
      await Promise.race([stopped, late])
      clearTimeout(timer)
    },
  }
}

/** `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` have precedence. */
function serviceResource(): Resource {
  return defaultResource()
    .merge(resourceFromAttributes({ 'service.name': 'stagewatch', 'service.version': manifest.version }))
    .merge(
      detectResources({
        detectors: [serviceInstanceIdDetector, resourceAttributesEnvDetector, serviceNameEnvDetector],
      }),
    )
}

function milliseconds<Name extends 'OTEL_BSP_SCHEDULE_DELAY' | 'OTEL_METRIC_EXPORT_INTERVAL'>(
  environment: Readonly<Partial<Record<Name, string | undefined>>>,
  name: Name,
  byDefault: number,
  warn: (message: string) => void,
): number {
  const text = environment[name]
  if (text === undefined) return byDefault
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  warn(`${name} is ignored: it must be a number of milliseconds, for example ${byDefault}`)
  return byDefault
}

const kinds: Readonly<Record<Kind, SpanKind>> = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  internal: SpanKind.INTERNAL,
}

const propagator = new W3CTraceContextPropagator()
const headerGetter = {
  keys: (headers: IncomingHttpHeaders) => Object.keys(headers),
  get: (headers: IncomingHttpHeaders, name: string) => headers[name],
}

function tracerOf(tracer: OpenTelemetryTracer): Tracer {
  const start = (name: string, kind: Kind, attributes: SpanAttributes, context: Context): ActiveSpan =>
    new StartedSpan(tracer.startSpan(name, { kind: kinds[kind], attributes }, context), start)
  return {
    root(name, kind, attributes, headers) {
      const context = headers === undefined ? ROOT_CONTEXT : propagator.extract(ROOT_CONTEXT, headers, headerGetter)
      return start(name, kind, attributes, context)
    },
  }
}

type Start = (name: string, kind: Kind, attributes: SpanAttributes, context: Context) => ActiveSpan

class StartedSpan implements ActiveSpan {
  readonly #span: Span
  readonly #start: Start
  #hasEnded = false

  constructor(span: Span, start: Start) {
    this.#span = span
    this.#start = start
  }

  get ids() {
    return this.#span.spanContext()
  }

  get hasEnded(): boolean {
    return this.#hasEnded
  }

  child(name: string, kind: Kind, attributes: SpanAttributes): ActiveSpan {
    return this.#start(name, kind, attributes, trace.setSpan(ROOT_CONTEXT, this.#span))
  }

  set(attributes: SpanAttributes): void {
    this.#span.setAttributes(attributes)
  }

  fail(error: unknown): void {
    const { type, code, frames } = failureAttributes(error)
    this.#span.setStatus({ code: SpanStatusCode.ERROR })
    this.#span.setAttributes({ 'error.type': code ?? type })
    this.#span.addEvent('exception', {
      'exception.type': type,
      ...(frames !== undefined && { 'exception.stacktrace': frames }),
    })
  }

  end(): void {
    this.#hasEnded = true
    this.#span.end()
  }
}
