import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import type { Database } from '@stagewatch/db/database.ts'
import { verifySeals } from '@stagewatch/server/audit/verify-seals.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { archiveCheck } from '@stagewatch/server/retention/verify-archives.ts'
import { correctionsAnswer } from '@stagewatch/shared/contract/corrections.ts'
import type { ErasureList } from '@stagewatch/shared/contract/erasures.ts'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { sendEvents } from '../harness/send-events.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { call } from '../http/call.ts'
import {
  archiveNow,
  dayMs,
  endedOrders,
  keepMonths,
  listArchives,
  loadFigures,
  longAgo,
  now,
} from './archived-plant.ts'

let clock: VirtualClock
let directory: string
let database: Database
let server: StartedServer
let key: string

beforeEach(async () => {
  clock = new VirtualClock(now)
  directory = await mkdtemp(join(tmpdir(), 'stagewatch-archived-corrections-'))
  database = await openTestDatabase()
  server = await startServer({ clock, database, variables: { ARCHIVE_DIR: directory } })
  key = await server.createKey(['ingest', 'read', 'admin'])
  await plant()
})
afterEach(async () => {
  await server.close()
  await database.close()
  await rm(directory, { recursive: true, force: true })
})

const ask = (path: string, options: Parameters<typeof call>[1] = {}) =>
  call(`${server.url}/api/v1/${path}`, { key, ...options })

/** Old and new orders, of which every other one was reported completely only after it had ended. */
async function plant(): Promise<void> {
  const events = [...endedOrders('OLD', 12, longAgo), ...endedOrders('NEW', 4, now - 5 * dayMs)]
  const late = events.filter(({ order, id }) => id.endsWith('-3') && Number(order.split('-')[1]) % 2 === 0)
  await sendEvents(
    server.url,
    key,
    events.filter((event) => !late.includes(event)),
  )
  for (const event of late) await sendEvents(server.url, key, [event])
  await keepMonths(server, key, 12)
}

async function storedCorrections(): Promise<string[]> {
  const rows = await database.query<{ row: string }>(`select to_jsonb(c)::text as row from corrections c order by id`)
  return rows.map(({ row }) => row)
}

async function corrections(query = '') {
  const { body } = await ask(`corrections?${query}`)
  const { corrections: found, hasArchived } = correctionsAnswer.parse(body)
  return { orders: found.map(({ order }) => order).toSorted(), hasArchived }
}

async function correctionFiles(): Promise<string[]> {
  return (await readdir(join(directory, 'main'))).filter((name) => name.includes('.corrections-'))
}

async function problems() {
  const running = verifySeals(database.longRunning, archiveCheck(directory))
  for (;;) {
    const { done, value } = await running.next()
    if (done === true) return value.problems
  }
}

it('the corrections of archived orders move to files, and come back with their orders as they were', async () => {
  const before = await storedCorrections()
  const figures = await loadFigures(server, key)
  expect(before).toHaveLength(8)
  expect(await corrections()).toMatchObject({ hasArchived: false })

  const { archives } = await archiveNow(server, key)
  expect(await corrections()).toEqual({ orders: ['NEW-0', 'NEW-2'], hasArchived: true })
  expect(await corrections('order=OLD-4')).toEqual({ orders: [], hasArchived: true })
  const moved = archives.flatMap(({ corrections: count = 0 }) => count)
  expect(moved.reduce((sum, count) => sum + count, 0)).toBe(6)
  const names = archives.flatMap(({ correctionsFile }) => correctionsFile?.name ?? [])
  expect(await correctionFiles()).toEqual(names.toSorted())
  expect(await loadFigures(server, key)).toEqual(figures)
  expect(await problems()).toEqual([])

  expect(await ask('archives/restore', { method: 'POST', body: { order: 'OLD-4' } })).toMatchObject({ status: 200 })
  expect(await corrections('order=OLD-4')).toEqual({ orders: ['OLD-4'], hasArchived: true })
  for (const { name } of archives)
    expect(await ask('archives/restore', { method: 'POST', body: { archive: name } })).toMatchObject({ status: 200 })
  expect(await storedCorrections()).toEqual(before)
  expect(await corrections()).toMatchObject({ hasArchived: false })
  expect(await loadFigures(server, key)).toEqual(figures)

  // Archived again when that is allowed, by the daily run.
  clock.advanceTo(now + 40 * dayMs)
  await eventually(async () => expect(await corrections()).toMatchObject({ hasArchived: true }))
  expect(await problems()).toEqual([])
})

it('the run after moves the corrections of archives that have none, and of those that were broken off', async () => {
  const before = await storedCorrections()
  await archiveNow(server, key)
  // As an earlier version has left them: the events are in files, the corrections are in the database.
  const { archives } = await listArchives(server, key)
  for (const { correctionsFile } of archives) {
    if (correctionsFile === undefined) continue
    const lines = gunzipSync(await readFile(join(directory, 'main', correctionsFile.name))).toString()
    for (const line of lines.trimEnd().split('\n')) {
      const { order, process, id, recordedAt, ...rest } = JSON.parse(line) as Record<string, unknown>
      await database.query(
        `insert into corrections (site, order_id, process, id, recorded_at, events, removed, added)
         overriding system value
         select 'main', $1, $2, $3, to_timestamp($4::float8 / 1000), j -> 'events', j -> 'removed', j -> 'added'
         from (select $5::text::jsonb as j) as t`,
        [order, process, id, recordedAt, JSON.stringify(rest)],
      )
    }
  }
  await database.query('update archives set correction_count = null, corrections_sha256 = null')
  expect(await storedCorrections()).toEqual(before)
  await archiveNow(server, key)
  expect(await corrections()).toEqual({ orders: ['NEW-0', 'NEW-2'], hasArchived: true })
  const noted = await database.query('select 1 from archives where correction_count is null')
  expect(noted).toEqual([])
})

it('the record is not intact, and nothing is restored, while a file of corrections is missing or was changed', async () => {
  await archiveNow(server, key)
  const [file = ''] = await correctionFiles()
  const path = join(directory, 'main', file)
  const content = await readFile(path)
  const archive = file.slice(0, file.indexOf('.'))
  const restore = () => ask('archives/restore', { method: 'POST', body: { archive } })
  await writeFile(path, Buffer.concat([content, Buffer.from('x')]))
  expect(await problems()).toMatchObject([{ kind: 'archive', archive }])
  expect(await restore()).toMatchObject({ status: 503, body: { code: 'not_ready' } })
  await rm(path)
  expect(await problems()).toMatchObject([{ kind: 'archive', archive }])
  expect(await restore()).toMatchObject({ status: 503 })
  const back = await database.query(`select 1 from events where order_id like 'OLD-%'`)
  expect(back).toEqual([])
  await writeFile(path, content)
  expect(await problems()).toEqual([])
  expect(await restore()).toMatchObject({ status: 200 })
})

it('a name that only the corrections of an archive contain is removed from them', async () => {
  const name = '王小明的小组'
  await database.query(
    `update corrections set added = jsonb_set(added, '{0,department}', to_jsonb($1::text)) where order_id = 'OLD-2'`,
    [name],
  )
  await archiveNow(server, key)
  const texts = async () => {
    const folder = join(directory, 'main')
    const contents = await Promise.all((await correctionFiles()).map((file) => readFile(join(folder, file))))
    return contents.map((content) => gunzipSync(content).toString()).join('')
  }
  expect(await texts()).toContain(name)
  const body = { kind: 'person', name, reason: 'request 17' }
  expect(await ask('erasures', { method: 'POST', body })).toMatchObject({ status: 200 })
  await eventually(async () => {
    clock.advanceTo(clock.now() + 2_000)
    expect(((await ask('erasures')).body as ErasureList).erasures[0]?.doneAt).toBeDefined()
  })
  expect(await texts()).not.toContain(name)
  expect((await storedCorrections()).join()).not.toContain(name)
})

it('nothing is archived while a removal of personal data waits, and the removal waits for the end of a run', async () => {
  await database.query(
    `insert into erasures (site, id, kind, name, pseudonym, reason, actor_kind, actor, requested_at)
     values ('main', 'one', 'customer', '客户 3', 'customer-1', 'request', 'key', 'ann', now())`,
  )
  await database.query(
    `insert into leases (name, owner, expires_at) values ('archive:main', 'another', clock_timestamp() + interval '1 h')`,
  )
  const isDone = async () => ((await ask('erasures')).body as ErasureList).erasures[0]?.doneAt !== undefined
  for (let i = 0; i < 3; i += 1) {
    clock.advanceTo(clock.now() + 2_000)
    await new Promise(setImmediate)
  }
  expect(await isDone()).toBe(false)
  await database.query(`delete from leases where name = 'archive:main'`)
  expect(await archiveNow(server, key)).toMatchObject({ run: { state: 'continues', orders: 0 } })
  await eventually(async () => {
    clock.advanceTo(clock.now() + 2_000)
    expect(await isDone()).toBe(true)
  })
  expect((await archiveNow(server, key)).run).toMatchObject({ state: 'done', orders: 12 })
})
