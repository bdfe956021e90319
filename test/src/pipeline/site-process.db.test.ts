import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { boardOf, repair, shipping } from '@stagewatch/server/boards/testing/board-of.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import type { SitePipeline } from '@stagewatch/server/sites/site-pipeline.ts'
import { SiteRegistry } from '@stagewatch/server/sites/site-registry.ts'
import { maxStages } from '@stagewatch/shared/contract/process.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { afterStatement } from '../harness/after-statement.ts'
import { cuttable } from '../harness/cuttable-database.ts'
import { openSite } from '../harness/open-site.ts'
import { entered, note, now, statuses, withoutStage } from './entered-event.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

let sites = 0

function freshSite(): Promise<SitePipeline> {
  return openSite({ database, clock: new VirtualClock(now), site: `site-${++sites}` })
}

it('folds orders by new rules although the database was lost between the rules and the orders', async () => {
  const line = cuttable(database)
  let cutsAfterCommit = false
  const lossy: Database = {
    ...line,
    async transaction(work) {
      const result = await line.transaction(work)
      if (cutsAfterCommit) line.cut()
      return result
    },
  }
  const site = await openSite({ database: lossy, clock: new VirtualClock(now), site: `site-${++sites}` })
  await site.saveProcess(shipping)
  await statuses(site, entered('e1', { stage: 'packing' }))
  const ends = shipping.stages.map((stage) =>
    stage.code === 'packing' ? { ...stage, terminal: true as const } : stage,
  )

  cutsAfterCommit = true
  await expect(site.saveProcess({ ...shipping, stages: ends })).rejects.toThrow(
    'the connection to the database is lost',
  )
  cutsAfterCommit = false
  line.mend()
  expect(boardOf(site.engine, 'default', now).kpis.open.count).toBe(1)
  await site.sync()
  expect(boardOf(site.engine, 'default', now).kpis.open).toEqual({ count: 0, inToday: 1, outToday: 1 })
})

it('a site that waits for the database while it is being opened keeps nobody else waiting', async () => {
  const held = Promise.withResolvers<void>()
  let holds = false
  const { longRunning } = database
  const slow: Database = {
    ...cuttable(database),
    longRunning: {
      transaction: (work) => longRunning.transaction(work),
      async query(text, parameters) {
        if (holds) await held.promise
        return longRunning.query(text, parameters)
      },
      async values(text, parameters) {
        if (holds) await held.promise
        return longRunning.values(text, parameters)
      },
    },
  }
  const failed = (error: unknown): never => {
    throw error
  }
  const clock = new VirtualClock(now)
  const sitesOf = await SiteRegistry.open({
    database: slow,
    clock,
    origin: 'test',
    deltas: { delta: () => undefined },
    failed,
  })
  const codes = async () => (await sitesOf.list()).map(({ site }) => site.code)
  holds = true
  const opening = sitesOf.getOrCreate('slow')
  expect(await codes()).toContain('main')
  expect(await codes()).not.toContain('slow')
  held.resolve()
  await opening
  expect(await codes()).toContain('slow')
  await sitesOf.close()
})

describe('the process of a site', () => {
  it('comes into being with the first events, with the stages in the order in which they came', async () => {
    const site = await freshSite()
    await statuses(site, entered('e1', { stage: 'b' }), entered('e2', { stage: 'a' }), entered('e3', { stage: 'b' }))
    await statuses(site, entered('e4', { stage: 'c' }))
    expect(site.catalog.get('default')?.stages.map(({ code }) => code)).toEqual(['b', 'a', 'c'])
    expect(boardOf(site.engine, 'default', now).stageOrder).toEqual(['b', 'a', 'c'])
  })

  it('refuses the stages for which it has no room, and can be read again', async () => {
    const site = await freshSite()
    const many = Array.from({ length: maxStages + 20 }, (_, i) =>
      entered(`e${i}`, { order: `SO-${i}`, stage: `s${i}` }),
    )
    const answered = await statuses(site, ...many)
    expect(answered.filter((status) => status === 'accepted')).toHaveLength(maxStages)
    expect(answered.slice(maxStages)).toEqual(Array.from({ length: 20 }, () => 'unknown_stage'))
    await site.catalog.reload()
    expect(await statuses(site, entered('known', { stage: 's0' }), entered('new', { stage: 'varnish' }))).toEqual([
      'accepted',
      'unknown_stage',
    ])
  })

  it('is left by an order that moves to another one, with all its visits', async () => {
    const site = await freshSite()
    await site.saveProcess(shipping)
    await site.saveProcess(repair)
    await statuses(site, entered('e1', { stage: 'packing' }), entered('e2', { stage: 'shipped', occurredAt: now + 1 }))
    expect(boardOf(site.engine, 'default', now + 2).kpis.open).toEqual({ count: 0, inToday: 1, outToday: 1 })
    await statuses(site, {
      ...withoutStage(entered('e3', { occurredAt: now + 2 })),
      type: 'order.changed',
      data: { process: 'repair' },
    })
    expect(boardOf(site.engine, 'default', now + 2).kpis.open).toEqual({ count: 0, inToday: 0, outToday: 0 })
    const moved = boardOf(site.engine, 'repair', now + 2)
    expect(moved.kpis.open).toEqual({ count: 1, inToday: 1, outToday: 0 })
    expect(moved.stageOrder).toEqual(['diagnosis', 'packing', 'shipped'])
    expect(moved.stages['shipped']).toMatchObject({ wip: 1 })
  })

  it('takes over the orders that came before it when it is the first that somebody defines', async () => {
    const site = await freshSite()
    await statuses(site, entered('e1', { stage: 'diagnosis' }))
    await site.saveProcess(repair)
    expect(site.engine.processOf('SO-1')).toBe('repair')
    expect(await statuses(site, entered('e2', { stage: 'packing' }))).toEqual(['accepted'])
    expect(boardOf(site.engine, 'repair', now).stages).toMatchObject({ diagnosis: { wip: 0 }, packing: { wip: 1 } })
  })

  it('decides anew where orders end when a stage becomes terminal, in memory and in the tables', async () => {
    const site = await freshSite()
    const endless = { ...shipping, stages: shipping.stages.map(({ terminal: _, ...stage }) => stage) }
    await site.saveProcess(endless)
    await statuses(site, entered('e1', { stage: 'shipped' }), entered('e2', { order: 'SO-2' }))
    const stored = () =>
      database.query('select order_id as "order", status from orders where site = $1 order by 1', [site.site.code])
    expect(await stored()).toEqual([
      { order: 'SO-1', status: 'open' },
      { order: 'SO-2', status: 'open' },
    ])
    await site.saveProcess(shipping)
    expect(await stored()).toEqual([
      { order: 'SO-1', status: 'completed' },
      { order: 'SO-2', status: 'open' },
    ])
    expect(boardOf(site.engine, 'default', now).kpis.open).toMatchObject({ count: 1, outToday: 1 })
    await site.saveProcess(endless)
    expect(boardOf(site.engine, 'default', now).kpis.open).toMatchObject({ count: 2, outToday: 0 })
  })

  it('is not taken back in memory by a look at the tables that began before it changed', async () => {
    const changed = { ...shipping, stages: shipping.stages.map((stage) => ({ ...stage, targetMs: 1 })) }
    let saving: Promise<void> | undefined
    const slow = afterStatement(database, async ({ text }) => {
      if (saving !== undefined || !isLooking || !text.includes('from processes')) return
      saving = site.saveProcess(changed)
      // Longer than a change would take if it did not wait its turn.
      for (let i = 0; i < 50; i++) await database.query('select 1')
    })
    let isLooking = false
    const site = await openSite({ database: slow, clock: new VirtualClock(now), site: `site-${++sites}` })
    await site.saveProcess(shipping)
    isLooking = true
    await site.sync()
    await saving
    expect(site.catalog.get('default')).toEqual(changed)
  })

  it('may change while events come in', async () => {
    const site = await freshSite()
    const endless = { ...shipping, stages: shipping.stages.map(({ terminal: _, ...stage }) => stage) }
    await site.saveProcess(endless)
    const orders = Array.from({ length: 40 }, (_, i) => `SO-${i}`)
    await statuses(site, ...orders.map((order) => entered(`in ${order}`, { order, stage: 'shipped' })))
    const saving = site.saveProcess(shipping)
    for (let round = 1; round <= 5; round++) {
      await statuses(site, ...orders.map((order) => note(`${round} ${order}`, order, now + round)))
    }
    await saving
    await statuses(site, ...orders.map((order) => note(`last ${order}`, order, now + 9)))
    const open = await database.query('select 1 from orders where site = $1 and status = $2', [site.site.code, 'open'])
    expect(open).toEqual([])
    expect(boardOf(site.engine, 'default', now).kpis.open.count).toBe(0)
  })
})
