import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import type { Database } from '@stagewatch/db/database.ts'
import { recordedEvents } from '@stagewatch/server/analysis/recorded-events.ts'
import { ScanWatch } from '@stagewatch/server/engine/scans/scan-watch.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sendEvents } from '../harness/send-events.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { call } from '../http/call.ts'
import {
  archiveNow,
  dayMs,
  endedOrders,
  fillPlant,
  filesIn,
  keepMonths,
  loadFigures,
  longAgo,
  now,
  wholeLog,
} from './archived-plant.ts'

const clock = new VirtualClock(now)
let directory: string
let database: Database
let server: StartedServer
let key: string
let figures: unknown
let log: readonly string[]

const start = () => startServer({ clock, database, variables: { ARCHIVE_DIR: directory } })
const ask = (path: string, options: Parameters<typeof call>[1] = {}) =>
  call(`${server.url}/api/v1/${path}`, { key, ...options })
const eventOf = (order: string, number: number) =>
  endedOrders('OLD', 60, longAgo).find(({ id }) => id === `${order}-${number}`)!

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'stagewatch-retention-'))
  database = await openTestDatabase()
  server = await start()
  key = await server.createKey(['ingest', 'read', 'admin'])
  await fillPlant(server, key)
  figures = await loadFigures(server, key)
  log = await wholeLog(server)
})
afterAll(async () => {
  await server.close()
  await database.close()
  await rm(directory, { recursive: true, force: true })
})

describe('archiving the events of ended orders', () => {
  it('is off until the site sets a number of months', async () => {
    expect((await ask('retention')).body).toMatchObject({ version: expect.any(String) as string })
    const refused = await ask('archives/run', { method: 'POST', body: {} })
    expect(refused).toMatchObject({ status: 409, body: { code: 'conflict' } })
    const wrong = await ask('retention', { method: 'PUT', body: { archiveAfterMonths: 0 } })
    expect(wrong).toMatchObject({ status: 400, body: { code: 'invalid_field' } })
    await keepMonths(server, key, 12)
    expect((await ask('admin/changes')).body).toMatchObject({
      changes: expect.arrayContaining([
        expect.objectContaining({ action: 'retention.changed', after: { archiveAfterMonths: 12 } }),
      ]) as unknown[],
    })
  })

  it('removes the events of orders that ended long ago, whole orders and no open ones', async () => {
    const { run, totals } = await archiveNow(server, key)
    expect(run).toMatchObject({ state: 'done' })
    const ended = await database.query<{ order: string; archived: boolean; events: number; rows: number }>(
      `select order_id as "order", archive_id is not null as archived, event_count as events,
         (select count(*)::int from events e where e.site = o.site and e.order_id = o.order_id) as rows
       from orders o where site = 'main'`,
    )
    const byOrder = new Map(ended.map((row) => [row.order, row]))
    expect(ended.filter(({ archived }) => archived).length).toBe(totals.orders)
    expect(totals.orders).toBeGreaterThanOrEqual(90)
    for (const { archived, events, rows } of ended) expect(rows).toBe(archived ? 0 : events)
    expect([byOrder.get('OLD-0')?.archived, byOrder.get('OLD-59')?.archived]).toEqual([true, true])
    // Open since then, and ended a few days ago.
    expect([byOrder.get('SO-1')?.archived, byOrder.get('NEW-3')?.archived]).toEqual([false, false])
    const [row] = await database.query<{ events: number }>(`select count(*)::int as events from events`)
    expect(row!.events + totals.events).toBe(log.length)
  })

  it('keeps every figure, also after a restart and after a rebuild from the log', async () => {
    expect(await loadFigures(server, key)).toEqual(figures)
    await server.close()
    server = await start()
    expect(await loadFigures(server, key)).toEqual(figures)
    const rebuilt = await ask('admin/rebuild', { method: 'POST', body: {} })
    expect(rebuilt.status).toBe(200)
    expect(await loadFigures(server, key)).toEqual(figures)
    const { body } = await ask('admin/doctor')
    const checks = (body as { checks: { name: string; ok: boolean }[] }).checks
    expect(checks.filter(({ name }) => name === 'tables' || name === 'engine')).toEqual([
      expect.objectContaining({ name: 'tables', ok: true }),
      expect.objectContaining({ name: 'engine', ok: true }),
    ])
  })

  it('leaves events recorded before the last archived one out of delays, which would be computed from a part of them', async () => {
    const [{ at } = { at: 0 }] = await database.query<{ at: number }>(
      `select extract(epoch from max(last_recorded_at))::float8 * 1000 as at from archives`,
    )
    const read = async (from: number) => {
      const period = { from, to: at + 3_600_000 }
      const selection = { period, by: 'source', choice: undefined } as const
      const pages = recordedEvents(database, 'main', selection, new ScanWatch())
      const found: number[] = []
      for (;;) {
        const page = await pages.next()
        if (page.done === true) return { found, ...page.value }
        found.push(...page.value.groups.flatMap(({ recordedAt }) => recordedAt))
      }
    }
    const since = await read(at - dayMs)
    expect(since.reachesBackTo).toBe(at + 1)
    expect(since.found.filter((recordedAt) => recordedAt <= at)).toEqual([])
    expect(await read(at + 1)).toMatchObject({ reachesBackTo: undefined })
  })

  it('writes files with a manifest, whose events are as in an export', async () => {
    const files = await filesIn(directory)
    const manifests = files.filter((name) => name.endsWith('.manifest.json'))
    expect(files.length).toBe(3 * manifests.length)
    const lines: { id: string }[] = []
    for (const name of manifests) {
      const manifest = JSON.parse(await readFile(join(directory, 'main', name), 'utf8')) as {
        events: number
        files: { events: { name: string; sha256: string; bytes: number } }
      }
      const content = await readFile(join(directory, 'main', manifest.files.events.name))
      expect(content.length).toBe(manifest.files.events.bytes)
      const events = gunzipSync(content).toString().trimEnd().split('\n')
      expect(events.length).toBe(manifest.events)
      lines.push(...events.map((line) => JSON.parse(line) as { id: string }))
    }
    expect(lines).toContainEqual(eventOf('OLD-7', 1))
    const answer = await sendEvents(server.url, key, lines)
    expect(answer).toMatchObject({ accepted: 0, duplicate: lines.length, rejected: 0 })
  })

  it('answers an archived event that is sent again as a duplicate, and another one with its id as a conflict', async () => {
    const again = await sendEvents(server.url, key, [eventOf('OLD-3', 2), eventOf('OLD-3', 3)])
    expect(again).toMatchObject({ accepted: 0, duplicate: 2, rejected: 0 })
    const other = { ...eventOf('OLD-3', 2), stage: 'packing' }
    const elsewhere = { ...eventOf('OLD-3', 4), order: 'ANOTHER' }
    const { results } = await sendEvents(server.url, key, [other, elsewhere])
    expect(results).toMatchObject([
      { status: 'rejected', code: 'conflict' },
      { status: 'rejected', code: 'conflict' },
    ])
    // The quick way for new orders, whose fold is not cached.
    const alone = await sendEvents(server.url, key, [{ ...eventOf('OLD-5', 4), order: 'YET-ANOTHER' }])
    expect(alone.results).toMatchObject([{ status: 'rejected', code: 'conflict' }])
    expect((await ask('orders/YET-ANOTHER')).status).toBe(404)
    expect(await loadFigures(server, key)).toEqual(figures)
  })

  it('refuses a new event of an archived order, and accepts it when the order is restored', async () => {
    const late = { ...eventOf('OLD-9', 3), id: 'late', stage: 'shipping' }
    const { results } = await sendEvents(server.url, key, [late])
    expect(results).toMatchObject([{ status: 'rejected', code: 'order_archived', field: 'order' }])
    const { body: found } = await ask('orders/OLD-9')
    expect(found).toMatchObject({
      events: [],
      archived: { at: now, archive: expect.stringMatching(/^2025-09-/) as string },
    })
    expect((found as { visits: unknown[] }).visits.length).toBe(2)
    expect(await loadFigures(server, key)).toEqual(figures)

    const restored = await ask('archives/restore', { method: 'POST', body: { order: 'OLD-9' } })
    expect(restored).toMatchObject({ status: 200, body: { orders: 1, events: 4, accepted: 1 } })
    const { body: back } = await ask('orders/OLD-9')
    expect((back as { events: unknown[] }).events.length).toBe(5)
    expect(back).not.toHaveProperty('archived')
    expect((back as { visits: unknown[] }).visits.length).toBe(3)
    expect((await ask('archives/restore', { method: 'POST', body: { order: 'OLD-9' } })).status).toBe(404)
    const dropped = {
      source: late.source,
      id: 'drop',
      type: 'event.voided',
      order: 'OLD-9',
      occurredAt: late.occurredAt,
    }
    await sendEvents(server.url, key, [{ ...dropped, data: { source: late.source, id: 'late' } }])
    // It is not archived again at once.
    await archiveNow(server, key)
    expect((await ask('orders/OLD-9')).body).not.toHaveProperty('archived')
  })

  it('restores whole archives, so that the log is as it was', async () => {
    const { archives } = await archiveNow(server, key)
    for (const { name } of archives) {
      const restored = await ask('archives/restore', { method: 'POST', body: { archive: name } })
      expect([name, restored.status]).toEqual([name, 200])
    }
    const without = (rows: readonly string[]) => rows.filter((row) => !/"id": "(late|drop)"/.test(row))
    expect(without(await wholeLog(server))).toEqual(log)
    const [left] = await database.query<{ count: number }>(`select count(*)::int as count from archived_events`)
    expect(left).toEqual({ count: 0 })
    expect(await loadFigures(server, key)).toEqual(figures)
    await ask('admin/rebuild', { method: 'POST', body: {} })
    expect(await loadFigures(server, key)).toEqual(figures)
    expect((await archiveNow(server, key)).run).toMatchObject({ state: 'done', orders: 0 })
  })
})
