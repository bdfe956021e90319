import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LiveEngine } from '../engine/live-engine.ts'
import { saveSite } from '../sites/sites-table.ts'
import { StageHoursCapture } from './stage-hours-capture.ts'
import { shipping } from './testing/board-of.ts'
import { fedEngine } from './testing/fed-engine.ts'

const hour = 3_600_000
const day = 24 * hour
const nine = Date.parse('2026-11-20T09:00:00+08:00')
/** Orders that no report may be missing for. */
const heard = () => false

let database: Database
let sites = 0
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

async function newSite(): Promise<string> {
  const code = `site-${++sites}`
  await saveSite(database, { code, name: { zh: code, en: code }, timeZone: 'Asia/Shanghai', sample: false })
  return code
}

/** One stage, in which an order has been since half past eight. */
function pickingEngine(): LiveEngine {
  const [picking] = shipping.stages
  return fedEngine({ ...shipping, stages: [picking!] }, [{ order: 'SO-1', stage: 'picking', ageMs: hour / 2 }], nine)
}

/** How many rows a site has, and the hours of the first and the last one since nine o'clock. */
async function written(site: string): Promise<{ count: number; first: number; last: number }> {
  const rows = await database.query<{ hourAt: string }>(
    'select hour_at::text as "hourAt" from stage_hours where site = $1 order by hour_at',
    [site],
  )
  const hours = rows.map(({ hourAt }) => (Date.parse(hourAt) - nine) / hour)
  return { count: rows.length, first: hours[0]!, last: hours.at(-1)! }
}

describe('the hours of a stage', () => {
  it('begin with the current one, and are due again when the next one begins', async () => {
    const site = await newSite()
    const capture = new StageHoursCapture(database, site, pickingEngine())
    expect(capture.isDue(nine)).toBe(true)
    await capture.open(nine + 1)
    expect(await written(site)).toEqual({ count: 1, first: 0, last: 0 })
    expect([nine, nine + hour - 1, nine + hour].map((at) => capture.isDue(at))).toEqual([false, false, true])
    await capture.turn(nine + hour, heard)
    expect([nine + hour, nine + 2 * hour - 1, nine + 2 * hour].map((at) => capture.isDue(at))).toEqual([
      false,
      false,
      true,
    ])
  })

  it('are written again for a day back, because late events may change them', async () => {
    const site = await newSite()
    const capture = new StageHoursCapture(database, site, pickingEngine())
    await capture.open(nine)
    await capture.turn(nine + 2 * hour, heard)
    expect(await written(site)).toEqual({ count: 24, first: -21, last: 2 })
  })

  it.each([
    ['30 days', 30 * day, { count: 30 * 24 + 1, first: 0, last: 30 * 24 }],
    ['40 days, of which the last 35 count', 40 * day, { count: 35 * 24 + 2, first: 0, last: 40 * 24 }],
  ])('that passed while the server was down for %s are written at the start', async (_, downMs, expected) => {
    const site = await newSite()
    await new StageHoursCapture(database, site, pickingEngine()).open(nine)
    await new StageHoursCapture(database, site, pickingEngine()).open(nine + downMs)
    expect(await written(site)).toEqual(expected)
  })

  it.each([
    ['30 days', 30 * day, { count: 30 * 24 + 1, first: 0, last: 30 * 24 }],
    ['40 days, of which the last 35 count', 40 * day, { count: 35 * 24 + 1, first: 0, last: 40 * 24 }],
  ])('that the clock has left out by a step of %s are written with the next one', async (_, stepMs, expected) => {
    const site = await newSite()
    const capture = new StageHoursCapture(database, site, pickingEngine())
    await capture.open(nine)
    await capture.turn(nine + stepMs, heard)
    expect(await written(site)).toEqual(expected)
  })

  it('are missing for good where the source was silent as they began, also after the next start', async () => {
    const site = await newSite()
    const engine = pickingEngine()
    const capture = new StageHoursCapture(database, site, engine)
    await capture.open(nine)
    await capture.turn(nine + hour, () => true)
    await capture.turn(nine + 2 * hour, heard)
    const restarted = new StageHoursCapture(database, site, engine)
    await restarted.open(nine + 2 * hour)
    const [stage] = engine.stages()
    for (const each of [capture, restarted]) {
      expect([0, 1, 2].map((n) => each.isMissing(stage!, nine + n * hour))).toEqual([false, true, false])
    }
  })
})
