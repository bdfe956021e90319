import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import { call } from '../http/call.ts'
import { someEvent } from '../http/some-event.ts'
import { startPeopled } from '../identity/peopled-server.ts'
import { eventually } from '../harness/eventually.ts'
import { freePort } from '../harness/free-port.ts'
import { sendEvents } from '../harness/send-events.ts'
import { spawnServer } from '../harness/spawn-server.ts'
import { startServer } from '../harness/start-server.ts'
import { join, openScreen } from '../live/screen.ts'
import { hidden, plantSecrets } from '../rights/secret-plant.ts'
import { openReceiver } from './otlp-receiver.ts'
import { startExporting } from './traced-server.ts'
import type { Exporting } from './traced-server.ts'

const preload = fileURLToPath(new URL('loaded-modules.js', import.meta.url))
let exporting: Exporting | undefined

afterEach(async () => {
  await exporting?.close()
  exporting = undefined
})

function collected() {
  const lines: Record<string, unknown>[] = []
  const write = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>)
  return { lines, logger: pino({ level: 'info' }, { write }) }
}

describe('without an endpoint', () => {
  it('no module of the SDK is in the process', async () => {
    expect(await loadedBy({})).toEqual(new Set(['@opentelemetry/api']))
  })

  it('and with one they are, so that the test above can fail', async () => {
    const loaded = await loadedBy({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' })
    expect(loaded).toContain('@opentelemetry/sdk-trace')
    expect(loaded).toContain('@opentelemetry/sdk-metrics')
  })

  /** The API, which only forwards calls, belongs to libraries: prom-client and better-auth import it. */
  async function loadedBy(env: NodeJS.ProcessEnv): Promise<ReadonlySet<string>> {
    const server = await spawnServer({ from: 'sources', env: { NODE_OPTIONS: `--import=${preload}`, ...env } })
    try {
      await fetch(`${server.url}/metrics`)
      const { stderr } = await server.kill('SIGTERM')
      return new Set([...stderr.matchAll(/^loaded (\S+)$/gm)].map(([, name = '']) => name))
    } finally {
      await server.close()
    }
  }
})

describe('a server that exports', () => {
  it('sends what is left when it stops, as protobuf by default, and its log lines name the trace', async () => {
    const receiver = await openReceiver()
    const server = await spawnServer({
      env: {
        LOG_LEVEL: 'info',
        SLOW_STATEMENT_MS: '1',
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        OTEL_BSP_SCHEDULE_DELAY: '600000',
        OTEL_METRIC_EXPORT_INTERVAL: '600000',
      },
    })
    try {
      const traceId = '0af7651916cd43dd8448eb211c80319c'
      const traceparent = `00-${traceId}-b7ad6b7169203331-01`
      // Refused, which is a line of the log.
      const authorization = 'Bearer sw_wrong_key'
      await fetch(`${server.url}/api/v1/quarantine`, { headers: { traceparent, authorization } })
      expect(receiver.received).toEqual([])
      const { stdout } = await server.kill('SIGTERM')
      const bodyOf = (path: string) => receiver.received.find((each) => each.path === path)
      expect(bodyOf('/v1/traces')?.headers['content-type']).toBe('application/x-protobuf')
      expect(bodyOf('/v1/traces')?.body.toString('latin1')).toContain('GET /api/v1/quarantine')
      expect(bodyOf('/v1/metrics')?.body.toString('latin1')).toContain('stagewatch_sockets_connected')
      expect(stdout).toContain(`"trace_id":"${traceId}"`)
    } finally {
      await server.close()
      await receiver.close()
    }
  })

  it('never exports names, values or texts of anybody’s data', async () => {
    exporting = await startExporting()
    const server = await startPeopled({ variables: exporting.variables })
    try {
      await plantSecrets(server)
      for (const path of [
        `orders/${hidden.order}`,
        `orders?search=${hidden.order}`,
        `orders?customer=${encodeURIComponent(hidden.customer)}`,
        'board',
        'quarantine',
        `kpis?site=${hidden.site}`,
        `nothing/${hidden.order}`,
      ]) {
        await server.ada.call(`/api/v1/${path}`)
      }
      const screen = await openScreen(server.url, { headers: { cookie: server.ada.cookie, origin: server.url } })
      await join(screen)
      screen.close()
      const { receiver } = exporting
      const routes = () => receiver.spans().map(({ attributes }) => attributes['http.route'])
      await eventually(() => expect(routes()).toContain('/api/v1/kpis'))
      await eventually(() => expect(receiver.spans().map(({ name }) => name)).toContain('socket board:join'))
      await eventually(() => expect(receiver.metrics().size).toBeGreaterThan(0))
    } finally {
      await server.close()
    }
    const { received } = exporting.receiver
    const texts = (path: string) => received.filter((each) => each.path === path).map(({ body }) => body.toString())
    // The columns for the secrets of webhooks have that word in their names, in lower case.
    const planted = /SECRET|secret\.(?:driver|seller)|ada@|Ada\b|Acme|west-secret/
    expect(texts('/v1/traces').filter((text) => planted.test(text))).toEqual([])
    // Metrics name sites, as /metrics does.
    expect(texts('/v1/metrics').filter((text) => /SECRET|secret\.|ada@|Acme/.test(text))).toEqual([])
  })
})

describe('a collector that cannot be used', () => {
  it('does not harm the server, which says once why', async () => {
    const port = await freePort()
    exporting = await startExporting({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_EXPORTER_OTLP_TIMEOUT: '200',
    })
    const { lines, logger } = collected()
    const server = await startServer({ variables: exporting.variables, logger })
    const key = await server.createKey(['ingest'])
    const failures = () => lines.filter(({ msg }) => /cannot be exported/.test(String(msg)))
    await eventually(() => expect(failures()).toHaveLength(2))
    expect(await sendEvents(server.url, key, [someEvent()])).toMatchObject({ accepted: 1 })
    // Long enough for several more exports of each signal.
    const begunAt = performance.now()
    await eventually(async () => {
      expect((await call(`${server.url}/readyz`)).status).toBe(200)
      expect(performance.now() - begunAt).toBeGreaterThan(1_500)
    })
    await server.close()
    expect(new Set(failures().map(({ msg }) => msg))).toEqual(
      new Set(['metrics cannot be exported at present', 'traces cannot be exported at present']),
    )
    expect(failures()).toHaveLength(2)
    for (const { reason } of failures()) expect(reason).toMatch(/\w/)
  })

  it.each([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4317' }, /OTEL_EXPORTER_OTLP_ENDPOINT must be an address/],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'nowhere' }, /OTEL_EXPORTER_OTLP_TRACES_ENDPOINT must be an address/],
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, /OTEL_EXPORTER_OTLP_PROTOCOL must be http\/protobuf or http\/json/],
    [{ OTEL_TRACES_SAMPLER: 'most' }, /OTEL_TRACES_SAMPLER is ignored: it must be always_on/],
    [{ OTEL_METRIC_EXPORT_INTERVAL: 'often' }, /OTEL_METRIC_EXPORT_INTERVAL is ignored: it must be a number/],
  ] as const)('is named with the variable and the fix: %j', async (variables, message) => {
    exporting = await startExporting(variables)
    const { lines, logger } = collected()
    const server = await startServer({ variables: exporting.variables, logger })
    expect((await call(`${server.url}/readyz`)).status).toBe(200)
    await server.close()
    expect(lines.filter(({ msg }) => message.test(String(msg))).length).toBeGreaterThan(0)
  })
})
