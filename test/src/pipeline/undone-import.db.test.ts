import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { endImport, insertImport, loadImport, saveUndo } from '@stagewatch/server/ingest/batches/imports-table.ts'
import { undoImport } from '@stagewatch/server/ingest/batches/undo-import.ts'
import { importRestorer } from '@stagewatch/server/retention/restore-imported.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import type { SitePipeline } from '@stagewatch/server/sites/site-pipeline.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openSite } from '../harness/open-site.ts'

const beginAt = Date.UTC(2026, 10, 22)
const actor = { kind: 'person', name: 'ann@example.com' } as const
/** More than two slices. */
const orderCount = 5_200
let database: Database
let pipeline: SitePipeline
const clock = new VirtualClock(beginAt + 3_600_000)
const open = () => openSite({ database, clock, site: 'main' })
beforeEach(async () => {
  database = await openTestDatabase()
  pipeline = await open()
})
afterEach(async () => {
  await pipeline.close()
  await database.close()
})

function events(from: number, to: number, stage: string): OrderEvent[] {
  return Array.from({ length: to - from }, (_, i) => ({
    source: 'file',
    id: `${from + i}-${stage}`,
    type: 'stage.entered' as const,
    order: `SO-${from + i}`,
    stage,
    occurredAt: beginAt + from + i + (stage === 'pack' ? 60_000 : 0),
    data: {},
  }))
}

async function send(sent: readonly OrderEvent[], importId?: number) {
  const items = sent.map((event, index) => ({ index, ok: true as const, event, raw: event }))
  const { accepted, duplicate } = await pipeline.submit({ sender: 'test', items, imported: true, importId })
  return { accepted, duplicate }
}

async function begin(): Promise<number> {
  const file = { file: 'a.csv', hash: '0'.repeat(64), options: {} }
  return insertImport(database, 'main', file, 'ann', clock.now())
}

const undo = (id: number, now = clock.now()) => {
  const directory = join(tmpdir(), 'stagewatch-no-archives')
  const restoreImported = importRestorer({ database, clock, directory, sites: { get: async () => pipeline } })
  return undoImport(id, 'wrong file', { database, intake: pipeline, actor, now, restoreImported })
}
const ordersIn = (stage: string) =>
  [...pipeline.engine.open].filter(({ visit }) => visit.stage === stage).map(({ state }) => state.order)

it('an undo is completed after its server died halfway, and affects nothing else', async () => {
  await send(events(0, 40, 'pick'))
  const id = await begin()
  for (let from = 0; from < orderCount; from += 2_000) {
    await send(events(from, Math.min(from + 2_000, orderCount), 'pack'), id)
  }
  await send(events(orderCount, orderCount + 3, 'pick'))
  await endImport(
    database,
    'main',
    id,
    { rows: orderCount, accepted: orderCount, duplicate: 0, rejected: 0 },
    clock.now(),
  )
  expect(ordersIn('pack')).toHaveLength(orderCount)

  const { firstTx } = (await loadImport(database, 'main', id))!
  expect(await undo(id)).toMatchObject({ isDone: false, import: { state: 'undoing', undo: { events: 5_000 } } })
  expect(ordersIn('pack')).toHaveLength(orderCount - 5_000)
  // The instance died after the events were voided and before that was recorded.
  await saveUndo(database, 'main', id, { undone: 0, undonePosition: 0, firstTx })
  await pipeline.close()
  clock.advanceTo(clock.now() + 60_000)
  pipeline = await open()
  expect(await undo(id)).toMatchObject({ isDone: false })
  expect(await undo(id)).toMatchObject({ isDone: true, import: { state: 'undone', undo: { events: orderCount } } })
  expect(ordersIn('pack')).toEqual([])
  expect(ordersIn('pick').toSorted()).toEqual(
    [...events(0, 40, ''), ...events(orderCount, orderCount + 3, '')].map(({ order }) => order).toSorted(),
  )
  const [quarantined] = await database.query<{ count: number }>('select count(*)::int as count from quarantine')
  expect(quarantined?.count).toBe(0)
})

it('nothing is added to an import that is being undone', async () => {
  const id = await begin()
  await send(events(0, 3, 'pack'), id)
  await undo(id)
  await expect(send(events(3, 6, 'pack'), id)).rejects.toMatchObject({ code: 'overloaded' })
  expect(ordersIn('pack')).toEqual([])
})

it('events that a later import sends again count again, without duplicate visits', async () => {
  const first = await begin()
  await send(events(0, 3, 'pack'), first)
  await undo(first)
  clock.advanceTo(clock.now() + 60_000)
  const second = await begin()
  expect(await send(events(1, 4, 'pack'), second)).toEqual({ accepted: 3, duplicate: 0 })
  expect(ordersIn('pack').toSorted()).toEqual(['SO-1', 'SO-2', 'SO-3'])
  expect(await send(events(1, 4, 'pack'), second)).toEqual({ accepted: 0, duplicate: 3 })
  await undo(second)
  expect(ordersIn('pack')).toEqual([])
  await pipeline.rebuild()
  expect(ordersIn('pack')).toEqual([])
})

it('two simultaneous undo requests undo an import once', async () => {
  const id = await begin()
  await send(events(0, 30, 'pack'), id)
  expect(await Promise.all([undo(id), undo(id, clock.now() + 1)])).toEqual([
    expect.objectContaining({ isDone: true }),
    expect.objectContaining({ isDone: true }),
  ])
  expect(ordersIn('pack')).toEqual([])
  const [voids] = await database.query<{ count: number }>(
    "select count(*)::int as count from events where type = 'event.voided'",
  )
  expect(voids?.count).toBe(30)
})

it('an undo begins with the first event again while archived orders come back, which may be before its last one', async () => {
  const id = await begin()
  await send(events(0, 3, 'pack'), id)
  const { firstTx } = (await loadImport(database, 'main', id))!
  const restoreImported = async () => ({ orders: 2, isDone: false })
  const restore = () =>
    undoImport(id, 'wrong file', { database, intake: pipeline, actor, now: clock.now(), restoreImported })
  const answer = { isDone: false, restoredOrders: 2, import: { undo: { events: 0 } } }
  expect(await restore()).toMatchObject(answer)
  expect(await loadImport(database, 'main', id)).toMatchObject({ undone: 0, firstTx })
  await saveUndo(database, 'main', id, { undone: 1, undonePosition: 9 })
  expect(await restore()).toMatchObject(answer)
  expect(await loadImport(database, 'main', id)).toMatchObject({ undone: 0, firstTx: '0', undonePosition: 0 })
  expect(await undo(id)).toMatchObject({ isDone: true, import: { state: 'undone', undo: { events: 3 } } })
  expect(ordersIn('pack')).toEqual([])
})
