import type { Database } from '@stagewatch/db/database.ts'
import { epochMs } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { boardOf, shipping } from '@stagewatch/server/boards/testing/board-of.ts'
import { timeColumns } from '@stagewatch/server/engine/time-columns.ts'
import { missingCells } from '@stagewatch/server/query/blank-cells.ts'
import { lateSources } from '@stagewatch/server/ingest/sources/source-registry.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hour, minute, nine, nothing, Plant } from './timed-plant.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

describe('an order without any event', () => {
  it('becomes at risk, overdue and stalled at the instant, and screens are told then', async () => {
    const plant = await new Plant(database).open()
    await plant.happens('stage.entered', { stage: 'picking' })
    const [riskAt, dueAt, stalledAt] = [nine + 2.4 * hour, nine + 3 * hour, nine + 5 * hour]
    expect(plant.at(riskAt - 1).counts()).toEqual(nothing)
    expect(plant.at(riskAt).counts()).toEqual({ ...nothing, atRisk: 1, soon: 1 })
    expect(plant.at(dueAt - 1).counts()).toEqual({ ...nothing, atRisk: 1, soon: 1 })
    expect(plant.at(dueAt).counts()).toEqual({ ...nothing, overdue: 1 })
    expect(plant.at(stalledAt - 1).counts()).toEqual({ ...nothing, overdue: 1 })
    expect(plant.at(stalledAt).counts()).toEqual({ ...nothing, overdue: 1, stalled: 1 })
    expect(plant.toldAt('atRisk', 'count')).toEqual([riskAt, dueAt])
    expect(plant.toldAt('overdue', 'count')).toEqual([dueAt])
    expect(plant.toldAt('stalled', 'count')).toEqual([stalledAt])
  })

  it('is soon due in the last two hours when its warning comes earlier', async () => {
    const plant = await new Plant(database).open()
    const [picking, ...others] = shipping.stages
    await plant.pipeline.saveProcess({ ...shipping, stages: [{ ...picking!, targetMs: 20 * hour }, ...others] })
    await plant.happens('stage.entered', { stage: 'picking' })
    expect(plant.at(nine + 18 * hour - 1).counts()).toMatchObject({ atRisk: 1, soon: 0 })
    expect(plant.at(nine + 18 * hour).counts()).toMatchObject({ atRisk: 1, soon: 1 })
  })

  it('waits for its limit while it is on hold, and has the rest of it afterwards', async () => {
    const plant = await new Plant(database).open()
    await plant.happens('stage.entered', { stage: 'picking' })
    await plant.at(nine + hour).happens('order.held')
    expect(plant.at(nine + 30 * hour).counts()).toEqual({ ...nothing, held: 1 })
    await plant.happens('order.resumed')
    expect(plant.at(nine + 32 * hour - 1).counts()).toEqual({ ...nothing, atRisk: 1, soon: 1 })
    expect(plant.at(nine + 32 * hour).counts()).toEqual({ ...nothing, overdue: 1 })
  })

  it('resumes by itself when its hold ends, also on a server that has started in the meantime', async () => {
    const plant = await new Plant(database).open()
    await plant.happens('stage.entered', { stage: 'picking' })
    const [until, dueAt] = [nine + 30 * hour, nine + 32 * hour]
    await plant.at(nine + hour).happens('order.held', { data: { until } })
    expect(plant.at(until - 1).counts()).toEqual({ ...nothing, held: 1 })
    await plant.pipeline.close()
    await plant.open()
    expect(plant.counts()).toEqual({ ...nothing, held: 1 })
    expect(plant.at(until).counts()).toEqual(nothing)
    expect(plant.at(dueAt - 1).counts()).toEqual({ ...nothing, atRisk: 1, soon: 1 })
    expect(plant.at(dueAt).counts()).toEqual({ ...nothing, overdue: 1 })
    expect(plant.at(until + 5 * hour - 1).counts()).toEqual({ ...nothing, overdue: 1 })
    expect(plant.at(until + 5 * hour).counts()).toEqual({ ...nothing, overdue: 1, stalled: 1 })
    expect(plant.toldAt('overdue', 'count')).toEqual([dueAt])
    await plant.pipeline.close()
    expect((await plant.open()).counts()).toEqual({ ...nothing, overdue: 1, stalled: 1 })
  })

  it('stays overdue by as much while it is on hold', async () => {
    const plant = await new Plant(database).open()
    await plant.happens('stage.entered', { stage: 'picking' })
    await plant.at(nine + 4 * hour).happens('order.held')
    plant.at(nine + 10 * hour)
    const { overdue } = boardOf(plant.pipeline.engine, 'default', plant.clock.now())
    expect(overdue.rows['SO-1']).toMatchObject({ state: 'onHold', stoppedOverMs: hour })
    expect(overdue.rows['SO-1']?.dueAt).toBe(nine + 3 * hour)
  })

  it('is evaluated again when its stage gets another limit', async () => {
    const plant = await new Plant(database).open()
    await plant.happens('stage.entered', { stage: 'labelling' })
    plant.at(nine + hour)
    const stages = shipping.stages.map((stage) => (stage.code === 'labelling' ? { ...stage, targetMs: hour } : stage))
    await plant.pipeline.saveProcess({ ...shipping, stages })
    expect(plant.counts()).toEqual({ ...nothing, overdue: 1 })
    await plant.pipeline.saveProcess(shipping)
    expect(plant.counts()).toEqual(nothing)
    expect(plant.at(nine + 2 * hour).counts()).toEqual({ ...nothing, stalled: 1 })
  })
})

describe('the turn of the day', () => {
  it('begins the counts of today anew, in the zone of the site', async () => {
    const plant = await new Plant(database).open()
    await plant.happens('order.placed')
    await plant.happens('stage.entered', { stage: 'picking' })
    await plant.at(nine + 5 * hour).happens('stage.entered', { stage: 'packing' })
    await plant.happens('order.placed', { order: 'SO-2' })
    await plant.happens('order.cancelled', { order: 'SO-2' })
    const midnight = Date.parse('2026-11-21T00:00:00+08:00')
    const board = () => boardOf(plant.pipeline.engine, 'default', plant.clock.now())
    plant.at(midnight - 1)
    expect(board().kpis.open).toEqual({ count: 1, inToday: 2, outToday: 1 })
    expect(board().stages['picking']).toMatchObject({ arrivalsToday: 1, departuresToday: 1 })
    expect(board().trend.previousDay).toEqual([])
    plant.at(midnight)
    expect(board().kpis.open).toEqual({ count: 1, inToday: 0, outToday: 0 })
    expect(board().stages['picking']).toMatchObject({ arrivalsToday: 0, departuresToday: 0 })
    expect(board().trend).toMatchObject({ today: [1], previousDay: expect.any(Array) })
    // Overdue in picking from 12:00 to 14:00, and in packing from 15:30.
    expect(board().trend.previousDay.join('')).toBe(`${'0'.repeat(24)}1111${'0'.repeat(3)}${'1'.repeat(17)}`)
  })
})

describe('the turn of the hour', () => {
  it('is written for every stage', async () => {
    const plant = await new Plant(database).open()
    await plant.happens('stage.entered', { stage: 'picking' })
    await plant.at(nine + 3 * hour).pipeline.captureHour()
    const rows = await database.query<{ stage: string; at: number }>(
      `select stage, ${epochMs('hour_at')} as at from stage_hours where site = $1 and hour_at = (
         select max(hour_at) from stage_hours where site = $1) order by stage`,
      [plant.code],
    )
    expect(rows).toEqual(
      shipping.stages
        .map(({ code }) => ({ stage: code, at: nine + 3 * hour }))
        .toSorted((a, b) => (a.stage < b.stage ? -1 : 1)),
    )
    expect((await plant.stageHours()).slice(-4)).toEqual([
      { hour: '20 09:00', stage: 'picking', wip: 1, overdue: 0, missing: false },
      { hour: '20 10:00', stage: 'picking', wip: 1, overdue: 0, missing: false },
      { hour: '20 11:00', stage: 'picking', wip: 1, overdue: 0, missing: false },
      { hour: '20 12:00', stage: 'picking', wip: 1, overdue: 1, missing: false },
    ])
  })

  it('is written later if the server was down', async () => {
    const plant = await new Plant(database).open()
    await plant.happens('stage.entered', { stage: 'picking' })
    await plant.at(nine + hour).pipeline.captureHour()
    await plant.pipeline.close()
    await plant.at(nine + 5.5 * hour).open()
    expect((await plant.stageHours()).slice(-5)).toEqual([
      { hour: '20 10:00', stage: 'picking', wip: 1, overdue: 0, missing: false },
      { hour: '20 11:00', stage: 'picking', wip: 1, overdue: 0, missing: false },
      { hour: '20 12:00', stage: 'picking', wip: 1, overdue: 1, missing: false },
      { hour: '20 13:00', stage: 'picking', wip: 1, overdue: 1, missing: false },
      { hour: '20 14:00', stage: 'picking', wip: 1, overdue: 1, missing: false },
    ])
  })

  it('is corrected when a late event changes it', async () => {
    const plant = await new Plant(database).open()
    await plant.happens('stage.entered', { stage: 'picking' })
    await plant.at(nine + 2 * hour).pipeline.captureHour()
    await plant.happens('stage.entered', { stage: 'packing', occurredAt: nine + 1.5 * hour })
    await plant.at(nine + 3 * hour).pipeline.captureHour()
    expect((await plant.stageHours()).map(({ wip }) => wip).slice(-4)).toEqual([1, 1, 0, 0])
  })
})

describe('a source that has fallen silent', () => {
  it('leaves a gap in the heat map that stays, whatever comes later', async () => {
    const plant = await new Plant(database).open()
    await plant.pipeline.sources.register({
      source: 'wms',
      name: { zh: '仓库', en: 'Warehouse' },
      intervalMs: 10 * minute,
      stages: [],
    })
    await plant.happens('stage.entered', { stage: 'picking' })
    plant.at(nine + 30 * minute)
    expect(lateSources(plant.pipeline.sources.freshness())).toEqual([])
    plant.at(nine + 30 * minute + 1)
    expect(lateSources(plant.pipeline.sources.freshness())).toEqual(['wms'])
    await plant.at(nine + hour).pipeline.captureHour()

    await plant.at(nine + hour + minute).happens('stage.entered', { stage: 'packing', occurredAt: nine + minute })
    expect(lateSources(plant.pipeline.sources.freshness())).toEqual([])
    await plant.at(nine + 2 * hour - minute).happens('note.added')
    await plant.at(nine + 2 * hour).pipeline.captureHour()
    const gap = [{ wip: 0, overdue: 0 }, null, { wip: 1, overdue: 0 }]
    const cells = () => plant.pipeline.boards.find('overview')?.snapshot().heatmap.cells['picking']?.slice(0, 3)
    expect(cells()).toEqual(gap)

    await plant.pipeline.close()
    await plant.at(nine + 2 * hour + minute).open()
    expect(cells()).toEqual(gap)

    await plant.pipeline.close()
    await plant.at(nine + 30 * 24 * hour).open()
    const picking = plant.pipeline.engine.process('default')?.stage('picking')
    expect([1, 2].map((hours) => plant.pipeline.isMissing(picking!, nine + hours * hour))).toEqual([true, false])
    // A heat map of these hours shows the same.
    const columns = timeColumns('hour', nine, nine + 3 * hour, plant.pipeline.engine.days)
    expect(missingCells([picking!], columns, plant.pipeline, nine + 3 * hour)).toEqual([[0, 1]])
    expect((await plant.stageHours()).filter(({ missing }) => missing)).toMatchObject([{ hour: '20 10:00' }])
  })

  it('marks the orders that only this source reports', async () => {
    const plant = await new Plant(database).open()
    await plant.pipeline.sources.register({
      source: 'wms',
      name: { zh: '仓库', en: 'Warehouse' },
      intervalMs: minute,
      stages: [],
    })
    await plant.happens('stage.entered', { stage: 'packing' })
    plant.at(nine + 2 * hour)
    const board = plant.pipeline.boards.find('overview')?.snapshot()
    expect(board?.stages['packing']?.lateSource).toBe('wms')
    expect(board?.overdue.rows['SO-1']?.state).toBe('unknown')
    expect(board?.sources['wms']).toMatchObject({ late: true, lastReceivedAt: nine })
  })
})
