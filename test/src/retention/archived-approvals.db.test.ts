import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { newestMigration } from '@stagewatch/db/installed-versions.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import type { Database } from '@stagewatch/db/database.ts'
import { verifySeals } from '@stagewatch/server/audit/verify-seals.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { archiveCheck } from '@stagewatch/server/retention/verify-archives.ts'
import { orderApprovals } from '@stagewatch/shared/contract/approvals.ts'
import { erasurePreview } from '@stagewatch/shared/contract/erasures.ts'
import type { ErasureList } from '@stagewatch/shared/contract/erasures.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { sendEvents } from '../harness/send-events.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { call } from '../http/call.ts'
import { archiveNow, dayMs, endedOrders, keepMonths, listArchives, longAgo, now } from './archived-plant.ts'
import { plantApprovals } from './plant-approvals.ts'

let clock: VirtualClock
let directory: string
let database: Database
let server: StartedServer
let key: string

beforeEach(async () => {
  clock = new VirtualClock(now)
  directory = await mkdtemp(join(tmpdir(), 'stagewatch-archived-approvals-'))
  database = await openTestDatabase()
  server = await startServer({ clock, database, variables: { ARCHIVE_DIR: directory } })
  key = await server.createKey(['ingest', 'read', 'admin'])
  const events = [...endedOrders('OLD', 12, longAgo), ...endedOrders('NEW', 4, now - 5 * dayMs)]
  await sendEvents(server.url, key, events)
  await keepMonths(server, key, 12)
  await plantApprovals(database)
})
afterEach(async () => {
  await server.close()
  await database.close()
  await rm(directory, { recursive: true, force: true })
})

const ask = (path: string, options: Parameters<typeof call>[1] = {}) =>
  call(`${server.url}/api/v1/${path}`, { key, ...options })

async function ofOrder(order: string) {
  const { status, body } = await ask(`orders/${order}/approvals`)
  expect([status, body]).toEqual([200, body])
  return orderApprovals.parse(body).approvals
}

async function rowsOf(table: string): Promise<string[]> {
  const rows = await database.query<{ row: string }>(`select to_jsonb(t)::text as row from ${table} t order by 1`)
  return rows.map(({ row }) => row)
}

/** Everything that is stored of approvals, except links. */
const stored = async () => [await rowsOf('approvals'), await rowsOf('approval_entries')]

/** How long orders waited for approval, then and lately. */
async function approvalTimes() {
  const day = (at: number) => new Date(at).toISOString()
  const periods = [
    [longAgo - 5 * dayMs, longAgo + 10 * dayMs],
    [now - 10 * dayMs, now],
  ] as const
  const answers = periods.map(([from, to]) => ask(`analysis/approvals?from=${day(from)}&to=${day(to)}`))
  return (await Promise.all(answers)).map(({ status, body }) => {
    expect([status, body]).toEqual([200, body])
    const { total, rows } = body as { total: object; rows: object[] }
    return { total, rows }
  })
}

async function approvalFiles(): Promise<string[]> {
  return (await readdir(join(directory, 'main'))).filter((name) => name.includes('.approvals-'))
}

async function textInFiles(): Promise<string> {
  const files = await approvalFiles()
  const contents = await Promise.all(files.map((file) => readFile(join(directory, 'main', file))))
  return contents.map((content) => gunzipSync(content).toString()).join('')
}

async function problems() {
  const running = verifySeals(database.longRunning, archiveCheck(directory))
  for (;;) {
    const { done, value } = await running.next()
    if (done === true) return value.problems
  }
}

const restore = (body: object) => ask('archives/restore', { method: 'POST', body })

describe('the approvals of archived orders', () => {
  it('leave their times, move to files, and come back with their orders as they were', async () => {
    const before = await stored()
    const times = await approvalTimes()
    expect(times).toMatchObject([{ total: { decided: 6, rejected: 2 } }, { total: { decided: 2 } }])
    expect(await ofOrder('OLD-2')).toMatchObject([{ requester: 'Wang', steps: [{}, {}] }])

    const { archives } = await archiveNow(server, key)
    expect(archives.flatMap(({ approvals = 0 }) => approvals).reduce((sum, count) => sum + count, 0)).toBe(6)
    const names = archives.flatMap(({ approvalsFile }) => approvalsFile?.name ?? [])
    expect(await approvalFiles()).toEqual(names.toSorted())
    expect(await approvalTimes()).toEqual(times)
    const [shown] = await ofOrder('OLD-2')
    expect(shown).toMatchObject({ outcome: 'approved', isArchived: true, steps: [], notes: [] })
    expect(shown?.requester).toBeUndefined()
    expect((await ofOrder('NEW-2'))[0]).toMatchObject({ requester: 'Wang', steps: [{}, {}] })
    const left = JSON.stringify([await stored(), await rowsOf('approval_links')])
    for (const text of ['OLD-2 is fine', 'token of OLD-2']) expect(left).not.toContain(text)
    const [row] = await database.query(
      `select requester, requester_ids as ids, flow from approvals where order_id = 'OLD-2'`,
    )
    expect(row).toEqual({ requester: null, ids: [], flow: { steps: [] } })
    expect(left).toContain('NEW-2 is fine')
    expect(left).toContain('token of NEW-2')
    expect(await problems()).toEqual([])

    expect(await restore({ order: 'OLD-4' })).toMatchObject({ status: 200 })
    expect((await ofOrder('OLD-4'))[0]).toMatchObject({ requester: 'Wang', steps: [{}, {}] })
    for (const { name } of archives) expect(await restore({ archive: name })).toMatchObject({ status: 200 })
    expect(await stored()).toEqual(before)
    expect(await approvalTimes()).toEqual(times)
    const counts = await database.query('select 1 from archives where approval_count <> 0')
    expect(counts).toEqual([])

    // Archived again when that is allowed, by the daily run.
    clock.advanceTo(now + 40 * dayMs)
    await eventually(async () => expect((await ofOrder('OLD-4'))[0]).toMatchObject({ isArchived: true }))
    expect(await problems()).toEqual([])
  })

  it('stay while they are running, or while a server of an earlier version is', async () => {
    await database.query(`update approvals set outcome = null, ended_at = null where order_id = 'OLD-6'`)
    await database.query(
      `insert into server_instances (id, version, newest_migration) values ('old', '0.0.1', $1::bigint)`,
      [newestMigration - 1],
    )
    const before = await stored()
    await archiveNow(server, key)
    expect(await approvalFiles()).toEqual([])
    expect(await stored()).toEqual(before)
    await database.query(`update server_instances set stopped_at = now() where id = 'old'`)
    await archiveNow(server, key)
    expect((await ofOrder('OLD-2'))[0]).toMatchObject({ isArchived: true })
    expect((await ofOrder('OLD-6'))[0]).toMatchObject({ requester: 'Wang', steps: [{}, {}] })
  })

  it('are counted and changed when personal data is removed', async () => {
    await database.query(
      `update approval_entries set by_name = '王小明', comment = '王小明：同意' where comment like 'OLD-2 %'`,
    )
    await archiveNow(server, key)
    expect(await textInFiles()).toContain('王小明')
    const asked = await ask('erasures/preview', { method: 'POST', body: { name: '王小明' } })
    const preview = erasurePreview.parse(asked.body)
    expect(preview).toMatchObject({ rows: 0, archives: { events: 0, rows: 1 } })
    const body = { kind: 'person', name: '王小明', reason: 'request 17' }
    expect(await ask('erasures', { method: 'POST', body })).toMatchObject({ status: 200 })
    await eventually(async () => {
      clock.advanceTo(clock.now() + 2_000)
      const [newest] = ((await ask('erasures')).body as ErasureList).erasures
      expect(newest).toMatchObject({ doneAt: expect.any(Number) as number, rows: 1 })
    })
    expect(await textInFiles()).not.toContain('王小明')
    expect(JSON.stringify(await stored())).not.toContain('王小明')
    expect((await ofOrder('OLD-2'))[0]).toMatchObject({ steps: [{}, {}] })
  })

  it('are counted and changed when a customer is removed that a step is for, also of orders that are not archived', async () => {
    await database.query(
      `update approvals set flow = jsonb_set(flow, '{steps,1,when}', '{"customer": ["Acme, Inc."]}')
       where order_id in ('OLD-2', 'NEW-2')`,
    )
    await archiveNow(server, key)
    expect(await textInFiles()).toContain('Acme')
    const asked = await ask('erasures/preview', { method: 'POST', body: { name: 'Acme, Inc.' } })
    expect(erasurePreview.parse(asked.body)).toMatchObject({ rows: 1, archives: { events: 0, rows: 1 } })
    const body = { kind: 'customer', name: 'Acme, Inc.', reason: 'request 18' }
    expect(await ask('erasures', { method: 'POST', body })).toMatchObject({ status: 200 })
    await eventually(async () => {
      clock.advanceTo(clock.now() + 2_000)
      const [newest] = ((await ask('erasures')).body as ErasureList).erasures
      expect(newest).toMatchObject({ doneAt: expect.any(Number) as number, rows: 2 })
    })
    expect(await textInFiles()).not.toContain('Acme')
    expect(JSON.stringify(await stored())).not.toContain('Acme')
  })

  it('are missed, and nothing is restored, while their file is missing or was changed', async () => {
    await archiveNow(server, key)
    const [file = ''] = await approvalFiles()
    const path = join(directory, 'main', file)
    const content = await readFile(path)
    const archive = file.slice(0, file.indexOf('.'))
    await writeFile(path, Buffer.concat([content, Buffer.from('x')]))
    expect(await problems()).toMatchObject([{ kind: 'archive', archive }])
    expect(await restore({ archive })).toMatchObject({ status: 503, body: { code: 'not_ready' } })
    await rm(path)
    expect(await problems()).toMatchObject([{ kind: 'archive', archive }])
    expect(await database.query(`select 1 from events where order_id like 'OLD-%'`)).toEqual([])
    await writeFile(path, content)
    expect(await restore({ archive })).toMatchObject({ status: 200 })
  })
})

describe('orders that a server of an earlier version has restored', () => {
  /** As a server does that knows neither of corrections nor of approvals in files. */
  async function restoreAsBefore(order: string): Promise<void> {
    await database.query(
      `with one as (update orders o set archive_id = null, restored_at = to_timestamp($2::float8 / 1000)
         from (select archive_id from orders where order_id = $1) as old where o.order_id = $1 returning old.archive_id)
       update archives set restored_count = restored_count + 1 where id = (select archive_id from one)`,
      [order, now],
    )
  }

  it('get their approvals and corrections back within the hour, once', async () => {
    const before = await stored()
    await archiveNow(server, key)
    await restoreAsBefore('OLD-2')
    expect((await ofOrder('OLD-2'))[0]).toMatchObject({ isArchived: true })
    clock.advanceTo(now + 3_600_000)
    await eventually(async () => expect((await ofOrder('OLD-2'))[0]).toMatchObject({ requester: 'Wang' }))
    const { archives } = await listArchives(server, key)
    expect(archives.flatMap(({ approvals = 0 }) => approvals).reduce((sum, count) => sum + count, 0)).toBe(5)
    expect(await restore({ order: 'OLD-4' })).toMatchObject({ status: 200 })
    await restoreAsBefore('OLD-6')
    clock.advanceTo(now + 2 * 3_600_000)
    await eventually(async () => expect((await ofOrder('OLD-6'))[0]).toMatchObject({ requester: 'Wang' }))
    for (const { name } of archives) await restore({ archive: name })
    expect(await stored()).toEqual(before)
    const left = await database.query('select 1 from archives where approval_count <> 0 or correction_count <> 0')
    expect(left).toEqual([])
  })
})

it('nobody follows an order any more that is archived', async () => {
  await database.query(`insert into users (id, name, email) values ('ann', 'Ann', 'ann@example.com')`)
  await database.query(`insert into memberships (site, user_id, role) values ('main', 'ann', 'operator')`)
  await database.query(
    `insert into order_follows (site, order_id, user_id) values ('main', 'OLD-1', 'ann'), ('main', 'NEW-1', 'ann')`,
  )
  await archiveNow(server, key)
  expect(await database.query('select order_id as "order" from order_follows')).toEqual([{ order: 'NEW-1' }])
})
