import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '@stagewatch/db/open-database.ts'
import { runCommand } from '@stagewatch/server/cli/run-command.ts'
import { testTerminal } from '@stagewatch/server/cli/testing/test-terminal.ts'
import { writtenFile } from '@stagewatch/server/ingest/files/testing/written-file.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { emptyPlaces } from '../backup/empty-places.ts'
import { logFile } from '../harness/log-folder.ts'
import { sendEvents } from '../harness/send-events.ts'
import { skipUnless } from '../harness/skip.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { call } from '../http/call.ts'
import { readLog } from '../logs/read-log.ts'
import { archiveNow, dayMs, endedOrders, figurePaths, keepMonths, listArchives, loadFigures } from './archived-plant.ts'

const [embedded, postgresql] = await emptyPlaces()
const place = postgresql ?? embedded
const archives = await mkdtemp(join(tmpdir(), 'stagewatch-archive-command-'))
const log = 'receipt'
/** Stands still, so that ages of open orders can be compared. */
const clock = new VirtualClock(Date.now())
let key: string

afterAll(async () => {
  vi.unstubAllEnvs()
  await embedded.remove()
  await postgresql?.remove()
  await rm(archives, { recursive: true, force: true })
})

async function withServer<T>(work: (server: StartedServer) => Promise<T>): Promise<T> {
  const { database } = await openDatabase(place)
  const server = await startServer({ clock, database, variables: { ARCHIVE_DIR: archives } })
  try {
    return await work(server)
  } finally {
    await server.close()
    await database.close()
  }
}

async function run(...args: string[]) {
  const terminal = testTerminal()
  const code = await runCommand(args, terminal)
  return { code, printed: terminal.printed.join('\n'), noted: terminal.noted.join('\n') }
}

beforeAll(async () => {
  vi.stubEnv('ARCHIVE_DIR', archives)
  if (place.databaseUrl === undefined) vi.stubEnv('DATA_DIR', place.dataDirectory)
  else vi.stubEnv('DATABASE_URL', place.databaseUrl)
  await withServer(async (server) => {
    key = await server.createKey(['ingest', 'read', 'admin'])
    const events = endedOrders('OLD', 300, Date.now() - 1_200 * dayMs, dayMs)
    await sendEvents(server.url, key, events)
    await keepMonths(server, key, 12)
  })
})

describe('archiving a real log', skipUnless(existsSync(logFile(log)), 'real logs (STAGEWATCH_LOGS)'), () => {
  it('changes no figure, also after a restart, a rebuild, and restoring all of it', async () => {
    const rows = readLog(log)
    const lastRow = new Map(rows.map((row) => [row.order, row]))
    const times = rows.map(({ at }) => at)
    const [first, last] = [times.reduce((a, b) => Math.min(a, b)), times.reduce((a, b) => Math.max(a, b))]
    const paths = figurePaths(first, Math.min(last + 1, first + 300 * dayMs))
    let figures: unknown
    const same = async (server: StartedServer) => {
      const [was, is] = [figures, await loadFigures(server, key, paths)] as Record<string, unknown>[]
      for (const path of paths) expect([path, is?.[path]]).toEqual([path, was?.[path]])
    }
    const rebuild = ({ url }: StartedServer) => call(`${url}/api/v1/admin/rebuild`, { key, method: 'POST', body: {} })
    await withServer(async (server) => {
      key = await server.createKey(['ingest', 'read', 'admin'], 'real')
      const events = rows.map(({ order, stage, at, row, customer }) => ({
        source: 'log',
        id: String(row),
        type: 'stage.entered',
        order,
        stage,
        occurredAt: new Date(at).toISOString(),
        sequence: row,
        data: { customer: customer === '' ? `C${row % 7}` : customer },
      }))
      const ends = [...lastRow.values()].filter(({ row }) => row % 10 !== 0)
      const completed = ends.map(({ order, at }) => ({
        source: 'log',
        id: `${order}-end`,
        type: 'order.completed',
        order,
        occurredAt: new Date(at + 60_000).toISOString(),
      }))
      const all = [...events, ...completed]
      for (let i = 0; i < all.length; i += 1_000) await sendEvents(server.url, key, all.slice(i, i + 1_000))
      figures = await loadFigures(server, key, paths)
      await keepMonths(server, key, 12)
      const { run: archiving } = await archiveNow(server, key)
      expect(archiving).toMatchObject({ state: 'done' })
      expect([archiving!.orders > 1_000, archiving!.events > 7_000]).toEqual([true, true])
      await same(server)
    })
    await withServer(async (server) => {
      await same(server)
      await rebuild(server)
      await same(server)
      for (const { name } of (await listArchives(server, key)).archives) {
        const body = { archive: name }
        const restored = await call(`${server.url}/api/v1/archives/restore`, { key, method: 'POST', body })
        expect([name, restored.status]).toEqual([name, 200])
      }
      await rebuild(server)
      await same(server)
    })
  }, 240_000)
})

describe('the command archive', () => {
  it('archives, lists what is archived, and restores an order and an archive', async () => {
    expect(await run('archive', 'list')).toMatchObject({
      code: 0,
      noted: expect.stringContaining('no run yet') as string,
    })
    const ran = await run('archive', 'run')
    expect(ran).toMatchObject({ code: 0, printed: '300 orders with 1200 events; done' })
    const listed = await run('archive', 'list', '--json')
    const { archives: found } = JSON.parse(listed.printed) as { archives: { name: string; orders: number }[] }
    expect(found.reduce((sum, { orders }) => sum + orders, 0)).toBe(300)
    expect((await run('archive', 'list')).printed).toContain(found[0]!.name)
    expect(await run('archive', 'restore', 'OLD-5')).toMatchObject({
      code: 0,
      printed: 'restored 1 order with 4 events',
    })
    expect(await run('archive', 'restore', 'OLD-5')).toMatchObject({ code: 1 })
    const { name, orders } = found[0]!
    const restored = await run('archive', 'restore', '--archive', name, '--json')
    expect(JSON.parse(restored.printed)).toMatchObject({ orders })
    expect((await run('export', join(archives, 'rest.ndjson'))).noted).toMatch(/\d+ events that are archived/)
  })

  it('lets an import be undone whose orders are archived, and says how many came back', async () => {
    const at = (hours: number) => new Date(Date.now() - 900 * dayMs + hours * 3_600_000).toISOString()
    const rows = Array.from({ length: 8 }, (_, i) => [
      `IMP-${i},picking,${at(i)},stage.entered`,
      `IMP-${i},,${at(i + 2)},order.completed`,
    ]).flat()
    const path = writtenFile(['order_id,stage,timestamp,event_type', ...rows, ''].join('\n'))
    expect(await run('import', path)).toMatchObject({ code: 0 })
    const { imports } = JSON.parse((await run('import', 'list', '--json')).printed) as { imports: { id: number }[] }
    expect(await run('archive', 'run')).toMatchObject({ code: 0, printed: '8 orders with 16 events; done' })
    const undone = await run('import', 'undo', String(imports[0]?.id), '--reason', 'wrong file')
    expect(undone.noted).toContain('8 archived orders were brought back for this')
    expect(undone).toMatchObject({ code: 0, printed: expect.stringContaining('16 events taken back') as string })
    const left = JSON.parse((await run('archive', 'list', '--json')).printed) as { totals: Record<string, number> }
    expect(left.totals['restoredOrders']).toBeGreaterThanOrEqual(8)
  })

  it('explains wrong arguments, and that a site keeps all events', async () => {
    for (const args of [['run', 'X'], ['restore'], ['restore', 'A', '--archive', 'B'], ['forget']])
      expect(await run('archive', ...args)).toMatchObject({ code: 2 })
    await run('site', 'add', 'keeps')
    expect(await run('archive', 'run', '--site', 'keeps')).toMatchObject({
      code: 1,
      noted: expect.stringContaining('the site keeps all events') as string,
    })
  })

  it('is in doctor, which also says when the disk is full', async () => {
    const { database } = await openDatabase(place)
    // 28 days of as many events as the log has, 30,000 times over: far more than any disk of a test has.
    await database.query(
      `insert into source_hours (site, source, hour_at, accepted, duplicate, rejected, lags)
       select 'main', 'wms', date_trunc('hour', now()) - make_interval(days => n), 1000000000, 0, 0, '{}'
       from generate_series(1, 27) as n`,
    )
    const events = Array.from({ length: 1_200 }, (_, i) => i)
    await database.query(
      `insert into events (site, source, id, origin, type, order_id, occurred_at, data, content_hash)
       select 'keeps', 'x', n::text, 'o', 'note.added', 'N', now(), '{}', md5(n::text) from unnest($1::int[]) as n`,
      [events],
    )
    await database.query('analyze events')
    await database.close()
    const { code, printed } = await run('doctor', '--json')
    const checks = (JSON.parse(printed) as { checks: { name: string; ok: boolean; message: string }[] }).checks
    const of = (name: string) => checks.find((check) => check.name === name)
    expect(code).toBe(1)
    expect(of('disk forecast')).toMatchObject({
      ok: false,
      message: expect.stringMatching(/^full in about \d+ days at the present rate: about \d+ MiB a day/) as string,
    })
    expect(of('archives')).toMatchObject({
      ok: true,
      message: expect.stringContaining('archived 8 orders') as string,
    })
  })
})
