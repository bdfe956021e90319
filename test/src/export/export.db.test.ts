import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { openDatabase } from '@stagewatch/db/open-database.ts'
import { runCommand } from '@stagewatch/server/cli/run-command.ts'
import { testTerminal } from '@stagewatch/server/cli/testing/test-terminal.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import type { ExportSummary } from '@stagewatch/server/export/export-summary.ts'
import type { ImportReport } from '@stagewatch/shared/contract/import-report.ts'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { emptyPlaces } from '../backup/empty-places.ts'
import { figuresOf, orderPaths } from '../backup/figures.ts'
import { plantHistory, plantRules } from '../backup/plant-history.ts'
import { runNode } from '../harness/node-process.ts'
import { sendEvents } from '../harness/send-events.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { moreEvents } from './more-events.ts'

const now = Date.UTC(2025, 10, 27, 2)
const hourMs = 3_600_000
const clock = new VirtualClock(now)
const copies = ['copy', 'copy-csv', 'copy-xes', 'copy-branch', 'copy-period'] as const
/** Code and name of the site, when it received an event, and that it came with an import. */
const ofReceipt = ['site', 'recordedAt', 'imported']

const places = await emptyPlaces()
afterAll(async () => {
  for (const place of places) await place?.remove()
  vi.unstubAllEnvs()
})

const [embedded, postgresql] = places

describe('an export', () => {
  const place = postgresql ?? embedded
  const folder = join(embedded.dataDirectory, '..', 'exported')
  const fileOf = (name: string) => join(folder, name)
  const keys = new Map<string, string>()
  const figures = new Map<string, unknown>()
  const paths = [...orderPaths, 'orders/C-1', `orders/${encodeURIComponent('订单 "七"')}`]

  async function withServer<T>(work: (server: StartedServer) => Promise<T>): Promise<T> {
    const { database } = await openDatabase(place)
    const server = await startServer({ clock, database })
    try {
      return await work(server)
    } finally {
      await server.close()
      await database.close()
    }
  }

  const keyOf = (site: string) => keys.get(site) ?? ''
  const visitsOf = (server: StartedServer, site: string) =>
    server.database.query<{ order: string }>(
      `select order_id as "order", stage, nth, entered_at::text, started_at::text, left_at::text, owner, cancelled
       from visits where site = $1 order by order_id, visit_index`,
      [site],
    )

  beforeAll(async () => {
    vi.stubEnv('DATABASE_URL', place.databaseUrl ?? '')
    vi.stubEnv('DATA_DIR', place.dataDirectory)
    await withServer(async (server) => {
      for (const site of ['main', 'branch', ...copies])
        keys.set(site, await server.createKey(['ingest', 'read', 'admin'], site))
      await plantHistory(server, keyOf('main'), now)
      await sendEvents(server.url, keyOf('main'), moreEvents(now))
      await plantHistory(server, keyOf('branch'), now - 90 * 60_000)
      for (const site of copies) await plantRules(server, keyOf(site))
      for (const site of ['main', 'branch'])
        figures.set(site, await figuresOf(server, keyOf(site), site === 'main' ? paths : orderPaths, ofReceipt))
    })
  })

  it('as NDJSON gives the same board, statistics and orders where it is imported, of each site', async () => {
    const made = await run('export', fileOf('main.ndjson.gz'), '--json')
    expect(made).toMatchObject({ code: 0, result: { format: 'ndjson', leftOut: {}, lostFields: {} } })
    const { written } = made.result as ExportSummary
    await run('export', fileOf('branch.ndjson'), '--site', 'branch', '--json')
    const dry = await run('import', fileOf('main.ndjson.gz'), '--site', 'copy', '--dry-run', '--json')
    expect(dry).toMatchObject({ code: 0, result: { rows: written, accepted: written, rejected: 0, dryRun: true } })
    expect(await run('import', fileOf('main.ndjson.gz'), '--site', 'copy', '--json')).toMatchObject({
      code: 0,
      result: { rows: written, accepted: written, file: { kind: 'ndjson', compression: 'gzip' } },
    })
    await run('import', fileOf('branch.ndjson'), '--site', 'copy-branch', '--json')
    await withServer(async (server) => {
      expect(await figuresOf(server, keyOf('copy'), paths, ofReceipt)).toEqual(figures.get('main'))
      expect(await figuresOf(server, keyOf('copy-branch'), orderPaths, ofReceipt)).toEqual(figures.get('branch'))
      expect(figures.get('main')).not.toEqual(figures.get('branch'))
      const logs = await server.database.query<{ site: string; logs: string }>(
        `select site, string_agg(content_hash, '' order by source collate "C", id collate "C") as logs from events
         where site in ('main', 'copy') group by site`,
      )
      expect(new Set(logs.map(({ logs: hashes }) => hashes)).size).toBe(1)
    })
  })

  it('as NDJSON adds nothing when it is imported again, nor where it came from', async () => {
    const written = linesOf(gunzipSync(await readFile(fileOf('main.ndjson.gz')))).length
    for (const site of ['copy', 'main']) {
      expect(await run('import', fileOf('main.ndjson.gz'), '--site', site, '--json')).toMatchObject({
        code: 0,
        result: { accepted: 0, duplicate: written, rejected: 0 },
      })
    }
    const again = fileOf('again.ndjson')
    await run('export', again, '--site', 'copy', '--json')
    const sorted = (text: Buffer) => linesOf(text).toSorted()
    expect(sorted(await readFile(again))).toEqual(sorted(gunzipSync(await readFile(fileOf('main.ndjson.gz')))))
  })

  it('as NDJSON has its events in the order of the log, as a request takes them', async () => {
    const lines = linesOf(gunzipSync(await readFile(fileOf('main.ndjson.gz')))).map(
      (line) => JSON.parse(line) as { source: string; id: string },
    )
    await withServer(async (server) => {
      const log = await server.database.query(`select source, id from events where site = 'main' order by tx, position`)
      expect(lines.map(({ source, id }) => ({ source, id }))).toEqual(log)
      const reply = await sendEvents(server.url, keyOf('main'), lines)
      expect(reply).toMatchObject({ accepted: 0, rejected: 0, duplicate: lines.length })
    })
  })

  it('as CSV gives the same visits and dwell times, and says what rows cannot say', async () => {
    const { result, noted } = await run('export', fileOf('main.csv'))
    expect(result).toMatch(/main\.csv: \d+ rows$/)
    expect(noted.join('\n')).toMatch(/not in CSV: .*11 events that are taken back/)
    expect(noted.join('\n')).toMatch(/without a column in CSV: .*quantity \(\d+\)/)
    const imported = await run('import', fileOf('main.csv'), '--site', 'copy-csv', '--json')
    expect(imported).toMatchObject({ code: 0, result: { rejected: 0, duplicate: 0 } })
    await withServer(async (server) => {
      const plain = ({ order }: { order: string }) => !order.startsWith('C-')
      const [before, after] = [await visitsOf(server, 'main'), await visitsOf(server, 'copy-csv')]
      expect(after.filter(plain)).toEqual(before.filter(plain))
      expect(before.filter(plain).length).toBeGreaterThan(200)
    })
    const again = await run('import', fileOf('main.csv'), '--site', 'copy-csv', '--json')
    expect(again).toMatchObject({ result: { accepted: 0 } })
  })

  it('as XES gives the same visits and dwell times, also of concurrent activities', async () => {
    expect(await run('export', fileOf('main.xes.gz'), '--json')).toMatchObject({ code: 0, result: { format: 'xes' } })
    const imported = await run('import', fileOf('main.xes.gz'), '--site', 'copy-xes', '--json')
    expect(imported).toMatchObject({ code: 0, result: { rejected: 0, duplicate: 0, meaning: { as: 'lifecycle' } } })
    await withServer(async (server) => {
      expect(await visitsOf(server, 'copy-xes')).toEqual(await visitsOf(server, 'main'))
      const factsOf = (site: string) =>
        server.database.query(
          `select order_id, customer, product, promised_at::text from orders where site = $1 order by order_id`,
          [site],
        )
      expect(await factsOf('copy-xes')).toEqual(await factsOf('main'))
    })
  })

  it('of a period has what happened in it, and whatever takes that back later', async () => {
    const [from, to] = [now - 30 * hourMs, now - 20 * hourMs].map((at) => new Date(at).toISOString())
    await run('export', fileOf('period.ndjson'), '--from', from!, '--to', to!, '--json')
    const events = linesOf(await readFile(fileOf('period.ndjson'))).map(
      (line) => JSON.parse(line) as { type: string; occurredAt: string; id: string },
    )
    const facts = events.filter(({ type }) => type !== 'event.voided')
    expect(facts.length).toBeGreaterThan(20)
    expect(facts.filter(({ occurredAt }) => occurredAt < from! || occurredAt >= to!)).toEqual([])
    const late = events.filter(({ type, occurredAt }) => type === 'event.voided' && occurredAt >= to!)
    expect(late.map(({ id }) => id)).toContain('late-void')
    expect(facts.map(({ id }) => id)).toContain('late-note')
  })

  it('of a day begins and ends with the day of the site, and has the orders of one process', async () => {
    const day = await run('export', fileOf('day.csv'), '--from', '2025-11-26', '--to', '2025-11-27', '--json')
    expect((day.result as ExportSummary).written).toBeGreaterThan(10)
    const none = await run('export', fileOf('none.csv'), '--process', 'default', '--to', '2020-01-01', '--json')
    expect(none).toMatchObject({ code: 0, result: { written: 0 } })
    const times = (await readFile(fileOf('day.csv'), 'utf8')).match(/2025-11-2\dT\d\d/g) ?? []
    // The time zone of a new site is that of the machine.
    const zone = await withServer(async ({ database }) =>
      database.query<{ zone: string }>(`select time_zone as zone from sites where code = 'main'`),
    )
    const start = Temporal.PlainDate.from('2025-11-26').toZonedDateTime(zone[0]!.zone).toInstant().toString()
    expect(times.toSorted()[0]! >= start.slice(0, 13)).toBe(true)
  })

  it('is refused for an unknown site, process, format or time, and leaves no file', async () => {
    const path = fileOf('refused.ndjson')
    const cases: readonly (readonly [string[], number, RegExp])[] = [
      [['--site', 'nowhere'], 1, /no site nowhere/],
      [['--process', 'nothing'], 1, /no process nothing/],
      [['--from', 'yesterday'], 1, /must be a day such as/],
      [['--from', '2026-02-30'], 1, /must be a day such as/],
      [['--from', '2025-02-01', '--to', '2025-01-01'], 1, /later than from/],
      [['--format', 'xml'], 2, /one of ndjson, csv, xes/],
    ]
    for (const [options, code, words] of cases) {
      const refused = await run('export', path, ...options)
      expect([options, refused.code]).toEqual([options, code])
      expect(refused.noted.join('\n')).toMatch(words)
    }
    expect((await run('export', '--json')).code).toBe(2)
    expect((await readdir(folder)).filter((name) => name.startsWith('refused'))).toEqual([])
  })

  it('that is stopped leaves no file', async () => {
    const terminal = testTerminal()
    const exporting = runCommand(['export', fileOf('stopped.ndjson')], terminal)
    terminal.stop()
    expect(await exporting).toBe(1)
    expect((await readdir(folder)).filter((name) => name.startsWith('stopped'))).toEqual([])
  })

  it('whose lines are damaged is imported without them, and each is reported', async () => {
    const lines = linesOf(await readFile(fileOf('branch.ndjson')))
    const [one = '', two = ''] = lines.filter((line) => line.includes('"type":"order.placed"'))
    const long = { ...(JSON.parse(one) as object), id: 'long', data: { text: 'x'.repeat(70_000) } }
    const bad = [
      '{"source":"wms"',
      JSON.stringify({ ...(JSON.parse(one) as object), id: 'lost', type: 'order.lost' }),
      JSON.stringify({ ...(JSON.parse(one) as object), id: 'more', extra: 1 }),
      JSON.stringify({ ...(JSON.parse(two) as object), occurredAt: '2025-11-25 08:00' }),
      JSON.stringify(long),
      JSON.stringify({ ...(JSON.parse(one) as object), data: { customer: 'Another' } }),
      '[]',
      JSON.stringify({ ...(JSON.parse(one) as object), id: 'future', occurredAt: '2999-01-01T00:00:00Z' }),
    ]
    const path = fileOf('damaged.ndjson')
    await writeFile(path, [...lines, '', ...bad, ''].join('\n'))
    const errors = fileOf('errors.csv')
    const { code, result } = await run('import', path, '--site', 'copy-branch', '--errors', errors, '--json')
    expect([code, result]).toMatchObject([
      1,
      { duplicate: lines.length, accepted: 0, rejected: bad.length, file: { lines: { blank: 1 } } },
    ])
    const { rejections } = result as ImportReport
    const firstBad = lines.length + 2
    const reported = rejections.flatMap(({ code: cause, column, first }) =>
      first.map(({ line }) => [line - firstBad, cause, column]),
    )
    expect(reported.toSorted(([a], [b]) => Number(a) - Number(b))).toEqual([
      [0, 'bad_request', ''],
      [1, 'invalid_field', 'type'],
      [2, 'invalid_field', 'extra'],
      [3, 'invalid_time', 'occurredAt'],
      [4, 'too_large', ''],
      [5, 'conflict', 'id'],
      [6, 'invalid_field', ''],
      [7, 'occurred_in_future', 'occurredAt'],
    ])
    expect(linesOf(await readFile(errors)).length).toBe(1 + bad.length)
  })

  it('is not imported with options that contradict its lines', async () => {
    for (const options of [['--orders'], ['--source', 'erp'], ['--process', 'default'], ['--as', 'entered']]) {
      const refused = await run('import', fileOf('branch.ndjson'), '--site', 'copy-branch', ...options)
      expect([options, refused.code]).toEqual([options, 1])
      expect(refused.noted.join('\n')).toMatch(`leave out ${options[0]!}`)
    }
  })

  it('creates the process of an empty site with --discover', async () => {
    const imported = await run('import', fileOf('main.ndjson.gz'), '--site', 'discovered', '--discover', '--json')
    expect(imported).toMatchObject({ code: 0, result: { rejected: 0 } })
    const stages = (imported.result as ImportReport).process?.stages.map(({ code }) => code)
    expect(stages?.slice(0, 3)).toEqual(['picking', 'packing', 'shipping'])
  })
})

it('is written through the running server that has the embedded database open', async () => {
  const [place] = await emptyPlaces()
  vi.stubEnv('DATABASE_URL', '')
  vi.stubEnv('DATA_DIR', place.dataDirectory)
  const { database, lock } = await openDatabase(place)
  const localAdminToken = lock?.token ?? ''
  const server = await startServer({ clock, database, localAdminToken })
  await lock?.announce(server.url)
  try {
    const key = await server.createKey(['ingest', 'read', 'admin'])
    await plantHistory(server, key, now)
    const path = join(place.dataDirectory, '..', 'served.csv')
    const { code, result } = await run('export', path, '--json')
    expect([code, result]).toMatchObject([0, { format: 'csv', leftOut: { voided: 9, voids: 9 } }])
    expect(linesOf(await readFile(path)).length).toBeGreaterThan((result as ExportSummary).written)
    expect((await run('export', path, '--site', 'nowhere')).noted.join()).toContain('no site')
    expect((await run('export', path, '--from', 'soon')).noted.join()).toContain('must be a day')
    const env = { DATA_DIR: place.dataDirectory }
    const printed = await runNode('server/src/cli/stagewatch.ts', ['export', '--format', 'csv'], env, 'sources')
    // The byte order mark is not part of the decoded output.
    const text = (await readFile(path, 'utf8')).replace(/^\uFEFF/, '')
    expect([printed.code, printed.stdout]).toEqual([0, text])
    expect(printed.stderr).toContain('9 events that are taken back')
    // Nobody else may have it, whatever their rights.
    const reply = await fetch(`${server.url}/api/v1/admin/export`, { headers: { authorization: `Bearer ${key}` } })
    expect(reply.status).toBe(403)
    expect(await reply.text()).not.toContain('Nordwind')
  } finally {
    await server.close()
    await database.close()
    await place.remove()
  }
})

function linesOf(text: Buffer): string[] {
  return text.toString('utf8').trimEnd().split('\n')
}

async function run(...args: string[]) {
  const terminal = testTerminal()
  const code = await runCommand(args, terminal)
  const text = terminal.printed.join('\n')
  return { code, noted: terminal.noted, result: text.startsWith('{') ? (JSON.parse(text) as unknown) : text }
}
