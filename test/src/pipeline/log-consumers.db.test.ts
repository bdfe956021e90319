import type { Database } from '@stagewatch/db/database.ts'
import { events as log } from '@stagewatch/db/schema.ts'
import { anyOf } from '@stagewatch/db/sql-expressions.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { ConsumerRunner } from '@stagewatch/server/log/consumers.ts'
import type { LogConsumer, LoggedEvent } from '@stagewatch/server/log/consumers.ts'
import { logHorizon } from '@stagewatch/server/log/log-follower.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import type { SitePipeline } from '@stagewatch/server/sites/site-pipeline.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { openSite, submitEvents } from '../harness/open-site.ts'

const now = Date.UTC(2026, 10, 22)
let database: Database
let east: SitePipeline
let west: SitePipeline
let consumed: string[]
let consumers = 0
const newestEvent = 'select position::text from events order by events.tx desc, events.position desc limit 1'

beforeAll(async () => {
  database = await openTestDatabase()
  const clock = new VirtualClock(now)
  east = await openSite({ database, clock, site: 'east', origin: 'this' })
  west = await openSite({ database, clock, site: 'west', origin: 'other' })
})
beforeEach(() => (consumed = []))
afterAll(async () => {
  await east.close()
  await west.close()
  await database.close()
})

let ids = 0
async function send(site: SitePipeline, ...orders: string[]): Promise<void> {
  await submitEvents(site, orders.map(event))
}

function event(order: string): OrderEvent {
  return { source: 'test', id: `e${ids++}`, type: 'stage.entered', order, stage: 'pick', occurredAt: now, data: {} }
}

function consumer(options: Partial<LogConsumer> = {}): LogConsumer {
  return {
    name: `consumer-${consumers++}`,
    kind: 'projector',
    startsAt: 'end',
    handle: (_tx, events) => {
      for (const { site, order } of events) consumed.push(`${site} ${order}`)
      return Promise.resolve()
    },
    ...options,
  }
}

/** Waits, because transactions of other test files on the same PostgreSQL may delay the log for a moment. */
function untilConsumed(runners: readonly ConsumerRunner[], expected: readonly string[]): Promise<void> {
  return eventually(async () => {
    for (const runner of runners) await runner.catchUp()
    expect(consumed).toEqual(expected)
  })
}

describe('a consumer of the log', () => {
  it('reads the events of all sites and instances once, in order, and resumes at its checkpoint', async () => {
    const started = consumer()
    const runner = await ConsumerRunner.open(database, started)
    await send(east, 'A-1')
    await send(west, 'A-2')
    await send(east, 'A-3')
    const first = ['east A-1', 'west A-2', 'east A-3']
    await untilConsumed([runner], first)
    await runner.catchUp()
    expect(consumed).toEqual(first)
    await send(east, 'A-4')
    const restarted = await ConsumerRunner.open(database, started)
    await untilConsumed([restarted, runner], [...first, 'east A-4'])
    await runner.catchUp()
    expect(consumed.slice(3)).toEqual(['east A-4'])
  })

  it('looks once when nothing is held back', async () => {
    let transactions = 0
    const counting: Database = {
      ...database,
      transaction: (work, pipeline) => {
        transactions += 1
        return database.transaction(work, pipeline)
      },
    }
    const runner = await ConsumerRunner.open(counting, consumer())
    await send(east, 'A-5')
    await untilConsumed([runner], ['east A-5'])
    await eventually(async () => {
      transactions = 0
      await runner.catchUp()
      expect(transactions).toBe(1)
    })
  })

  it('begins at the end or at the beginning, by choice', async () => {
    await send(east, 'B-1')
    const fromBeginning = await ConsumerRunner.open(database, consumer({ startsAt: 'beginning' }))
    const [row] = await database.query<{ count: number }>('select count(*)::float8 as count from events')
    await eventually(async () => {
      await fromBeginning.catchUp()
      expect(consumed).toHaveLength(row!.count)
    })
    expect(consumed).toContain('east B-1')
    await eventually(async () => {
      consumed = []
      const fromEnd = await ConsumerRunner.open(database, consumer())
      await fromEnd.catchUp()
      expect(consumed).toEqual([])
    })
  })

  it('rolls back a failed batch, and retries it', async () => {
    let fails = true
    const failing = consumer({
      handle: async (tx, events) => {
        for (const { order } of events) {
          await tx.query("insert into leases (name, owner, expires_at) values ($1, 'test', now())", [`seen ${order}`])
        }
        if (fails) throw new Error('killed')
      },
    })
    const runner = await ConsumerRunner.open(database, failing)
    const seen = () => database.query("select name from leases where name like 'seen C-%'")
    await send(east, 'C-1')
    await eventually(() => expect(runner.catchUp()).rejects.toThrow('killed'))
    expect(await seen()).toEqual([])
    fails = false
    await eventually(async () => {
      await runner.catchUp()
      expect(await seen()).toEqual([{ name: 'seen C-1' }])
    })
    await runner.catchUp()
    expect(await seen()).toHaveLength(1)
  })

  it('receives imported events only if it has no effects beyond its tables', async () => {
    const projected: LoggedEvent[] = []
    const handle: LogConsumer['handle'] = (_tx, events) => Promise.resolve(void projected.push(...events))
    const projector = await ConsumerRunner.open(database, consumer({ handle }))
    const reactor = await ConsumerRunner.open(database, consumer({ kind: 'reactor' }))
    const items = [event('D-1')].map((raw, index) => ({ index, ok: true as const, event: raw, raw }))
    await east.submit({ sender: 'test', items, imported: true })
    await send(east, 'D-2')
    await eventually(async () => {
      await projector.catchUp()
      expect(projected.map(({ order }) => order)).toEqual(['D-1', 'D-2'])
    })
    await untilConsumed([reactor], ['east D-2'])
  })

  it('is passed what it wants and nothing else, across pages and windows of the log', async () => {
    // More than two windows; more of the first one is wanted than fits in a page.
    const orders = Array.from({ length: 11_000 }, (_, i) => `F-${i}`)
    const wanted = orders.filter((_, i) => i < 1_100 || i === 10_999)
    const seen: LoggedEvent[] = []
    const wanting = consumer({
      wanted: anyOf(log.orderId, wanted),
      handle: (_tx, events) => {
        expect(events).not.toEqual([])
        return Promise.resolve(void seen.push(...events))
      },
    })
    const runner = await ConsumerRunner.open(database, wanting)
    for (let from = 0; from < orders.length; from += 1_000) await send(west, ...orders.slice(from, from + 1_000))
    const newest = async () => (await database.query<{ position: string }>(newestEvent))[0]
    await eventually(async () => expect((await logHorizon(database)).position).toBe((await newest())?.position))
    // A single call handles everything that can be read.
    await runner.catchUp()
    expect(seen.map(({ order }) => order)).toEqual(wanted)
    await send(west, 'F-last')
    await eventually(async () => {
      await runner.catchUp()
      const [checkpoint] = await database.query<{ position: string }>(
        'select position::text from log_consumers where name = $1',
        [wanting.name],
      )
      expect(checkpoint).toEqual(await newest())
    })
    expect(seen).toHaveLength(1_101)
  })

  it('runs on one of two instances at a time, which share the work', async () => {
    const shared = consumer()
    const [a, b] = [await ConsumerRunner.open(database, shared), await ConsumerRunner.open(database, shared)]
    const orders = Array.from({ length: 1_200 }, (_, i) => `E-${i}`)
    await send(east, ...orders)
    await eventually(async () => {
      await Promise.all([a.catchUp(), b.catchUp()])
      await a.catchUp()
      expect(consumed.toSorted()).toEqual(orders.map((order) => `east ${order}`).toSorted())
    })
  })
})
