import { systemClock } from '@stagewatch/server/platform/clock/clock.ts'
import { addJobs, JobWorker } from '@stagewatch/server/platform/jobs.ts'
import { traceStatements } from '@stagewatch/server/platform/tracing/trace-statements.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call } from '../http/call.ts'
import { parseExposition } from '../http/exposition.ts'
import { someEvent } from '../http/some-event.ts'
import { eventually } from '../harness/eventually.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { join, openScreen } from '../live/screen.ts'
import type { ReceivedSpan } from './otlp-receiver.ts'
import { startExporting } from './traced-server.ts'
import type { Exporting } from './traced-server.ts'

const callerTrace = '0af7651916cd43dd8448eb211c80319c'
const callerSpan = 'b7ad6b7169203331'

let exporting: Exporting
let server: StartedServer
let key: string

beforeAll(async () => {
  exporting = await startExporting({
    OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=factory%201',
    OTEL_SERVICE_NAME: 'board-of-test',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test,service.version=7,service.name=overridden',
  })
  server = await startServer({ variables: exporting.variables })
  key = await server.createKey(['ingest', 'read', 'admin'])
})
afterAll(async () => {
  await server.close()
  await exporting.close()
})

const spans = (): ReceivedSpan[] => exporting.receiver.spans()

function found(condition: (span: ReceivedSpan) => boolean): ReceivedSpan {
  const span = spans().find(condition)
  if (span === undefined) throw new Error('no such span')
  return span
}

/** The span and everything below it. */
function below(top: ReceivedSpan): ReceivedSpan[] {
  const children = spans().filter(({ parentSpanId }) => parentSpanId === top.spanId)
  return [top, ...children.flatMap(below)]
}

async function ingest(traceparent: string): Promise<Response> {
  const response = await fetch(`${server.url}/api/v1/events?site=main`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', traceparent },
    body: JSON.stringify([someEvent({ order: 'SO-PLANTED', data: { customer: 'PLANTED' } })]),
  })
  expect(response.status).toBe(200)
  return response
}

describe('the trace of a request', () => {
  it('continues that of the caller, and contains the transaction and its statements', async () => {
    const response = await ingest(`00-${callerTrace}-${callerSpan}-01`)
    const request = await eventually(() => found(({ traceId, kind }) => traceId === callerTrace && kind === 2))
    expect(request).toMatchObject({
      name: 'POST /api/v1/events',
      parentSpanId: callerSpan,
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/api/v1/events',
        'http.response.status_code': 200,
        'http.response.header.x-request-id': [response.headers.get('x-request-id')],
      },
    })
    expect(request.status.code ?? 0).toBe(0)
    const transaction = await eventually(() =>
      found(({ name, parentSpanId }) => name === 'transaction' && parentSpanId === request.spanId),
    )
    const statements = below(transaction).filter(({ kind }) => kind === 3)
    expect(statements.length).toBeGreaterThan(1)
    expect(
      statements.some(({ attributes }) => String(attributes['db.query.text']).includes('insert into events')),
    ).toBe(true)
    for (const { traceId, attributes } of statements) {
      expect(traceId).toBe(callerTrace)
      expect(attributes).toMatchObject({ 'db.system.name': 'postgresql' })
    }
    expect(JSON.stringify(below(request))).not.toMatch(/PLANTED|site=main/)
  })

  it('is not exported if the caller did not sample its own', async () => {
    const unsampled = '1af7651916cd43dd8448eb211c80319c'
    await ingest(`00-${unsampled}-${callerSpan}-00`)
    await ingest('')
    const own = () => spans().filter(({ name, parentSpanId }) => name === 'POST /api/v1/events' && !parentSpanId)
    await eventually(() => expect(own()).toHaveLength(1))
    expect(spans().filter(({ traceId }) => traceId === unsampled)).toEqual([])
  })

  it('names a refusal by its code, and nothing that the caller sent', async () => {
    const reply = await call(`${server.url}/api/v1/orders/ORDER-PLANTED?site=main`, { key })
    expect(reply.status).toBe(404)
    const span = await eventually(() => found(({ attributes }) => attributes['stagewatch.problem'] === 'not_found'))
    expect(span.name).toMatch(/^GET \/api\/v1\/orders\/:/)
    expect(span.attributes['http.response.status_code']).toBe(404)
    expect(JSON.stringify(spans())).not.toContain('PLANTED')
  })
})

describe('the trace of other work', () => {
  it('is one for each run of a background task, which says that it failed and where', async () => {
    server.server.tasks.start({
      name: 'task-of-test',
      schedule: { everyMs: 100 },
      instances: 'all',
      async run() {
        await server.database.query('select 1')
        throw new RangeError('PLANTED words\n    at PLANTED (place)')
      },
    })
    const span = await eventually(() => found(({ name }) => name === 'task task-of-test'))
    expect(span.status).toMatchObject({ code: 2 })
    expect(span.events).toMatchObject([{ name: 'exception', attributes: { 'exception.type': 'RangeError' } }])
    expect(span.events[0]?.attributes['exception.stacktrace']).toContain('telemetry.db.test')
    expect(JSON.stringify(spans())).not.toContain('PLANTED')
  })

  it('has a span for each job, which fails with it', async () => {
    const database = traceStatements(server.database)
    const run = async (): Promise<never> => {
      await database.query('select 42')
      throw Object.assign(new Error('PLANTED'), { code: '23505' })
    }
    const worker = new JobWorker(database, systemClock, { name: 'queue-of-test', concurrency: 1, leaseMs: 60_000, run })
    await addJobs(database, [{ queue: 'queue-of-test', key: 'PLANTED', site: 'main', runAt: 0 }])
    const schedule = { everyMs: 100 }
    server.server.tasks.start({ name: 'jobs-of-test', schedule, instances: 'all', run: () => worker.runDue() })
    const task = await eventually(() =>
      found(
        (span) => span.name === 'task jobs-of-test' && below(span).some(({ name }) => name === 'job queue-of-test'),
      ),
    )
    const job = below(task).find(({ name }) => name === 'job queue-of-test')
    expect(job).toMatchObject({
      status: { code: 2 },
      attributes: { 'stagewatch.queue': 'queue-of-test', 'stagewatch.attempt': 1, 'error.type': '23505' },
    })
    expect(below(job!).map(({ attributes }) => attributes['db.query.text'])).toContain('select 42')
    expect(JSON.stringify(spans())).not.toContain('PLANTED')
  })

  it('is one for each board that a socket joins', async () => {
    const screen = await openScreen(server.url, { token: key })
    try {
      await join(screen)
      await eventually(() => found(({ name }) => name === 'socket board:join'))
    } finally {
      screen.close()
    }
  })
})

describe('exported metrics', () => {
  it('are those of /metrics, under the same names and with the same values', async () => {
    const exposition = String((await call(`${server.url}/metrics`)).body)
    const samples = parseExposition(exposition)
    const names = [...exposition.matchAll(/^# TYPE ((?:stagewatch|process_cpu)_\w+)/gm)].map(([, name = '']) => name)
    // Some have no values at present.
    const withSamples = names.filter((name) =>
      [...samples.keys()].some((series) => [name, `${name}_count`].includes(series.split('{', 1)[0] ?? '')),
    )
    await eventually(() =>
      expect([...exporting.receiver.metrics().keys()]).toEqual(expect.arrayContaining(withSamples)),
    )
    const metrics = await eventually(() => {
      const newest = exporting.receiver.metrics()
      expect(newest.get('stagewatch_events_total')?.sum?.dataPoints).toContainEqual(
        expect.objectContaining({
          attributes: { site: 'main', result: 'accepted' },
          asDouble: samples.get('stagewatch_events_total{site="main",result="accepted"}'),
        }),
      )
      return newest
    })
    expect(metrics.get('stagewatch_events_total')?.sum?.isMonotonic).toBe(true)
    expect(metrics.get('stagewatch_sockets_connected')?.gauge?.dataPoints).toHaveLength(1)
    const [commits] = metrics.get('stagewatch_commit_duration_seconds')?.histogram?.dataPoints ?? []
    const count = samples.get('stagewatch_commit_duration_seconds_count{site="main"}')
    expect(Number(commits?.count)).toBe(count)
    expect((commits?.bucketCounts ?? []).reduce<number>((sum, each) => sum + Number(each), 0)).toBe(count)
    expect(commits?.bucketCounts).toHaveLength((commits?.explicitBounds?.length ?? 0) + 1)
  })
})

describe('what is exported', () => {
  it('has the headers and the attributes of the standard variables', async () => {
    await eventually(() => expect(exporting.receiver.received.length).toBeGreaterThan(0))
    for (const { headers } of exporting.receiver.received) expect(headers['x-tenant']).toBe('factory 1')
    await eventually(() =>
      expect(exporting.receiver.service()).toMatchObject({
        'service.name': 'board-of-test',
        'deployment.environment.name': 'test',
        'service.version': '7',
      }),
    )
  })
})
