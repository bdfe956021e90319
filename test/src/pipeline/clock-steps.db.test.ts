import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { lateSources } from '@stagewatch/server/ingest/sources/source-registry.ts'
import { parseEvents } from '@stagewatch/server/ingest/parse/parse-events.ts'
import { board } from '@stagewatch/shared/contract/board.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { hour, minute, nine, nothing, Plant } from './timed-plant.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

describe('a clock that is set', () => {
  const statuses = (plant: Plant) => {
    const { kpis, asOf } = plant.pipeline.boards.find('overview')!.snapshot()
    return { asOf, overdue: kpis.overdue.count, atRisk: kpis.atRisk.count, stalled: kpis.stalled.count }
  }

  it('back by an hour takes back what had come due within it, and it comes due again', async () => {
    const plant = await new Plant(database).open()
    await plant.happens('stage.entered', { stage: 'picking' })
    plant.at(nine + 3.5 * hour)
    expect(plant.counts()).toMatchObject({ overdue: 1 })
    await plant.set(nine + 2.6 * hour)
    expect(plant.counts()).toEqual({ ...nothing, atRisk: 1, soon: 1 })
    expect(statuses(plant)).toEqual({ asOf: plant.clock.now(), overdue: 0, atRisk: 1, stalled: 0 })
    plant.at(nine + 3 * hour)
    expect(plant.toldAt('overdue', 'count').at(-1)).toBe(nine + 3 * hour)
    expect(plant.counts()).toMatchObject({ overdue: 1 })
  })

  it('forward takes in what was too far in the future for the clock of before, and nothing that still is', async () => {
    const plant = await new Plant(database).open()
    const sent = (order: string, occurredAt: number) => {
      const event = { source: 'wms', id: order, type: 'stage.entered', order, stage: 'picking' }
      return { ...event, occurredAt: new Date(occurredAt).toISOString() }
    }
    const [honest, wrong] = [sent('SO-1', nine + 72 * hour), sent('SO-2', nine + 400 * 24 * hour)]
    const parsed = parseEvents('application/json', [honest, wrong], plant.clock.now())
    if (!parsed.ok) throw new Error(parsed.problem.message)
    const answer = await plant.pipeline.submit({ sender: 'test', items: parsed.items })
    expect(answer.results.map((result) => 'code' in result && result.code)).toEqual(
      Array.from({ length: 2 }, () => 'occurred_in_future'),
    )
    const waiting = () =>
      database.query(`select raw::jsonb ->> 'order' as "order" from quarantine where site = $1 order by id`, [
        plant.code,
      ])
    await plant.set(nine + hour)
    await plant.set(nine)
    expect(await waiting()).toEqual([{ order: 'SO-1' }, { order: 'SO-2' }])
    await plant.set(nine + 72 * hour)
    await eventually(async () => expect(await waiting()).toEqual([{ order: 'SO-2' }]))
    expect(plant.pipeline.engine.order('SO-1')).toBeDefined()
    expect(plant.pipeline.engine.order('SO-2')).toBeUndefined()
  })

  it('back by 400 days shows the orders of before, which are ahead of it now, and what happens then', async () => {
    const plant = await new Plant(database).open()
    await plant.happens('stage.entered', { stage: 'picking' })
    plant.at(nine + 6 * hour)
    const then = nine - 400 * 24 * hour
    await plant.set(then)
    expect(board.safeParse(plant.pipeline.boards.find('overview')!.snapshot()).error).toBeUndefined()
    expect(statuses(plant)).toEqual({ asOf: plant.clock.now(), overdue: 0, atRisk: 0, stalled: 0 })
    await plant.happens('stage.entered', { order: 'SO-2', stage: 'picking' })
    plant.at(then + 3 * hour + minute)
    expect(statuses(plant)).toEqual({ asOf: plant.clock.now(), overdue: 1, atRisk: 0, stalled: 0 })
    await plant.at(then + 4 * hour).pipeline.captureHour()
    expect((await plant.stageHours()).find(({ hour: at }) => at === '16 13:00')).toMatchObject({ wip: 1, overdue: 1 })
  })

  it('forward by 31 days and back leaves everything as if it had not been', async () => {
    const [plant, other] = [await new Plant(database).open(), await new Plant(database).open()]
    const interval = { source: 'wms', name: { zh: '仓库', en: 'Warehouse' }, intervalMs: 10 * minute, stages: [] }
    for (const { pipeline } of [plant, other]) await pipeline.sources.register(interval)
    for (const each of [plant, other]) {
      await each.happens('stage.entered', { stage: 'picking' })
      await each.at(nine + 20 * minute).happens('stage.entered', { order: 'SO-2', stage: 'packing' })
    }
    await plant.set(nine + 31 * 24 * hour)
    expect(statuses(plant)).toMatchObject({ overdue: 2, stalled: 1 })
    expect(lateSources(plant.pipeline.sources.freshness())).toEqual([])
    await plant.pipeline.captureHour()
    await plant.pipeline.sync()
    await plant.set(nine + 20 * minute + 250)
    await plant.pipeline.sync()
    for (const each of [plant, other]) await each.at(nine + hour).pipeline.captureHour()
    const shown = (each: Plant) => {
      const {
        site: _,
        version: _v,
        epoch: _e,
        position: _p,
        ...rest
      } = each.pipeline.boards.find('overview')!.snapshot()
      return rest
    }
    expect(shown(plant)).toEqual(shown(other))
    // Rows of the wrong hours in the table do not keep the next start from writing correct ones.
    await plant.pipeline.close()
    await database.query(`delete from stage_hours where site = $1 and hour_at < '2026-12-01T00:00:00Z'`, [plant.code])
    await plant.at(nine + 4.5 * hour).open()
    expect((await plant.stageHours())[0]).toEqual({
      hour: '20 13:00',
      stage: 'picking',
      wip: 1,
      overdue: 1,
      missing: false,
    })
  })
})
