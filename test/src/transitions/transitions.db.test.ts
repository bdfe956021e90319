import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { SiteRegistry } from '@stagewatch/server/sites/site-registry.ts'
import { TransitionWatch } from '@stagewatch/server/transitions/transition-watch.ts'
import { loadOpen, recordBottleneck, recordEnds } from '@stagewatch/server/transitions/transitions-table.ts'
import type { SitePipeline } from '@stagewatch/server/sites/site-pipeline.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { submitEvents } from '../harness/open-site.ts'
import { RowsRead } from '../harness/rows-read.ts'

const hourMs = 3_600_000
const beginAt = Date.UTC(2026, 10, 22)
let database: Database
let clock: VirtualClock
let instances: Instance[]
let ids = 0

/** A server instance that listens on no port. */
interface Instance {
  readonly sites: SiteRegistry
  readonly site: SitePipeline
  readonly watch: TransitionWatch
}

/** The transitions that were handled, on any instance. */
let acted: string[]
/** Makes the handler's transaction fail. */
let fails = false

async function startInstance(origin: string): Promise<Instance> {
  const watching: { watch?: TransitionWatch } = {}
  const sites = await SiteRegistry.open({
    database,
    clock,
    origin,
    deltas: { delta: () => undefined },
    statusChanged: (code, edges) => watching.watch?.queueEdges(code, edges),
    failed: (error): never => {
      throw error
    },
  })
  const watch = new TransitionWatch({
    database,
    clock,
    sites,
    react: (_tx, site, transitions) => {
      if (fails) return Promise.reject(new Error('killed'))
      for (const { kind, order, stage, nth, endedAt, imported } of transitions)
        acted.push(
          [
            site,
            kind,
            order,
            stage,
            nth,
            endedAt === undefined ? 'began' : 'ended',
            ...(imported ? ['imported'] : []),
          ].join(' '),
        )
      return Promise.resolve()
    },
  })
  watching.watch = watch
  await watch.queueAll()
  const instance = { sites, site: await sites.get('main'), watch }
  instances.push(instance)
  return instance
}

const name = { zh: '拣货', en: 'Picking' }

async function setTarget(site: SitePipeline, targetMs: number): Promise<void> {
  const stage = { code: 'picking', name, targetMs, warnAtRatio: 0.8, toleranceRatio: 0.1 }
  await site.saveProcess({ code: 'default', name, stages: [stage], acceptsNewStages: true, goals: {} })
}

function event(order: string, stage: string, hour: number): OrderEvent {
  const at = beginAt + hour * hourMs
  return { source: 'test', id: `e${ids++}`, type: 'stage.entered', order, stage, occurredAt: at, data: {} }
}

/** Delivers changed orders, as the log does to other instances. */
async function followed({ site }: Instance, ...orders: string[]): Promise<void> {
  await site.follow(orders, 0n)
}

beforeAll(async () => (database = await openTestDatabase()))
beforeEach(() => {
  clock = new VirtualClock(beginAt)
  ;[instances, acted, fails] = [[], [], false]
})
afterEach(async () => {
  for (const { sites } of instances) await sites.close()
  for (const table of ['transitions', 'visits', 'orders', 'events']) await database.query(`delete from ${table}`)
})
afterAll(() => database.close())

describe('an overdue transition', () => {
  it('is handled once when time alone causes it, and once more when it ends', async () => {
    const { site, watch } = await startInstance('a')
    await setTarget(site, hourMs)
    await submitEvents(site, [event('SO-1', 'picking', 0), event('SO-2', 'picking', 0.5)])
    await watch.catchUp()
    expect(acted).toEqual([])
    clock.advanceTo(beginAt + hourMs)
    await watch.catchUp()
    await watch.catchUp()
    expect(acted).toEqual(['main overdue SO-1 picking 1 began'])
    await submitEvents(site, [event('SO-1', 'packing', 1)])
    await watch.catchUp()
    await watch.reconcileAll()
    expect(acted).toEqual(['main overdue SO-1 picking 1 began', 'main overdue SO-1 picking 1 ended'])
    const rows = await database.query<{ at: number }>(
      'select (extract(epoch from began_at) * 1000)::float8 as at from transitions',
    )
    expect(rows).toEqual([{ at: beginAt + hourMs }])
  })

  it('is handled by the first of two instances, and not again by the one that lags behind', async () => {
    const a = await startInstance('a')
    await setTarget(a.site, hourMs)
    const b = await startInstance('b')
    await submitEvents(a.site, [event('SO-1', 'picking', 0)])
    await followed(b, 'SO-1')
    clock.advanceTo(beginAt + 2 * hourMs)
    await Promise.all([a.watch.catchUp(), b.watch.catchUp(), a.watch.reconcileAll(), b.watch.reconcileAll()])
    expect(acted).toEqual(['main overdue SO-1 picking 1 began'])
    await submitEvents(a.site, [event('SO-1', 'packing', 2)])
    await a.watch.catchUp()
    // This instance still considers the order overdue.
    await b.watch.reconcileAll()
    await followed(b, 'SO-1')
    await b.watch.catchUp()
    await b.watch.reconcileAll()
    expect(acted).toEqual(['main overdue SO-1 picking 1 began', 'main overdue SO-1 picking 1 ended'])
  })

  it('is not ended by an instance that has not read the order yet', async () => {
    const a = await startInstance('a')
    await setTarget(a.site, hourMs)
    const b = await startInstance('b')
    await submitEvents(a.site, [event('SO-1', 'picking', -2)])
    await a.watch.catchUp()
    await b.watch.reconcileAll()
    expect(acted).toEqual(['main overdue SO-1 picking 1 began'])
  })

  it('is handled by another instance when the first one is killed before', async () => {
    const a = await startInstance('a')
    await setTarget(a.site, hourMs)
    await submitEvents(a.site, [event('SO-1', 'picking', 0)])
    clock.advanceTo(beginAt + hourMs)
    fails = true
    await expect(a.watch.catchUp()).rejects.toThrow('killed')
    fails = false
    const c = await startInstance('c')
    await c.watch.catchUp()
    // Failed transitions are retried as well.
    await a.watch.catchUp()
    expect(acted).toEqual(['main overdue SO-1 picking 1 began'])
  })

  it('would be handled by both without the unique keys', async () => {
    const a = await startInstance('a')
    await setTarget(a.site, hourMs)
    const b = await startInstance('b')
    await submitEvents(a.site, [event('SO-1', 'picking', 0)])
    await followed(b, 'SO-1')
    clock.advanceTo(beginAt + hourMs)
    const indexes = await database.query<{ sql: string; name: string }>(
      `select indexdef as sql, indexname as name from pg_indexes where indexname in ('transitions_once', 'transitions_open_visit')`,
    )
    expect(indexes).toHaveLength(2)
    for (const index of indexes) await database.query(`drop index ${index.name}`)
    // Both read before either of them writes.
    const both = Promise.withResolvers<void>()
    let waiting = 0
    const meeting: Database = {
      ...database,
      async transaction(work) {
        if (++waiting === 2) both.resolve()
        await both.promise
        return database.transaction(work)
      },
    }
    const react = (_tx: unknown, _site: string, { length }: readonly unknown[]) => {
      acted.push(`acted upon ${length}`)
      return Promise.resolve()
    }
    const [first, second] = [a, b].map(({ sites, site }) =>
      new TransitionWatch({ database: meeting, clock, sites, react }).reconcile(site),
    )
    await Promise.all([first, second])
    expect(acted).toEqual(['acted upon 1', 'acted upon 1'])
    await database.query('delete from transitions')
    for (const index of indexes) await database.query(index.sql)
    ;[acted, waiting] = [[], 0]
    const again = [a, b].map(({ sites, site }) =>
      new TransitionWatch({ database: meeting, clock, sites, react }).reconcile(site),
    )
    await Promise.all(again)
    expect(acted).toEqual(['acted upon 1'])
  })

  it('ends by a change of rules when that has held for a while, and begins anew with another limit', async () => {
    const { site, watch } = await startInstance('a')
    await setTarget(site, hourMs)
    await submitEvents(site, [event('SO-1', 'picking', 0)])
    clock.advanceTo(beginAt + 2 * hourMs)
    await watch.catchUp()
    await setTarget(site, 3 * hourMs)
    await watch.reconcileAll()
    expect(acted).toEqual(['main overdue SO-1 picking 1 began'])
    clock.advanceTo(clock.now() + 10_000)
    await watch.reconcileAll()
    clock.advanceTo(beginAt + 3 * hourMs)
    await watch.catchUp()
    expect(acted).toEqual([
      'main overdue SO-1 picking 1 began',
      'main overdue SO-1 picking 1 ended',
      'main overdue SO-1 picking 1 began',
    ])
  })
})

describe('the bottleneck of a process', () => {
  it('is handled when a stage becomes the bottleneck and when it no longer is', async () => {
    const { site, watch } = await startInstance('a')
    await setTarget(site, hourMs)
    const orders = ['SO-1', 'SO-2', 'SO-3']
    await submitEvents(
      site,
      orders.map((order) => event(order, 'picking', 0)),
    )
    await watch.recordBottlenecks()
    expect(acted).toEqual([])
    clock.advanceTo(beginAt + hourMs)
    await watch.recordBottlenecks()
    await watch.recordBottlenecks()
    expect(acted).toEqual(['main bottleneck  picking 0 began'])
    await submitEvents(site, [event('SO-1', 'packing', 1)])
    // Another instance takes over.
    const b = await startInstance('b')
    await b.watch.recordBottlenecks()
    expect(acted).toEqual(['main bottleneck  picking 0 began', 'main bottleneck  picking 0 ended'])
  })
})

it('finds what is open reading none of what has ended, before there are statistics', async () => {
  const many = 20_000
  await startInstance('a')
  await database.query(
    `insert into transitions (site, kind, process, order_id, stage, began_at, ended_at)
     select 'main', kind, 'default', case kind when 'overdue' then 'SO-' || i else '' end, 'picking',
       to_timestamp(i), to_timestamp(i + 1)
     from generate_series(1, $1::int) as i, unnest(array['overdue', 'bottleneck']) as kind`,
    [many],
  )
  await database.query(
    `insert into transitions (site, kind, process, order_id, stage, began_at)
     select 'main', 'overdue', 'default', 'SO-' || i, 'picking', to_timestamp($1::int + 1) from generate_series(1, 4) as i`,
    [many],
  )
  await database.query(
    `insert into transitions (site, kind, process, stage, began_at)
     values ('main', 'bottleneck', 'default', 'picking', to_timestamp($1::int + 1))`,
    [many],
  )
  const rows = new RowsRead(database)
  const on = rows.database
  let open = await loadOpen(database, 'main', 'overdue', ['SO-1', 'SO-2'])
  expect(open.map(({ order }) => order).toSorted()).toEqual(['SO-1', 'SO-2'])
  expect(await rows.of(() => loadOpen(on, 'main', 'overdue', ['SO-1', 'SO-2']))).toBeLessThan(100)
  expect(await rows.of(() => loadOpen(on, 'main', 'overdue'))).toBeLessThan(100)
  const ends = open.map(({ id }) => ({ id, eventCount: undefined }))
  expect(
    await rows.of(() => on.transaction(async (tx) => (open = await recordEnds(tx, 'main', ends, clock.now())))),
  ).toBeLessThan(100)
  expect(open.map(({ order }) => order)).toEqual(['SO-1', 'SO-2'])
  expect(
    await rows.of(() => on.transaction((tx) => recordBottleneck(tx, 'main', 'default', 'packing', clock.now()))),
  ).toBeLessThan(100)
})
