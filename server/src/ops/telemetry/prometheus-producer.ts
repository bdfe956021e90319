import { ValueType } from '@opentelemetry/api'
import type { Attributes, HrTime } from '@opentelemetry/api'
import { hrTime, millisToHrTime } from '@opentelemetry/core'
import type { Resource } from '@opentelemetry/resources'
import { AggregationTemporality, DataPointType } from '@opentelemetry/sdk-metrics'
import type { CollectionResult, DataPoint, Histogram, MetricData, MetricProducer } from '@opentelemetry/sdk-metrics'
import type { MetricObjectWithValues, MetricValue, MetricValueWithName, Registry } from 'prom-client'

/** Values of histograms have a name of their own (`_bucket`, `_sum`, `_count`). */
type NamedValue = MetricValue<string> & Partial<Pick<MetricValueWithName<string>, 'metricName'>>

/** The metrics of `/metrics` under the same names, so that each of them is defined once. */
export class PrometheusProducer implements MetricProducer {
  readonly #registry: Registry
  readonly #resource: Resource
  /** Since then, counters have been counting: the server instance was started. */
  readonly #startTime: HrTime = millisToHrTime(Date.now() - performance.now())

  constructor(registry: Registry, resource: Resource) {
    this.#registry = registry
    this.#resource = resource
  }

  async collect(): Promise<CollectionResult> {
    const times = { startTime: this.#startTime, endTime: hrTime() }
    const found = await this.#registry.getMetricsAsJSON()
    const metrics = found.flatMap((metric) => metricData(metric, times))
    const scopeMetrics = [{ scope: { name: 'stagewatch' }, metrics }]
    return { resourceMetrics: { resource: this.#resource, scopeMetrics }, errors: [] }
  }
}

interface Times {
  readonly startTime: HrTime
  readonly endTime: HrTime
}

function metricData(metric: MetricObjectWithValues<NamedValue>, times: Times): MetricData[] {
  const { name, help, values } = metric
  const common = {
    descriptor: { name, description: help, unit: '', valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  }
  // JSON has no NaN, which gauges of Node contain before their first measurement.
  const known = values.filter(({ value }) => Number.isFinite(value))
  const points = known.map(({ labels, value }) => ({ ...times, attributes: attributesOf(labels), value }))
  if (points.length === 0) return []
  // Declared as a number, but it is the text of the exposition.
  switch (String(metric.type)) {
    case 'counter':
      return [{ ...common, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints: points }]
    case 'gauge':
      return [{ ...common, dataPointType: DataPointType.GAUGE, dataPoints: points }]
    case 'histogram':
      return [{ ...common, dataPointType: DataPointType.HISTOGRAM, dataPoints: histograms(name, values, times) }]
    default:
      // OTLP keeps summaries only for other programs that have them; the server has none.
      return []
  }
}

type Counts = Record<'count' | 'sum', number> & { readonly buckets: Map<number, number> }

/** A histogram is a list of samples: for each set of labels, cumulative counts of its buckets, a sum and a count. */
function histograms(name: string, values: readonly NamedValue[], times: Times): DataPoint<Histogram>[] {
  const found = new Map<string, Counts & { readonly attributes: Attributes }>()
  for (const { labels, value, metricName } of values) {
    const { le, ...rest } = labels
    const attributes = attributesOf(rest)
    const key = JSON.stringify(attributes)
    const counts = found.getOrInsertComputed(key, () => ({ attributes, buckets: new Map(), count: 0, sum: 0 }))
    if (metricName === `${name}_sum`) counts.sum = value
    else if (metricName === `${name}_count`) counts.count = value
    else if (le !== undefined && le !== '+Inf') counts.buckets.set(Number(le), value)
  }
  return [...found.values()].map(({ attributes, ...counts }) => ({ ...times, attributes, value: histogramOf(counts) }))
}

function histogramOf({ buckets, count, sum }: Counts): Histogram {
  const sorted = [...buckets].toSorted(([a], [b]) => a - b)
  const cumulative = [...sorted.map(([, upTo]) => upTo), count]
  return {
    buckets: {
      boundaries: sorted.map(([boundary]) => boundary),
      counts: cumulative.map((upTo, index) => upTo - (cumulative[index - 1] ?? 0)),
    },
    count,
    sum,
  }
}

function attributesOf(labels: MetricValue<string>['labels']): Attributes {
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== undefined))
}
