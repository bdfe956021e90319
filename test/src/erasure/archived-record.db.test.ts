import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { compareHeads, verifySeals } from '@stagewatch/server/audit/verify-seals.ts'
import { readHeads } from '@stagewatch/server/audit/audit-heads.ts'
import { searchArchives } from '@stagewatch/server/erasure/search-archives.ts'
import { searchedName } from '@stagewatch/server/erasure/erased-places.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { archiveCheck } from '@stagewatch/server/retention/verify-archives.ts'
import type { AuditHead, SealProblem } from '@stagewatch/shared/contract/audit.ts'
import { erasurePreview } from '@stagewatch/shared/contract/erasures.ts'
import type { ArchivesPreview, Erasure, ErasureList, ErasurePreview } from '@stagewatch/shared/contract/erasures.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sealAll } from '../audit/seal-and-verify.ts'
import { eventually } from '../harness/eventually.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { call } from '../http/call.ts'
import { sendEvents } from '../harness/send-events.ts'
import {
  archiveNow,
  dayMs,
  endedOrders,
  fillPlant,
  filesIn,
  keepMonths,
  longAgo,
  now,
  wholeLog,
} from '../retention/archived-plant.ts'

const clock = new VirtualClock(now)
const customer = '客户 3'
let directory: string
let server: StartedServer
let key: string
let heads: AuditHead[]

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'stagewatch-archived-record-'))
  server = await startServer({ clock, variables: { ARCHIVE_DIR: directory } })
  key = await server.createKey(['ingest', 'read', 'admin'])
  await fillPlant(server, key)
  // Another month, and so another archive.
  await sendEvents(server.url, key, endedOrders('OLDER', 12, longAgo - 90 * dayMs))
  await sealAll(server.database)
  heads = await readHeads(server.database)
  await keepMonths(server, key, 12)
})
afterAll(async () => {
  await server.close()
  await rm(directory, { recursive: true, force: true })
})

const ask = (path: string, options: Parameters<typeof call>[1] = {}) =>
  call(`${server.url}/api/v1/${path}`, { key, ...options })

async function verify(): Promise<{ problems: readonly SealProblem[]; archived: number; redacted: number }> {
  const running = verifySeals(server.database.longRunning, archiveCheck(directory))
  for (;;) {
    const { done, value } = await running.next()
    if (done !== true) continue
    const events = value.streams.find(({ stream }) => stream === 'events')
    return { problems: value.problems, archived: events?.archived ?? 0, redacted: events?.redacted ?? 0 }
  }
}

async function preview(archivesAfter?: number): Promise<ErasurePreview> {
  const body = { name: customer, ...(archivesAfter !== undefined && { archivesAfter }) }
  const found = await ask('erasures/preview', { method: 'POST', body })
  expect(found).toMatchObject({ status: 200 })
  return erasurePreview.parse(found.body)
}

async function eraseCustomer(): Promise<Erasure> {
  const body = { kind: 'customer', name: customer, reason: 'request 17' }
  expect(await ask('erasures', { method: 'POST', body })).toMatchObject({ status: 200 })
  return eventually(async () => {
    clock.advanceTo(clock.now() + 2_000)
    const [newest] = ((await ask('erasures')).body as ErasureList).erasures
    expect(newest?.doneAt).toBeDefined()
    return newest!
  })
}

/** Texts of all archives. */
async function archiveTexts(): Promise<string> {
  const files = await filesIn(directory)
  const packed = await Promise.all(
    files.filter((name) => name.endsWith('.gz')).map((name) => readFile(join(directory, 'main', name))),
  )
  return packed.map((content) => gunzipSync(content).toString()).join('\n')
}

describe('the record of orders that are archived', () => {
  it('is verified with the files of the archives', async () => {
    const { totals } = await archiveNow(server, key)
    const found = await verify()
    expect(found).toEqual({ problems: [], archived: totals.events, redacted: 0 })
    expect(await compareHeads(server.database, heads)).toEqual([])
  })

  it('is not intact when a file of an archive is missing or was changed', async () => {
    const name = (await filesIn(directory)).find((file) => file.endsWith('.gz')) ?? ''
    const path = join(directory, 'main', name)
    const content = await readFile(path)
    await rm(path)
    expect((await verify()).problems).toEqual([
      expect.objectContaining({ kind: 'archive', archive: name.split('.')[0] }),
    ])
    await writeFile(path, Buffer.concat([content, Buffer.from('x')]))
    expect((await verify()).problems).toHaveLength(1)
    await writeFile(path, content)
    expect((await verify()).problems).toEqual([])
  })

  it('is not intact when events are said to be archived that no file contains', async () => {
    const forged = await server.database.query<{ count: number }>(
      `with one as (update audit_archived set leaves = set_byte(leaves, 0, get_byte(leaves, 0) # 1)
         where (seq, archive_id) = (select seq, archive_id from audit_archived order by seq, archive_id limit 1) returning 1)
       select count(*)::int as count from one`,
    )
    expect(forged).toEqual([{ count: 1 }])
    expect(new Set((await verify()).problems.map(({ kind }) => kind))).toEqual(new Set(['changed', 'archive']))
    await server.database.query(
      `update audit_archived set leaves = set_byte(leaves, 0, get_byte(leaves, 0) # 1)
       where (seq, archive_id) = (select seq, archive_id from audit_archived order by seq, archive_id limit 1)`,
    )
    expect((await verify()).problems).toEqual([])
  })

  it('is intact after an order came back', async () => {
    const before = await verify()
    const restored = await ask('archives/restore', { method: 'POST', body: { order: 'OLD-7' } })
    expect(restored).toMatchObject({ status: 200, body: { orders: 1, events: 4 } })
    expect(await verify()).toEqual({ ...before, archived: before.archived - 4 })
  })
})

describe('the personal data in archives', () => {
  it('is counted some archives at a time, and not when a file is missing', async () => {
    const whole = await preview()
    const search = { database: server.database, directory, site: 'main', name: searchedName(customer) }
    const { signal } = new AbortController()
    const pages: ArchivesPreview[] = []
    for (let after: number | undefined = 0; after !== undefined;) {
      const page = await searchArchives({ ...search, after, maxArchives: 1, signal })
      pages.push(page)
      after = page.next
    }
    expect(pages.map(({ searched, left }) => [searched, left])).toEqual(pages.map((_, i) => [1, pages.length - 1 - i]))
    expect(pages.length).toBeGreaterThan(1)
    expect(pages.reduce((sum, { events }) => sum + events, 0)).toBe(whole.archives?.events)
    expect(whole.archives).toMatchObject({ searched: pages.length, left: 0 })

    const name = (await filesIn(directory)).find((file) => file.endsWith('.log.ndjson.gz')) ?? ''
    const path = join(directory, 'main', name)
    const content = await readFile(path)
    await rm(path)
    const refused = await ask('erasures/preview', { method: 'POST', body: { name: customer } })
    expect(refused).toMatchObject({ status: 503, body: { code: 'not_ready' } })
    await writeFile(path, content)
  })

  it('is removed: archives with the name come back, and their files are deleted', async () => {
    expect(await archiveTexts()).toContain(customer)
    const counted = await preview()
    expect(counted.archives?.events).toBeGreaterThan(10)
    const { pseudonym, events } = await eraseCustomer()
    // What was counted before: events in the log and in archives, each once.
    expect(events).toBe(counted.events + (counted.archives?.events ?? 0))
    expect(await archiveTexts()).not.toContain(customer)
    expect((await wholeLog(server)).join('\n')).not.toContain(`"${customer}"`)
    const { body } = await ask('orders/OLD-8')
    expect(JSON.stringify(body)).toContain(pseudonym)
    const found = await verify()
    expect(found.problems).toEqual([])
    expect(found.redacted).toBeGreaterThan(10)
    expect(await compareHeads(server.database, heads)).toEqual([])
  })

  it('stays removed when the orders are archived again, and the record can still be verified', async () => {
    // The daily run archives orders again that came back long enough ago.
    clock.advanceTo(clock.now() + 60 * 24 * 3_600_000)
    await eventually(async () => {
      const found = await verify()
      expect(found.problems).toEqual([])
      expect(found.archived).toBeGreaterThan(300)
    })
    expect(await archiveTexts()).not.toContain(customer)
    const restored = await ask('archives/restore', { method: 'POST', body: { order: 'OLD-8' } })
    expect(restored).toMatchObject({ status: 200 })
    expect((await verify()).problems).toEqual([])
    expect(await compareHeads(server.database, heads)).toEqual([])
  })
})
