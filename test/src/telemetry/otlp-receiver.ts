import { createServer } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { z } from 'zod'

/** The parts of OTLP/JSON that tests look at. */
const anyValue = z.object({
  stringValue: z.string().optional(),
  intValue: z.union([z.number(), z.string()]).optional(),
  doubleValue: z.number().optional(),
  arrayValue: z.object({ values: z.array(z.object({ stringValue: z.string() })) }).optional(),
})
const attributes = z
  .array(z.object({ key: z.string(), value: anyValue }))
  .default([])
  .transform((list) =>
    Object.fromEntries(
      list.map(({ key, value: { stringValue, intValue, doubleValue, arrayValue } }) => [
        key,
        arrayValue?.values.map((each) => each.stringValue) ?? stringValue ?? Number(intValue ?? doubleValue),
      ]),
    ),
  )
const resource = z.object({ attributes })
const span = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  kind: z.int(),
  attributes,
  status: z.object({ code: z.int().optional(), message: z.string().optional() }).default({}),
  events: z.array(z.object({ name: z.string(), attributes })).default([]),
})
const points = z.object({
  dataPoints: z.array(
    z.object({
      attributes,
      asDouble: z.number().optional(),
      count: z.union([z.number(), z.string()]).optional(),
      sum: z.number().optional(),
      bucketCounts: z.array(z.union([z.number(), z.string()])).optional(),
      explicitBounds: z.array(z.number()).optional(),
    }),
  ),
})
const metric = z.object({
  name: z.string(),
  sum: points.extend({ isMonotonic: z.boolean() }).optional(),
  gauge: points.optional(),
  histogram: points.optional(),
})
const traces = z.object({
  resourceSpans: z.array(z.object({ resource, scopeSpans: z.array(z.object({ spans: z.array(span) })) })),
})
const metrics = z.object({
  resourceMetrics: z.array(z.object({ resource, scopeMetrics: z.array(z.object({ metrics: z.array(metric) })) })),
})

export type ReceivedSpan = z.infer<typeof span>
export type ReceivedMetric = z.infer<typeof metric>

interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export interface OtlpReceiver {
  readonly url: string
  /** Every export, in the order of its arrival. */
  readonly received: readonly Received[]
  /** Spans of all exports in JSON. */
  spans(): ReceivedSpan[]
  /** Metrics of the newest export in JSON, by name. */
  metrics(): ReadonlyMap<string, ReceivedMetric>
  /** Attributes of the service in the newest export of traces. */
  service(): Readonly<Record<string, unknown>>
  close(): Promise<void>
}

/** A collector of OpenTelemetry that keeps what it is sent. */
export async function openReceiver(): Promise<OtlpReceiver> {
  const received: Received[] = []
  const server = createServer((request, response) => {
    void (async () => {
      received.push({ path: request.url ?? '', headers: request.headers, body: await buffer(request) })
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const parsed = <Schema extends z.ZodType>(path: string, schema: Schema): z.infer<Schema>[] =>
    received
      .filter((each) => each.path === path && each.headers['content-type'] === 'application/json')
      .map(({ body }) => schema.parse(JSON.parse(body.toString())))
  const exportedTraces = () => parsed('/v1/traces', traces)
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    spans: () =>
      exportedTraces().flatMap(({ resourceSpans }) =>
        resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
      ),
    metrics: () => {
      const newest = parsed('/v1/metrics', metrics).at(-1)
      const found = newest?.resourceMetrics.flatMap(({ scopeMetrics }) =>
        scopeMetrics.flatMap((scope) => scope.metrics),
      )
      return new Map((found ?? []).map((each) => [each.name, each]))
    },
    service: () => exportedTraces().at(-1)?.resourceSpans[0]?.resource.attributes ?? {},
    close() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
