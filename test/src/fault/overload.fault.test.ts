import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import type { Database } from '@stagewatch/db/database.ts'
import { openEmbedded } from '@stagewatch/db/embedded.ts'
import { openPostgresql } from '@stagewatch/db/postgresql.ts'
import { createTestDatabase } from '@stagewatch/db/test-database.ts'
import { shedWork } from '@stagewatch/shared/contract/server-status.ts'
import { afterEach, describe, expect, it } from 'vitest'
import { BoardClient } from '../harness/board-client.ts'
import { eventually } from '../harness/eventually.ts'
import { startNode } from '../harness/node-process.ts'
import { isNight } from '../harness/skip.ts'
import { call } from '../http/call.ts'
import { UploadClient } from '../imports/upload-client.ts'
import type { MeasuredLine } from './overload/measured-server.ts'
import { batchSize, OfferedLoad, orderOf, percentile } from './overload/offered-load.ts'

const { TEST_DATABASE_URL: testServer } = process.env
const [secondMs, mebibyte] = [1_000, 1_048_576]
const loadMs = (isNight ? 75 : 15) * secondMs
const capacityMs = (isNight ? 10 : 4) * secondMs
/** Of what the server stores when senders wait for its answers. */
const overloadRatio = 3
const readsPerSecond = 60
const joinsPerSecond = 4
const screenCount = 20
/** Generous, because the load comes from the same machine. */
const [latestP99Ms, mostGrowthBytes] = [15 * secondMs, 600 * mebibyte]
const recoveryMs = 10 * secondMs

interface Load {
  readonly at: number
  readonly level: number
  readonly rssBytes: number
  readonly waiting: number
  readonly lagMs: number
  readonly acceptMs: number
  readonly refused: Readonly<Record<string, number>>
}

const cleanUps: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp()
})

/** A server with its own database, and what it reports of its load. */
async function startMeasured(control: boolean) {
  const directory = await mkdtemp(join(tmpdir(), 'stagewatch-overload-'))
  cleanUps.push(() => rm(directory, { recursive: true, force: true }))
  const created = testServer === undefined ? undefined : await createTestDatabase(testServer)
  if (created !== undefined) cleanUps.push(created.drop)
  const process = await startNode(
    'test/src/fault/overload/measured-server.ts',
    control ? ['control'] : [],
    { PORT: '0', DEMO: 'off', DATA_DIR: directory, ...(created !== undefined && { DATABASE_URL: created.url }) },
    'sources',
  )
  const end = async (): Promise<void> => {
    process.child.kill('SIGTERM')
    await process.ended
  }
  cleanUps.push(end)
  const loads: Load[] = []
  const ready = Promise.withResolvers<{ readonly url: string; readonly key: string }>()
  createInterface(process.child.stdout!).on('line', (line) => {
    const read = JSON.parse(line) as MeasuredLine
    if ('url' in read) ready.resolve(read)
    else loads.push({ ...read, at: performance.now() })
  })
  process.ended.then(({ code, stderr }) => ready.reject(new Error(`ended with ${code}: ${stderr}`)), ready.reject)
  const openDatabase = (): Promise<Database> =>
    created === undefined ? openEmbedded(join(directory, 'pglite')) : Promise.resolve(openPostgresql(created.url))
  return { ...(await ready.promise), loads, end, openDatabase }
}

interface Run {
  readonly capacity: number
  readonly storedPerSecond: number
  readonly acceptedP99Ms: number
  readonly rssGrowthBytes: number
  readonly highestLevel: number
  readonly recoveredMs: number
  readonly refused: Readonly<Record<string, number>>
}

/** Overloads a server, and checks what must be true with and without shedding. */
async function overload(control: boolean): Promise<Run> {
  const { url, key, loads, end, openDatabase } = await startMeasured(control)
  const offered = new OfferedLoad(url, key)
  const capacity = await offered.measureCapacity(capacityMs)
  const screens = Array.from({ length: screenCount }, () => new BoardClient({ url, site: 'main', token: key }))
  cleanUps.push(async () => screens.forEach((screen) => screen.close()))
  await Promise.all(screens.map((screen) => screen.join()))
  const rssBefore = Math.max(...loads.map(({ rssBytes }) => rssBytes))
  const warmUp = offered.outcomes.length
  const beganAt = performance.now()
  // Different questions, so that none is answered from the cache.
  const paths = ['board?board=overview', 'orders?q=S', 'stages/stats?customer=c', 'orders.csv?q=S']
  const pathOf = (i: number) => `/api/v1/${paths[i % paths.length]}${i % paths.length === 0 ? '' : i}`
  let reads = 0
  let joins = 0
  await Promise.all([
    offered.offer((overloadRatio * capacity) / batchSize, loadMs, () => offered.sendBatch()),
    offered.offer(readsPerSecond, loadMs, () => offered.read(pathOf(reads++))),
    offered.offer(joinsPerSecond, loadMs, async () => {
      const late = new BoardClient({ url, site: 'main', token: key })
      joins += 1
      await late.join().catch(() => undefined)
      late.close()
    }),
  ])
  expect(joins).toBeGreaterThan(0)
  const stoppedAt = performance.now()
  await offered.settled()
  const recoveredMs = await untilNormal(loads, stoppedAt)
  const during = offered.outcomes.slice(warmUp)
  const accepted = during.filter(({ status }) => status === 200)
  const batches = accepted.filter(({ batch }) => batch !== undefined)
  const run: Run = {
    capacity: Math.round(capacity),
    storedPerSecond: Math.round((batches.length * batchSize * 1_000) / (performance.now() - beganAt)),
    acceptedP99Ms: Math.round(
      percentile(
        accepted.map(({ tookMs }) => tookMs),
        0.99,
      ),
    ),
    rssGrowthBytes: Math.max(...loads.map(({ rssBytes }) => rssBytes)) - rssBefore,
    highestLevel: Math.max(...loads.map(({ level }) => level)),
    recoveredMs: Math.round(recoveredMs),
    refused: loads.at(-1)?.refused ?? {},
  }
  console.log(control ? 'without shedding' : 'with shedding', JSON.stringify(run))
  const refusedAnswers = during.filter(({ status }) => status === 429 || status === 503)
  expect(refusedAnswers.filter(({ retryAfter }) => !(Number(retryAfter) >= 1))).toEqual([])
  expect(during.filter(({ status }) => ![0, 200, 429, 503].includes(status))).toEqual([])
  if (!control) expectOrder(loads)

  const stored = offered.outcomes.filter(({ batch, status }) => batch !== undefined && status === 200)
  const orders = new Set(
    stored.flatMap(({ batch = 0 }) => Array.from({ length: batchSize }, (_, i) => orderOf(batch, i))),
  )
  await eventually(() => {
    for (const screen of screens) expect(screen.shown?.kpis.open.count).toBe(orders.size)
  })
  for (const screen of screens) screen.close()
  await end()
  const database = await openDatabase()
  try {
    await expectStored(database, offered)
  } finally {
    await database.close()
  }
  return run
}

/** Time until the load level was back to normal. */
async function untilNormal(loads: readonly Load[], from: number): Promise<number> {
  for (;;) {
    const last = loads.at(-1)
    if (last !== undefined && last.at > from && last.level === 0) return last.at - from
    if (performance.now() - from > 120 * secondMs) return Infinity
    await delay(50)
  }
}

/**
 * The levels are reached in their order, and no kind of work is refused before its own. (How soon after it depends on
 * when the next request for it is accepted.)
 */
function expectOrder(loads: readonly Load[]): void {
  const probed = shedWork.filter((work) => work !== 'boards' && work !== 'slowBoards')
  const refusedAt = probed.map((work) => loads.findIndex(({ refused }) => (refused[work] ?? 0) > 0))
  const reachedAt = probed.map((work) => loads.findIndex(({ level }) => level > shedWork.indexOf(work)))
  expect(Math.min(...refusedAt), `first refused in samples ${refusedAt.join(', ')}`).toBeGreaterThan(-1)
  // A level may have ended before it was sampled.
  refusedAt.forEach((at, i) => expect(at).toBeGreaterThanOrEqual(reachedAt[i]! - 1))
  expect(reachedAt.toSorted((a, b) => a - b)).toEqual(reachedAt)
}

/** Everything that was acknowledged is stored once, and nothing that was refused. */
async function expectStored(database: Database, { outcomes }: OfferedLoad): Promise<void> {
  const rows = await database.query<{ batch: string; count: number }>(
    `select split_part(id, '-', 1) as batch, count(*)::int as count from events group by 1`,
  )
  const stored = new Map(rows.map(({ batch, count }) => [Number(batch), count]))
  const wrong = outcomes.filter(({ batch, status }) => {
    if (batch === undefined || status === 0) return false
    return (stored.get(batch) ?? 0) !== (status === 200 ? batchSize : 0)
  })
  expect(wrong).toEqual([])
}

describe('a server that imports a large file while somebody analyses', { timeout: 300_000 }, () => {
  const rowCount = isNight ? 600_000 : 80_000

  it('is not overloaded: one task that takes long is no reason to refuse others', async () => {
    const { url, key, loads } = await startMeasured(false)
    const client = new UploadClient(url, key)
    const upload = await client.send('rows.csv', Buffer.from(importedRows(rowCount)))
    const number = await client.begun(upload.id)
    const ended = client.ended(number)
    let isRunning = true
    void ended.finally(() => {
      isRunning = false
    })
    const analyse = async (path: string): Promise<void> => {
      const { status } = await call(`${url}/api/v1/${path}from=2026-10-01T00:00:00Z&to=2026-11-01T00:00:00Z`, { key })
      // Before the first rows, some of what is asked for does not exist.
      expect([200, 404]).toContain(status)
    }
    while (isRunning) {
      await Promise.all(['analysis/time?', 'analysis/paths?', 'analysis/outliers?', 'stages/stats?'].map(analyse))
      await delay(100)
    }
    expect(await ended).toMatchObject({ state: 'done', accepted: rowCount })
    const worst = loads.reduce((most, { lagMs, acceptMs }) => Math.max(most, lagMs, acceptMs), 0)
    console.log(`${rowCount} rows: longest delay ${Math.round(worst)} ms in ${loads.length} samples`)
    expect(Math.max(...loads.map(({ level }) => level))).toBe(0)
  })
})

/** Orders with one row per stage. */
function importedRows(count: number): string {
  const firstAt = Date.UTC(2026, 9, 1)
  const lines = Array.from({ length: count }, (_, i) => {
    const at = new Date(firstAt + i * secondMs).toISOString()
    return `SO-${Math.floor(i / 4)},${['picking', 'packing', 'labelling', 'shipped'][i % 4]},${at}`
  })
  return `${['order_id,stage,timestamp', ...lines].join('\n')}\n`
}

describe('a server that is offered three times what it can store', { timeout: 900_000 }, () => {
  it('keeps what it has acknowledged, answers soon, and is itself again seconds later, which it is not without shedding', async () => {
    const run = await overload(false)
    const control = await overload(true)
    expect([run.highestLevel, control.highestLevel]).toEqual([shedWork.length, 0])
    expect(run.acceptedP99Ms).toBeLessThan(latestP99Ms)
    expect(run.rssGrowthBytes).toBeLessThan(mostGrowthBytes)
    expect(run.recoveredMs).toBeLessThan(recoveryMs)
    // It still does a good part of the work.
    expect(run.storedPerSecond).toBeGreaterThan(run.capacity / 5)
    // The same load without shedding, so that the bounds are shown to mean something.
    expect(control.acceptedP99Ms).toBeGreaterThan(1.5 * run.acceptedP99Ms)
  })
})
