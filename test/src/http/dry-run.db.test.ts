import { dryRunLine } from '@stagewatch/shared/contract/dry-run.ts'
import type { DryRunResult } from '@stagewatch/shared/contract/dry-run.ts'
import { stageStatsAnswer } from '@stagewatch/shared/contract/stage-stats.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { call } from './call.ts'
import type { Reply } from './call.ts'
import { cutting, hour, instant, RulePlant } from './rule-plant.ts'

const path = 'admin/processes/default/dry-run'
let plant: RulePlant

/** By 16:00 one order has left the stage after three hours, one has been in it for six hours and one for two. */
beforeAll(async () => {
  plant = await RulePlant.open('2026-06-01T08:00')
  await plant.put('processes/default', cutting({ targetMs: 8 * hour, stallAfterMs: 7 * hour }))
  await plant.happens('SO-1', 'stage.entered', { stage: 'cut' })
  await plant.at('2026-06-01T10:00').happens('SO-2', 'stage.entered', { stage: 'cut' })
  await plant.at('2026-06-01T11:00').happens('SO-1', 'stage.entered', { stage: 'done' })
  await plant.at('2026-06-01T14:00').happens('SO-3', 'stage.entered', { stage: 'cut' })
  plant.at('2026-06-01T16:00')
  // A jump of the clock during a pending PostgreSQL query would look like a query without an answer for hours.
  await eventually(async () =>
    expect((await plant.ask('stages/stats')).body).toMatchObject({ asOf: plant.clock.now() }),
  )
})
afterAll(() => plant.close())

function linesOf({ body }: Reply) {
  return String(body)
    .trimEnd()
    .split('\n')
    .map((line) => dryRunLine.parse(JSON.parse(line)))
}

function resultOf(reply: Reply): DryRunResult {
  const last = linesOf(reply).at(-1)
  if (last === undefined || !('result' in last)) throw new Error(`no result: ${JSON.stringify(last)}`)
  return last.result
}

async function counts() {
  const { stages } = stageStatsAnswer.parse((await plant.ask('stages/stats')).body)
  const cut = stages.find(({ stage }) => stage === 'cut')
  return { breaches: cut?.breaches, overdue: cut?.overdue, atRisk: cut?.atRisk }
}

describe('a dry run', () => {
  it('reports current and expected figures, which match those after the process was saved', async () => {
    const before = await counts()
    const definition = cutting({ targetMs: 2.5 * hour })
    const reply = await plant.send('POST', path, { definition, days: 1 })
    expect(reply.status).toBe(200)
    expect(reply.headers.get('content-type')).toBe('application/x-ndjson')
    expect(linesOf(reply)[0]).toHaveProperty('progress')
    expect(resultOf(reply)).toEqual({
      from: instant('2026-05-31T16:00'),
      to: instant('2026-06-01T16:00'),
      orders: 3,
      endsOtherwise: false,
      stages: [
        {
          stage: 'cut',
          visits: 1,
          unjudged: 0,
          open: 2,
          statusChanges: 2,
          p50Ms: expect.closeTo(3 * hour, -5),
          p90Ms: expect.closeTo(3 * hour, -5),
          live: { breaches: 0, overdue: 0, atRisk: 0, stalled: 0 },
          draft: { breaches: 1, overdue: 1, atRisk: 1, stalled: 0 },
        },
        {
          stage: 'done',
          visits: 1,
          unjudged: 0,
          open: 0,
          statusChanges: 0,
          p50Ms: 0,
          p90Ms: 0,
          live: { breaches: 0, overdue: 0, atRisk: 0, stalled: 0 },
          draft: { breaches: 0, overdue: 0, atRisk: 0, stalled: 0 },
        },
      ],
      total: {
        visits: 2,
        unjudged: 0,
        open: 2,
        statusChanges: 2,
        live: { breaches: 0, overdue: 0, atRisk: 0, stalled: 0 },
        draft: { breaches: 1, overdue: 1, atRisk: 1, stalled: 0 },
      },
      examples: [
        { order: 'SO-2', stage: 'cut', live: [], draft: ['overdue'] },
        { order: 'SO-3', stage: 'cut', live: [], draft: ['atRisk'] },
      ],
    })
    expect(await counts()).toEqual(before)

    await plant.put('processes/default', definition)
    expect(await counts()).toEqual({ breaches: 1, overdue: 1, atRisk: 1 })
    await plant.put('processes/default', cutting({ targetMs: 8 * hour, stallAfterMs: 7 * hour }))
  })

  it('applies a version with a start date to the visits that start from then on', async () => {
    const definition = cutting({ targetMs: 0.5 * hour })
    const later = await plant.send('POST', path, { definition, validFrom: instant('2026-06-01T12:00') })
    expect(resultOf(later).total.draft).toEqual({ breaches: 0, overdue: 1, atRisk: 0, stalled: 0 })
  })

  it('says when orders would end elsewhere, and has no limits for a stage that is left out', async () => {
    const { stages, ...rest } = cutting({ targetMs: hour })
    const result = resultOf(await plant.send('POST', path, { definition: { ...rest, stages: stages.slice(1) } }))
    expect(result.stages.map(({ stage, open, draft: { overdue } }) => [stage, open, overdue])).toEqual([
      ['done', 0, 0],
      ['cut', 2, 0],
    ])
    expect(result.endsOtherwise).toBe(false)
    const endless = { ...rest, stages: stages.slice(0, 1) }
    expect(resultOf(await plant.send('POST', path, { definition: endless })).endsOtherwise).toBe(true)
  })

  it('names no orders to those who may not read them', async () => {
    const key = await plant.server.createKey(['admin'], plant.site)
    const body = { definition: cutting({ targetMs: hour }) }
    const result = resultOf(await call(`${plant.server.url}/api/v1/${path}`, { key, body }))
    expect([result.total.statusChanges, result.examples]).toEqual([2, []])
  })

  it('is refused if the definition belongs to another process or refers to a missing calendar', async () => {
    const other = await plant.send('POST', path, { definition: { ...cutting({}), code: 'other' } })
    expect(other).toMatchObject({ status: 400, body: { details: [{ field: 'definition.code', reason: 'mismatch' }] } })
    const unknown = await plant.send('POST', path, { definition: cutting({ calendar: 'moon' }) })
    expect(unknown).toMatchObject({
      status: 422,
      body: { code: 'unknown_calendar', details: [{ field: 'definition.stages.0.calendar' }] },
    })
  })
})
