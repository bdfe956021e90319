import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { openDatabase } from '@stagewatch/db/open-database.ts'
import { createTestDatabase, createTestDataDirectory } from '@stagewatch/db/test-database.ts'
import type { Database } from '@stagewatch/db/database.ts'
import { readArchive } from '@stagewatch/server/retention/archive-files.ts'
import { approvalsPart } from '@stagewatch/server/retention/approvals-part.ts'
import type { ArchivePart } from '@stagewatch/server/retention/archive-part.ts'
import { correctionsPart } from '@stagewatch/server/retention/corrections-part.ts'
import type { PartName, PartsKey } from '@stagewatch/server/retention/part-files.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createKey } from '../harness/create-key.ts'
import { sendEvents } from '../harness/send-events.ts'
import { isNight } from '../harness/skip.ts'
import { spawnServer } from '../harness/spawn-server.ts'
import type { SpawnedServer } from '../harness/spawn-server.ts'
import { call } from '../http/call.ts'
import { dayMs, endedOrders } from './archived-plant.ts'
import { plantApprovals } from './plant-approvals.ts'

const testServer = process.env['TEST_DATABASE_URL']
/** One a day: they end in more than 30 months, and so in as many archives. */
const orderCount = 1_000

let folder: string
let directory: string
let place: { readonly databaseUrl?: string; readonly dataDirectory: string }
let remove: () => Promise<void>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stagewatch-killed-archiving-'))
  directory = join(folder, 'archives')
  if (testServer === undefined) {
    const dataDirectory = await createTestDataDirectory()
    place = { dataDirectory }
    remove = () => rm(dataDirectory, { recursive: true, force: true })
  } else {
    const { url, drop } = await createTestDatabase(testServer)
    place = { databaseUrl: url, dataDirectory: join(folder, 'data') }
    remove = drop
  }
})
afterAll(async () => {
  await remove()
  await rm(folder, { recursive: true, force: true })
})

const spawn = () => spawnServer({ ...place, env: { ARCHIVE_DIR: directory } })

async function withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const { database } = await openDatabase(place)
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}

/** The log, and every archived event from its file, each with its content hash. @throws if an order is in both. */
async function everyEvent(database: Database): Promise<string[]> {
  const logged = await database.query<{ order: string; id: string; hash: string; archived: boolean }>(
    `select e.order_id as "order", e.source || ' ' || e.id as id, content_hash as hash, archive_id is not null as archived
     from events e join orders o on o.site = e.site and o.order_id = e.order_id where e.site = 'main'`,
  )
  expect(logged.filter(({ archived }) => archived)).toEqual([])
  const archives = await database.query<{ id: number; name: string; eventsSha256: string; logSha256: string }>(
    `select id::int as id, name, events_sha256 as "eventsSha256", log_sha256 as "logSha256" from archives`,
  )
  const orders = await database.query<{ order: string; id: number }>(
    `select order_id as "order", archive_id::int as id from orders where archive_id is not null`,
  )
  const archiveOf = new Map(orders.map(({ order, id }) => [order, id]))
  const found = logged.map(({ id, hash }) => `${id} ${hash}`)
  for (const { id, ...files } of archives) {
    for (const { event, contentHash } of await readArchive(directory, 'main', files)) {
      expect([event.order, archiveOf.get(event.order)]).toEqual([event.order, id])
      found.push(`${event.source} ${event.id} ${contentHash}`)
    }
  }
  return found.toSorted()
}

/** The ids of the corrections and of the approvals with their details, in the database and in files. */
async function everyPart(database: Database): Promise<Readonly<Record<PartName, number[]>>> {
  const archives = await database.query<PartsKey>(
    `select name, corrections_sha256 as "correctionsSha256", approvals_sha256 as "approvalsSha256" from archives`,
  )
  const idsOf = async (part: ArchivePart, stored: string) => {
    const rows = await database.query<{ id: number }>(stored)
    const found = rows.map(({ id }) => id)
    for (const archive of archives) found.push(...(await part.read(directory, 'main', archive)).map(({ id }) => id))
    return found.toSorted((a, b) => a - b)
  }
  return {
    corrections: await idsOf(correctionsPart, 'select id::int as id from corrections'),
    approvals: await idsOf(
      approvalsPart,
      `select a.id::int as id from approvals a join approval_entries e on e.site = a.site and e.approval_id = a.id
       where not is_archived group by a.id`,
    ),
  }
}

async function filesWritten(kind = ''): Promise<number> {
  const main = join(directory, 'main')
  if (!existsSync(main)) return 0
  return (await readdir(main)).filter((name) => !name.startsWith('.') && name.includes(kind)).length
}

async function startRun({ url }: SpawnedServer, key: string): Promise<number> {
  return (await call(`${url}/api/v1/archives/run`, { key, method: 'POST', body: {} })).status
}

it('a server that is killed while it archives loses nothing and repeats nothing', async () => {
  let server = await spawn()
  let key = ''
  try {
    const { databaseUrl, dataDirectory } = place
    const env = databaseUrl === undefined ? { DATA_DIR: dataDirectory } : { DATABASE_URL: databaseUrl }
    const ingest = await createKey(env, 'ingest')
    key = await createKey(env, 'admin')
    const events = endedOrders('OLD', orderCount, Date.now() - 1_500 * dayMs, dayMs)
    const isLate = ({ id }: { id: string }) => id.endsWith('0-3')
    await sendEvents(
      server.url,
      ingest,
      events.filter((event) => !isLate(event)),
    )
    await sendEvents(server.url, ingest, events.filter(isLate))
    const { status } = await call(`${server.url}/api/v1/retention`, {
      key,
      method: 'PUT',
      body: { archiveAfterMonths: 12 },
    })
    expect(status).toBe(200)
  } finally {
    await server.kill('SIGKILL')
  }
  const before = await withDatabase(everyEvent)
  await withDatabase(plantApprovals)
  const parts = await withDatabase(everyPart)
  expect(before).toHaveLength(4 * orderCount)
  expect(parts).toMatchObject({ corrections: { length: orderCount / 10 }, approvals: { length: orderCount / 2 } })

  // Killed as soon as the first, the second, the third … file of an archive has appeared, and then of each part.
  const kills = Array.from({ length: isNight ? 6 : 2 }, (_, i) => ({ after: i + 1, kind: '' }))
  const ofParts = ['.corrections-', '.approvals-'].flatMap((kind) => kills.map(({ after }) => ({ after, kind })))
  for (const { after, kind } of [...kills, ...ofParts]) {
    server = await spawn()
    const written = await filesWritten(kind)
    expect(await startRun(server, key)).toBe(200)
    const until = performance.now() + 60_000
    while ((await filesWritten(kind)) < written + after) {
      if (performance.now() > until) throw new Error('archiving has not written the next file within a minute')
      await delay(1)
    }
    await server.kill('SIGKILL')
    await withDatabase(async (database) => {
      expect(await everyEvent(database)).toEqual(before)
      expect(await everyPart(database)).toEqual(parts)
      // The lease of the killed server expires after two minutes.
      await database.query(`delete from leases where name = 'archive:main'`)
    })
  }
}, 300_000)
