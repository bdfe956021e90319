import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import type { Database } from '@stagewatch/db/database.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import type { ImportUndone } from '@stagewatch/shared/contract/imports.ts'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { sendEvents } from '../harness/send-events.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { call } from '../http/call.ts'
import { archiveNow, dayMs, endedOrders, keepMonths, loadFigures, longAgo, now } from './archived-plant.ts'

const clock = new VirtualClock(now)
let directory: string
let database: Database
let server: StartedServer
let key: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'stagewatch-archived-import-'))
  database = await openTestDatabase()
  server = await startServer({ clock, database, variables: { ARCHIVE_DIR: directory } })
  key = await server.createKey(['ingest', 'read', 'admin'])
  await keepMonths(server, key, 12)
})
afterEach(async () => {
  await server.close()
  await database.close()
  await rm(directory, { recursive: true, force: true })
})

const ask = (path: string, options: Parameters<typeof call>[1] = {}) =>
  call(`${server.url}/api/v1/${path}`, { key, ...options })

async function importEvents(file: string, events: readonly object[]): Promise<number> {
  const begun = await ask('imports', { method: 'POST', body: { file, hash: '1'.repeat(64), options: {} } })
  const { id } = begun.body as { id: number }
  const headers = { 'x-stagewatch-import': String(id) }
  const sent = await ask('events', { method: 'POST', body: events, headers })
  expect(sent).toMatchObject({ status: 200, body: { accepted: events.length } })
  await ask(`imports/${id}/end`, {
    method: 'POST',
    body: { rows: events.length, accepted: events.length, duplicate: 0, rejected: 0 },
  })
  return id
}

const undoOnce = (id: number) => ask(`imports/${id}/undo`, { method: 'POST', body: { reason: 'wrong time zone' } })

async function undo(id: number): Promise<{ readonly restored: number; readonly events: number }> {
  for (let restored = 0, requests = 0; requests < 50; requests += 1) {
    const { status, body } = await undoOnce(id)
    expect([status, body]).toEqual([200, body])
    const { isDone, restoredOrders, import: undone } = body as ImportUndone
    restored += restoredOrders
    if (isDone) return { restored, events: undone.undo?.events ?? 0 }
  }
  throw new Error('the undo does not end')
}

it('an import is undone as a whole when its orders are archived: they come back, and none of its events counts', async () => {
  await sendEvents(server.url, key, endedOrders('KEPT', 12, longAgo))
  const before = await loadFigures(server, key)
  // Orders that ended in several months, so that they are in several archives; some orders were there before.
  const added = [...endedOrders('OLD', 80, longAgo - 60 * dayMs, dayMs), ...endedOrders('NEW', 5, now - 9 * dayMs)]
  const id = await importEvents('history.csv', added)
  const { totals } = await archiveNow(server, key)
  expect(totals.archives).toBeGreaterThan(2)
  expect(totals.orders).toBe(12 + 80)

  expect(await undo(id)).toEqual({ restored: expect.any(Number) as number, events: added.length })
  expect((await ask('imports')).body).toMatchObject({ imports: [{ id, state: 'undone' }] })
  expect(await loadFigures(server, key)).toEqual(before)
  const counted = await database.query<{ order: string }>(
    `select order_id as "order" from orders where status <> 'void' and order_id not like 'KEPT-%'`,
  )
  expect(counted).toEqual([])
  const { body } = await ask('admin/changes?limit=100')
  const actions = (body as { changes: { action: string }[] }).changes.map(({ action }) => action)
  expect(actions).toEqual(expect.arrayContaining(['import.undone', 'archive.restored']))
}, 60_000)

it('also when the archives were written before imports were noted with them', async () => {
  const events = endedOrders('OLD', 6, longAgo)
  const id = await importEvents('history.csv', events)
  await archiveNow(server, key)
  await database.query('update archives set import_ids = null')
  expect(await undo(id)).toEqual({ restored: 6, events: events.length })
})

it('is refused while the file of an archive is missing, says which, and takes nothing back', async () => {
  const id = await importEvents('history.csv', endedOrders('OLD', 6, longAgo))
  await archiveNow(server, key)
  const file = (await readdir(join(directory, 'main'))).find((name) => name.endsWith('.log.ndjson.gz'))!
  await rm(join(directory, 'main', file))
  const refused = await undoOnce(id)
  expect(refused).toMatchObject({ status: 503, body: { code: 'not_ready' } })
  const voids = await database.query(`select 1 from events where type = 'event.voided'`)
  expect(voids).toEqual([])
  expect((await ask('imports')).body).toMatchObject({ imports: [{ id, state: 'undoing', undo: { events: 0 } }] })
})

it('orders of an import that is being undone are not archived meanwhile, and the others are', async () => {
  const id = await importEvents('history.csv', endedOrders('OLD', 6, longAgo))
  await sendEvents(server.url, key, endedOrders('KEPT', 4, longAgo))
  // Undone in part: its server died after the first request.
  const begun = [new Date(now).toISOString(), 'ann', 'wrong file']
  await database.query('update imports set undo_started_at = $1, undo_actor = $2, undo_reason = $3', begun)
  expect((await archiveNow(server, key)).totals.orders).toBe(4)
  expect(await undo(id)).toEqual({ restored: 0, events: 24 })
})
