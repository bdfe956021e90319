import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { repair, shipping } from '@stagewatch/server/boards/testing/board-of.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import type { SitePipeline } from '@stagewatch/server/sites/site-pipeline.ts'
import type { EventsAnswer } from '@stagewatch/shared/contract/event.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { eventTypes } from '@stagewatch/shared/domain/order-event.ts'
import { concurrentLog, orderLog } from '@stagewatch/shared/domain/testing/arbitrary-events.ts'
import * as fc from 'fast-check'
import { setImmediate } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { openSite, submitEvents } from '../harness/open-site.ts'
import { storedRows } from '../harness/stored-rows.ts'

const beginAt = Date.UTC(2026, 10, 22)
const clock = new VirtualClock(beginAt + 86_400_000)
const numRuns = Number(process.env['FAST_CHECK_RUNS'] ?? 12)

/** The numbers of pipelined commits that were started and that succeeded. */
const ahead = { begun: 0, committed: 0 }
let database: Database
let sites = 0
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

/** The same database with a counter of pipelined commits. */
function countingAhead(counted: Database): Database {
  return {
    ...counted,
    async transaction(work, sentAhead) {
      if (sentAhead === undefined) return counted.transaction(work)
      ahead.begun += 1
      const result = await counted.transaction(work, sentAhead)
      ahead.committed += 1
      return result
    },
  }
}

/** The same database, in which every pipelined commit fails. */
function refusingAhead(other: Database): Database {
  return {
    ...other,
    transaction: (work, sentAhead) =>
      sentAhead === undefined ? other.transaction(work) : Promise.reject(new Error('refused by the test')),
  }
}

async function open(
  on: Database,
  processes = [shipping, { ...repair, acceptsNewStages: false }],
): Promise<SitePipeline> {
  const site = await openSite({ database: on, clock, site: `ahead-${++sites}` })
  for (const process of processes) await site.saveProcess(process)
  return site
}

/** Events of a few orders as received: mostly in chronological order, some late, some repeated, some voided. */
const history = fc
  .array(
    fc.record({
      log: fc.oneof(
        {
          weight: 3,
          arbitrary: orderLog(
            '',
            eventTypes.filter((type) => type !== 'event.voided'),
          ),
        },
        { weight: 1, arbitrary: concurrentLog('', eventTypes) },
        { weight: 1, arbitrary: orderLog('', eventTypes) },
      ),
      process: fc.constantFrom(undefined, undefined, 'repair'),
    }),
    { minLength: 4, maxLength: 12, size: 'max' },
  )
  .chain((orders) =>
    fc.record({
      late: fc.infiniteStream(fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 0, 30)),
      again: fc.infiniteStream(fc.constantFrom(false, false, false, false, false, false, true)),
      sizes: fc.infiniteStream(fc.integer({ min: 1, max: 12 })),
      orders: fc.constant(orders),
    }),
  )
  .map(({ orders, late, again, sizes }) => {
    const events = orders
      .flatMap(({ log, process }, n) =>
        log.map((event): OrderEvent => {
          const { data } = event
          return {
            ...event,
            order: `SO-${n}`,
            id: `${n}-${event.id}`,
            occurredAt: beginAt + event.occurredAt * 60_000,
            data: {
              ...data,
              ...('id' in data && { id: `${n}-${String(data['id'])}` }),
              ...(event.type === 'order.placed' && process !== undefined && { process }),
            },
          }
        }),
      )
      .map((event) => ({ event, at: event.occurredAt + (late.next().value ?? 0) * 60_000 }))
      .toSorted((a, b) => a.at - b.at)
      .flatMap(({ event }) => (again.next().value === true ? [event, event] : [event]))
    const requests: OrderEvent[][] = []
    for (let from = 0; from < events.length;) {
      const size = sizes.next().value ?? 1
      requests.push(events.slice(from, from + size))
      from += size
    }
    return requests
  })

function withoutPosition({ position: _, ...answer }: EventsAnswer) {
  return answer
}

it('commits that are sent ahead leave the same rows as those that ask first', { timeout: 300_000 }, async () => {
  const counting = countingAhead(database)
  await fc.assert(
    fc.asyncProperty(history, fc.boolean(), async (requests, hasOneProcess) => {
      const processes = hasOneProcess ? [shipping] : undefined
      const [one, other] = [await open(counting, processes), await open(refusingAhead(database), processes)]
      for (const events of requests) {
        const answer = await submitEvents(one, events)
        expect(withoutPosition(answer)).toStrictEqual(withoutPosition(await submitEvents(other, events)))
      }
      expect(await storedRows(database, one)).toEqual(await storedRows(database, other))
      await one.close()
      await other.close()
    }),
    { numRuns, endOnFailure: true },
  )
  expect(ahead.committed).toBeGreaterThan(numRuns)
})

it('requests that come while others are on the way count as if each had waited', { timeout: 300_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(history, async (requests) => {
      const site = await open(database)
      const answers: Promise<EventsAnswer>[] = []
      for (const events of requests) {
        answers.push(submitEvents(site, events))
        await setImmediate()
      }
      const all = await Promise.all(answers)
      const sent = new Set(requests.flat().map(({ source, id }) => `${source} ${id}`))
      const accepted = all.reduce((sum, answer) => sum + answer.accepted, 0)
      const rejected = all.flatMap(({ results }) => results.filter(({ status }) => status === 'rejected'))
      expect(accepted).toBeGreaterThanOrEqual(sent.size - rejected.length)
      const live = await storedRows(database, site)
      await site.rebuild()
      const { orders, visits } = await storedRows(database, site)
      expect({ orders, visits }).toEqual({ orders: live.orders, visits: live.visits })
      await site.close()
    }),
    { numRuns, endOnFailure: true },
  )
})

const entered = (order: string, id: string, minute: number, stage: string | undefined): OrderEvent => ({
  source: 'wms',
  id,
  type: 'stage.entered',
  order,
  stage: stage ?? '',
  occurredAt: beginAt + minute * 60_000,
  data: {},
})
const [first, second, third] = shipping.stages.map(({ code }) => code)

it('a commit does not build on one that failed, even where another server has made up the number of events', async () => {
  const site = await open(countingAhead(database), [shipping])
  const elsewhere = await openSite({ database, clock, site: site.site.code, origin: 'elsewhere' })
  await submitEvents(site, [entered('SO-1', 'e1', 0, first), entered('SO-2', 'e2', 0, first)])
  await submitEvents(elsewhere, [entered('SO-1', 'e3', 10, second)])
  // The first commit waits for a locked row, so that the second is sent behind it.
  const release = Promise.withResolvers<void>()
  const held = Promise.withResolvers<void>()
  const holding = database.transaction(async (tx) => {
    const hold = `select from orders where site = $1 and order_id = 'SO-2' for update`
    if (database.kind === 'postgresql') await tx.query(hold, [site.site.code])
    held.resolve()
    if (database.kind === 'postgresql') await release.promise
  })
  await held.promise
  const { begun } = ahead
  const stale = submitEvents(site, [entered('SO-1', 'e4', 20, third), entered('SO-2', 'e5', 20, third)])
  await setImmediate()
  const behind = submitEvents(site, [entered('SO-1', 'e6', 30, second)])
  await Promise.race([eventually(() => expect(ahead.begun).toBe(begun + 2)), stale])
  release.resolve()
  await holding
  expect(await stale).toMatchObject({ accepted: 2 })
  expect(await behind).toMatchObject({ accepted: 1 })
  const live = await storedRows(database, site)
  expect(live.visits).toHaveLength(4 + 2)
  await site.rebuild()
  const { orders, visits } = await storedRows(database, site)
  expect({ orders, visits }).toEqual({ orders: live.orders, visits: live.visits })
  await elsewhere.close()
  await site.close()
})
