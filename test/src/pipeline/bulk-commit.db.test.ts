import type { Database, Transaction, Work } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { repair, shipping } from '@stagewatch/server/boards/testing/board-of.ts'
import { insertImport } from '@stagewatch/server/ingest/batches/imports-table.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import type { SitePipeline } from '@stagewatch/server/sites/site-pipeline.ts'
import { concurrentLog, orderLog } from '@stagewatch/shared/domain/testing/arbitrary-events.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { eventTypes } from '@stagewatch/shared/domain/order-event.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openSite } from '../harness/open-site.ts'
import { storedRows } from '../harness/stored-rows.ts'

const beginAt = Date.UTC(2026, 10, 22)
const clock = new VirtualClock(beginAt + 86_400_000)
const numRuns = Number(process.env['FAST_CHECK_RUNS'] ?? 5)
/** Smaller batches are not written in bulk. */
const batchSize = 500

let database: Database
let copied = 0
let sites = 0
beforeAll(async () => {
  database = countingCopies(await openTestDatabase())
})
afterAll(() => database.close())

/** The same database with a counter: `copied` counts the COPY rows of events, orders and visits. */
function countingCopies(counted: Database): Database {
  const on = (work: Work): Work => ({
    ...work,
    transaction: (carryOut) =>
      work.transaction((tx) => {
        const copyIn: Transaction['copyIn'] = async (target, pieces) => {
          await tx.copyIn(target, pieces)
          copied += 1
        }
        return carryOut({ ...tx, copyIn })
      }),
  })
  return { ...counted, ...on(counted), longRunning: on(counted.longRunning) }
}

/** @param showsOrders false: as the command opens it. */
async function open(showsOrders: boolean, processes: readonly ProcessDefinition[]): Promise<SitePipeline> {
  const site = await openSite({ database, clock, site: `bulk-${++sites}`, showsOrders })
  for (const process of processes) await site.saveProcess(process)
  return site
}

/** Sends events as part of an import, which is written in bulk, or as history, which is not. */
async function send(site: SitePipeline, events: readonly OrderEvent[], importId: number | undefined) {
  const items = events.map((event, index) => ({ index, ok: true as const, event, raw: event }))
  const { position: _, ...answer } = await site.submit({ sender: 'test', items, imported: true, importId })
  return answer
}

function beginImport(site: SitePipeline): Promise<number> {
  return insertImport(
    database,
    site.site.code,
    { file: 'a.csv', hash: '0'.repeat(64), options: {} },
    'ann',
    clock.now(),
  )
}

const plainTypes = eventTypes.filter((type) => type !== 'event.voided')
/** Includes events that void others. */
const anyTypes = eventTypes

/** Rows of a file: most orders are plain, some rows are repeated, some with other content, some ids in two orders. */
const orders = fc.array(
  fc.record({
    log: fc.oneof(
      { weight: 2, arbitrary: orderLog('', plainTypes) },
      { weight: 1, arbitrary: concurrentLog('', plainTypes) },
      { weight: 1, arbitrary: orderLog('', anyTypes) },
    ),
    hasOwnIds: fc.constantFrom(true, true, true, true, true, true, true, false),
    process: fc.constantFrom(undefined, undefined, undefined, 'repair', 'default'),
  }),
  { minLength: 60, maxLength: 90, size: 'max' },
)

/** Orders of one process, whose rows are generated before their transaction begins, or of two. */
const file = fc.boolean().chain((hasOneProcess) =>
  eventsOf(hasOneProcess).map((events) => ({
    events,
    // Orders of the repair process contain stages that it does not accept.
    processes: hasOneProcess ? [shipping] : [shipping, { ...repair, acceptsNewStages: false }],
  })),
)

function eventsOf(hasOneProcess: boolean): fc.Arbitrary<OrderEvent[]> {
  return orders
    .map((all) =>
      all.flatMap(({ log, hasOwnIds, process }, n) =>
        log.map((event): OrderEvent => {
          const id = (name: unknown) => (hasOwnIds ? `${n}-${String(name)}` : String(name))
          const { data } = event
          return {
            ...event,
            order: `SO-${n}`,
            id: id(event.id),
            occurredAt: beginAt + event.occurredAt * 60_000,
            data: {
              ...data,
              ...('id' in data && { id: id(data['id']) }),
              ...(event.type === 'order.placed' && process !== undefined && !hasOneProcess && { process }),
            },
          }
        }),
      ),
    )
    .chain((events) =>
      fc
        .tuple(fc.subarray(events, { maxLength: 20 }), fc.subarray(events, { maxLength: 3 }), fc.integer())
        .map(([again, otherwise, seed]) =>
          shuffled([...events, ...again, ...otherwise.map((event) => ({ ...event, actor: 'somebody else' }))], seed),
        ),
    )
}

/** In chronological order, as most files are, with a few late rows. */
function shuffled(events: readonly OrderEvent[], seed: number): OrderEvent[] {
  const place = ({ occurredAt, id }: OrderEvent, i: number) =>
    occurredAt + ((i * 31 + id.length + seed) % 10 === 0 ? 600_000 : 0)
  return events
    .map((event, i) => ({ event, at: place(event, i) }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ event }) => event)
}

it(
  'what an import brings is written in bulk as it is written event by event, whatever it is',
  { timeout: 300_000 },
  async () => {
    let wholeBatches = 0
    await fc.assert(
      fc.asyncProperty(file, async ({ events, processes }) => {
        const [bulk, byEvent] = [await open(false, processes), await open(true, processes)]
        const importId = await beginImport(bulk)
        for (let from = 0; from < events.length; from += batchSize) {
          const some = events.slice(from, from + batchSize)
          if (some.length === batchSize) wholeBatches += 1
          const answer = await send(bulk, some, importId)
          const before = copied
          expect(answer).toStrictEqual(await send(byEvent, some, undefined))
          expect(copied).toBe(before)
        }
        const [one, other] = [await storedRows(database, bulk), await storedRows(database, byEvent)]
        expect(one).toEqual(other)
        await bulk.close()
        await byEvent.close()
      }),
      { numRuns, endOnFailure: true },
    )
    // Most of the rows that can be written in bulk are: the events, orders and visits of each full batch.
    expect(wholeBatches).toBeGreaterThan(0)
    expect(copied).toBeGreaterThan((wholeBatches * 3) / 2)
  },
)
