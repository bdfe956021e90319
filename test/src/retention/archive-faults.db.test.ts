import { copyFile, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import type { Database } from '@stagewatch/db/database.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { archiveOrders } from '@stagewatch/server/retention/archive-slice.ts'
import { readArchive } from '@stagewatch/server/retention/archive-files.ts'
import { sliceLimits } from '@stagewatch/server/retention/ended-orders.ts'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { sendEvents } from '../harness/send-events.ts'
import { skipUnless } from '../harness/skip.ts'
import { canMountDisks, mountSmallDisk } from '../harness/small-disk.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { call } from '../http/call.ts'
import {
  archiveNow,
  dayMs,
  endedOrders,
  filesIn,
  keepMonths,
  listArchives,
  longAgo,
  now,
  wholeLog,
} from './archived-plant.ts'

let clock: VirtualClock
let directory: string
let database: Database
let key: string
const servers: StartedServer[] = []

const start = async (archives = directory) => {
  const server = await startServer({ clock, database, variables: { ARCHIVE_DIR: archives } })
  servers.push(server)
  return server
}
const restore = ({ url }: StartedServer, body: object) =>
  call(`${url}/api/v1/archives/restore`, { key, method: 'POST', body })
const doctor = async ({ url }: StartedServer) => {
  const { body } = await call(`${url}/api/v1/admin/doctor`, { key })
  return (body as { checks: { name: string; ok: boolean; message: string }[] }).checks.find(
    ({ name }) => name === 'archives',
  )
}

/** A server with orders that ended long ago, in different months. */
async function plant(count: number, archives?: string, from = longAgo): Promise<StartedServer> {
  const server = await start(archives)
  key = await server.createKey(['ingest', 'read', 'admin'])
  const events = endedOrders('OLD', count, from)
  for (let i = 0; i < events.length; i += 1_000) await sendEvents(server.url, key, events.slice(i, i + 1_000))
  await keepMonths(server, key, 12)
  return server
}

beforeEach(async () => {
  clock = new VirtualClock(now)
  directory = await mkdtemp(join(tmpdir(), 'stagewatch-archive-faults-'))
  database = await openTestDatabase()
})
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
  await database.close()
  await rm(directory, { recursive: true, force: true })
})

it('removes nothing while the folder cannot be written, says so, and goes on when it can', async () => {
  const blocked = join(directory, 'blocked')
  await writeFile(blocked, 'a file where the folder should be')
  const server = await plant(6, blocked)
  const log = await wholeLog(server)
  const refused = await call(`${server.url}/api/v1/archives/run`, { key, method: 'POST', body: {} })
  expect(refused).toMatchObject({
    status: 503,
    body: { code: 'not_ready', message: expect.stringContaining(blocked) as string },
  })
  // The task of the server finds the same, and tries again every hour.
  clock.advanceTo(now + 3_600_000)
  await eventually(async () => {
    expect((await listArchives(server, key)).run).toMatchObject({ state: 'failed', failure: 'directory_unwritable' })
  })
  expect(await doctor(server)).toMatchObject({ ok: false, message: expect.stringContaining('ARCHIVE_DIR') as string })
  expect(await wholeLog(server)).toEqual(log)
  const metrics = async () => (await call(`${server.url}/metrics`)).body as string
  expect(await metrics()).toMatch(/^stagewatch_archive_failing\{site="main"\} 1$/m)

  await rm(blocked)
  clock.advanceTo(now + 2 * 3_600_000)
  await eventually(async () =>
    expect((await listArchives(server, key)).run).toMatchObject({ state: 'done', orders: 6 }),
  )
  expect(await doctor(server)).toMatchObject({ ok: true })
  expect(await metrics()).toMatch(/^stagewatch_archive_failing\{site="main"\} 0$/m)
  expect(await metrics()).toMatch(/^stagewatch_archived_orders\{site="main"\} 6$/m)
})

it(
  'removes nothing when the disk of the archives is full',
  skipUnless(canMountDisks, 'mounting disks (only root on Linux)'),
  async () => {
    const disk = await mountSmallDisk(4 * 1024 ** 2)
    try {
      const server = await plant(200, disk.directory)
      const log = await wholeLog(server)
      await disk.leave(8 * 1024)
      const { run } = await archiveNow(server, key)
      expect(run).toMatchObject({ state: 'failed', failure: 'directory_full', orders: 0 })
      expect(await doctor(server)).toMatchObject({ ok: false })
      expect(await wholeLog(server)).toEqual(log)
      await disk.enlarge()
      expect((await archiveNow(server, key)).run).toMatchObject({ state: 'done', orders: 200 })
      expect((await wholeLog(server)).length).toBe(0)
    } finally {
      await disk.close()
    }
  },
)

it('refuses to restore from a file that was changed or is missing, and restores from the original', async () => {
  const server = await plant(4)
  const log = await wholeLog(server)
  await archiveNow(server, key)
  const events = (await filesIn(directory)).find((name) => name.endsWith('.events.ndjson.gz')) ?? ''
  const path = join(directory, 'main', events)
  const kept = join(directory, 'kept')
  await copyFile(path, kept)
  const bytes = await readFile(path)
  bytes[bytes.length - 12]! ^= 1
  await writeFile(path, bytes)
  expect(await restore(server, { order: 'OLD-2' })).toMatchObject({
    status: 503,
    body: { code: 'not_ready', message: expect.stringContaining('was changed') as string },
  })
  await rm(path)
  expect(await restore(server, { order: 'OLD-2' })).toMatchObject({ status: 503 })
  expect((await wholeLog(server)).length).toBe(0)
  await copyFile(kept, path)
  for (const order of ['OLD-0', 'OLD-1', 'OLD-2', 'OLD-3'])
    expect(await restore(server, { order })).toMatchObject({ status: 200, body: { orders: 1, events: 4 } })
  expect(await wholeLog(server)).toEqual(log)
})

it('writes and removes bounded numbers of rows per transaction, while events arrive', async () => {
  const server = await plant(2_600, undefined, longAgo - 100 * dayMs)
  const long = Array.from({ length: 5_600 }, (_, i) => ({
    source: 'mes',
    id: `long-${i}`,
    type: i === 5_599 ? 'order.completed' : 'note.added',
    order: 'LONG',
    occurredAt: new Date(longAgo + i * 1_000).toISOString(),
    ...(i < 5_599 && { data: { comment: 'measured' } }),
  }))
  for (let i = 0; i < long.length; i += 1_000) await sendEvents(server.url, key, long.slice(i, i + 1_000))
  const archiving = archiveNow(server, key)
  let [sent, isOver] = [0, false]
  void archiving.finally(() => (isOver = true))
  while (!isOver) {
    const event = { source: 'wms', id: `live-${sent}`, type: 'stage.entered', order: `LIVE-${sent}`, stage: 'picking' }
    const answer = await sendEvents(server.url, key, [{ ...event, occurredAt: new Date(now).toISOString() }])
    expect(answer).toMatchObject({ accepted: 1 })
    sent += 1
  }
  const { run } = await archiving
  expect(run).toMatchObject({ state: 'done', orders: 2_601, events: 2_600 * 4 + 5_600 })
  expect(sent).toBeGreaterThan(2)
  const rows = await database.query<{ events: number; orders: number }>(
    `select count(*)::int as events, count(distinct archive_id)::int as orders from archived_events group by xmin::text`,
  )
  const sizes = rows.map(({ events }) => events).toSorted((a, b) => b - a)
  // A single longer order is its own transaction.
  expect(sizes[0]).toBe(5_600)
  expect(sizes[1]).toBeLessThanOrEqual(sliceLimits.events)
  expect(rows.every(({ orders }) => orders === 1)).toBe(true)
  expect((await wholeLog(server)).length).toBe(sent)
}, 240_000)

it('ends when it is cancelled, and the next run archives the rest', async () => {
  const server = await plant(1_500, undefined, longAgo - 100 * dayMs)
  const log = await wholeLog(server)
  const run = (method: string) => call(`${server.url}/api/v1/archives/run`, { key, method, body: {} })
  expect((await run('POST')).status).toBe(200)
  expect((await run('DELETE')).body).toEqual({ cancelled: true })
  const cancelled = await eventually(async () => {
    const answer = await listArchives(server, key)
    expect(answer.run?.state).toBe('cancelled')
    return answer
  })
  expect(cancelled.totals.orders).toBeLessThan(1_500)
  expect((await wholeLog(server)).length).toBe(log.length - cancelled.totals.events)
  expect((await run('DELETE')).body).toEqual({ cancelled: false })
  const { run: next, totals } = await archiveNow(server, key)
  expect(next).toMatchObject({ state: 'done', orders: 1_500 - cancelled.totals.orders })
  expect([totals.orders, (await wholeLog(server)).length]).toEqual([1_500, 0])
}, 120_000)

it('lets one of two server instances archive, and never archives an order twice', async () => {
  const server = await plant(40)
  const log = await wholeLog(server)
  const other = await start()
  const run = ({ url }: StartedServer) => call(`${url}/api/v1/archives/run`, { key, method: 'POST', body: {} })
  const replies = await Promise.all([run(server), run(other), run(server), run(other)])
  expect(replies.filter(({ status }) => status === 200).length).toBe(1)
  expect(replies.filter(({ status }) => status === 409).length).toBe(3)
  await eventually(async () =>
    expect((await listArchives(other, key)).run).toMatchObject({ state: 'done', orders: 40 }),
  )
  const counts = await database.query<{ events: number; orders: number }>(
    `select (select count(*)::int from archived_events) as events,
       (select sum(order_count)::int from archives) as orders`,
  )
  expect(counts).toEqual([{ events: log.length, orders: 40 }])
  for (const { name } of (await listArchives(server, key)).archives) await restore(other, { archive: name })
  expect(await wholeLog(server)).toEqual(log)
})

it('archives once when two instances have chosen the same orders, and leaves out an order that changes', async () => {
  const server = await plant(3)
  const slice = (orders: readonly string[]) => ({
    site: 'main',
    month: '2025-09',
    orders: orders.map((order) => ({ order, eventCount: 4 })),
    archivedAt: now,
  })
  const both = await Promise.all([
    archiveOrders(database, directory, slice(['OLD-0', 'OLD-1'])),
    archiveOrders(database, directory, slice(['OLD-1', 'OLD-0'])),
  ])
  expect(both.map(({ orders }) => orders).toSorted((a, b) => a - b)).toEqual([0, 2])
  const { archives } = await listArchives(server, key)
  expect(archives.length).toBe(1)
  const [stored] = await database.query<{ name: string; eventsSha256: string; logSha256: string }>(
    `select name, events_sha256 as "eventsSha256", log_sha256 as "logSha256" from archives`,
  )
  expect((await readArchive(directory, 'main', stored!)).length).toBe(8)
  // It has more events than when it was chosen.
  const more = { ...endedOrders('OLD', 3, longAgo).at(-3)!, id: 'more' }
  await sendEvents(server.url, key, [more])
  expect(await archiveOrders(database, directory, slice(['OLD-2']))).toEqual({ orders: 0, events: 0 })
  expect((await wholeLog(server)).length).toBe(5)
})

it('deletes files that no archive refers to after a day, and no others', async () => {
  const server = await plant(3)
  await archiveNow(server, key)
  const files = await filesIn(directory)
  const folder = join(directory, 'main')
  const left = ['2025-01-0123456789abcdef.log.ndjson.gz', '2025-01-0123456789abcdef.events.ndjson.gz.0a1b2c3d.partial']
  for (const name of [...left, 'notes.txt']) await writeFile(join(folder, name), 'x')
  await archiveNow(server, key)
  expect((await readdir(folder)).toSorted()).toEqual([...files, ...left, 'notes.txt'].toSorted())
  const yesterday = new Date(Date.now() - 2 * dayMs)
  for (const name of await readdir(folder)) await utimes(join(folder, name), yesterday, yesterday)
  await archiveNow(server, key)
  expect((await readdir(folder)).toSorted()).toEqual([...files, 'notes.txt'].toSorted())
})
