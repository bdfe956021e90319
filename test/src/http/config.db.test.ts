import { changeList } from '@stagewatch/shared/contract/changes.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { configDifference, siteConfigAnswer } from '@stagewatch/shared/contract/site-config.ts'
import type { SiteConfig } from '@stagewatch/shared/contract/site-config.ts'
import { stageStatsAnswer } from '@stagewatch/shared/contract/stage-stats.ts'
import { plantCalendar } from '@stagewatch/shared/domain/time/testing/plant-calendar.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call } from './call.ts'
import { cutting, hour, instant, RulePlant } from './rule-plant.ts'

const path = 'admin/config'
const office = plantCalendar({})
let plant: RulePlant
let key: string

/** One order left the stage after three hours, and one has been there for six hours. */
beforeAll(async () => {
  plant = await RulePlant.open('2026-06-01T08:00')
  key = await plant.server.createKey(['admin'], plant.site)
  await plant.put('processes/default', cutting({ targetMs: 8 * hour }))
  const later = cutting({ targetMs: 9 * hour })
  await plant.put('processes/default?validFrom=2026-07-01T00:00:00%2B08:00', later)
  await plant.put('calendars/plant', office)
  await plant.put('calendar-choice', { departments: { press: 'plant' } })
  await plant.happens('SO-1', 'stage.entered', { stage: 'cut' })
  await plant.at('2026-06-01T10:00').happens('SO-2', 'stage.entered', { stage: 'cut' })
  await plant.at('2026-06-01T11:00').happens('SO-1', 'stage.entered', { stage: 'done' })
  plant.at('2026-06-01T16:00')
})
afterAll(() => plant.close())

async function exported() {
  return siteConfigAnswer.parse((await plant.ask(path)).body)
}

async function difference(config: SiteConfig) {
  return configDifference.parse((await plant.send('POST', `${path}/diff`, config)).body)
}

function apply(config: SiteConfig, version: string, reason = 'as agreed') {
  const headers = { 'if-match': version }
  return call(`${plant.server.url}/api/v1/${path}/apply`, { key, body: { config, reason }, headers })
}

async function figures() {
  const { stages } = stageStatsAnswer.parse((await plant.ask('stages/stats')).body)
  return stages.map(({ stage, visits, breaches, overdue }) => [stage, visits, breaches, overdue])
}

async function changes() {
  const { changes: all } = changeList.parse((await plant.ask('admin/changes')).body)
  return all.map(({ action, subject, reason }) => [action, subject, reason])
}

/** The same configuration with another target in the current version, a day off, and one customer translated. */
function edited(config: SiteConfig): SiteConfig {
  const [, later] = config.processes['default'] ?? []
  const dayOff = plantCalendar({ holidays: [{ date: '2026-06-02', working: false }] })
  return {
    ...config,
    processes: {
      default: [{ definition: cutting({ targetMs: 2.5 * hour }) }, ...(later === undefined ? [] : [later])],
    },
    calendars: { plant: dayOff },
    translations: { 华东仓: { en: 'East store' } },
    skills: [{ key: 'press', name: { zh: '冲压', en: 'Press work' } }],
  }
}

describe('the configuration of a site', () => {
  it('is complete, and changes nothing when it is applied unmodified', async () => {
    const { config, version } = await exported()
    expect(config).toEqual({
      format: 'stagewatch-config',
      version: 1,
      processes: {
        default: [
          { definition: cutting({ targetMs: 8 * hour }) },
          { validFrom: instant('2026-07-01T00:00'), definition: cutting({ targetMs: 9 * hour }) },
        ],
      },
      calendars: { plant: office },
      calendarChoice: { departments: { press: 'plant' } },
      privacy: { customers: 'shown', amounts: 'shown', people: 'shown' },
      retention: {},
      translations: {},
      departments: {},
      skills: [],
    })
    const recorded = await changes()
    expect(await difference(config)).toEqual({ version, fields: [], total: 0 })
    expect(await apply(config, version)).toMatchObject({ status: 200, body: { total: 0 } })
    expect((await exported()).version).toBe(version)
    expect(await changes()).toEqual(recorded)
  })

  it('can be edited, compared and applied, and applying the old one restores every figure', async () => {
    const before = await exported()
    const was = await figures()
    const config = edited(before.config)
    const { fields, total } = await difference(config)
    expect(total).toBe(fields.length)
    expect(fields).toContainEqual({
      path: ['processes', 'default', '1', 'definition', 'stages', 'cut', 'targetMs'],
      before: 8 * hour,
      after: 2.5 * hour,
    })
    expect(fields).toContainEqual({ path: ['translations', '华东仓', 'en'], after: 'East store' })

    expect(await apply(config, before.version, 'Cutting is faster')).toMatchObject({ status: 200, body: { fields } })
    const after = await exported()
    expect(after.config).toEqual(config)
    expect(await figures()).toEqual([
      ['cut', 1, 1, 1],
      ['done', 1, 0, 0],
    ])
    expect((await changes()).slice(0, 4)).toEqual([
      ['process.saved', 'default', 'Cutting is faster'],
      ['skills.changed', '', 'Cutting is faster'],
      ['translations.changed', '', 'Cutting is faster'],
      ['calendar.saved', 'plant', 'Cutting is faster'],
    ])

    expect(await apply(before.config, after.version, 'Too early')).toMatchObject({ status: 200 })
    expect(await figures()).toEqual(was)
    expect(await exported()).toEqual(before)
  })

  it('is refused as a whole when somebody else has changed something, with both versions', async () => {
    const { config, version } = await exported()
    await plant.put('calendar-choice', { site: 'plant', departments: {} })
    const refused = await apply(edited(config), version)
    expect(refused).toMatchObject({ status: 409, body: { conflict: { yours: edited(config) } } })
    const { conflict } = problem.parse(refused.body)
    const now = await exported()
    expect(conflict).toMatchObject({ current: now.config, version: now.version })
    expect(now.config).toEqual({ ...config, calendarChoice: { site: 'plant', departments: {} } })
  })

  it('is refused as a whole when something is missing, or it refers to a missing calendar', async () => {
    const { config, version } = await exported()
    expect(await apply({ ...edited(config), processes: {} }, version)).toMatchObject({
      status: 400,
      body: { details: [{ field: 'config.processes.default', reason: 'missing' }] },
    })
    const unknown = { ...edited(config), calendarChoice: { site: 'moon', departments: {} } }
    expect(await apply(unknown, version)).toMatchObject({
      status: 422,
      body: { code: 'unknown_calendar', details: [{ field: 'config.calendarChoice.site' }] },
    })
    const misplaced = { ...config, calendars: { moon: office } }
    expect(await apply(misplaced, version)).toMatchObject({
      status: 400,
      body: { details: [{ field: 'config.calendars', reason: 'mismatch' }] },
    })
    expect((await exported()).version).toBe(version)
  })

  it('contains departments without their leads, and keeps omitted departments with all their spellings', async () => {
    const { config, version } = await exported()
    const press = { name: { zh: '冲压', en: 'Press shop' }, aliases: ['stamping'], archived: false }
    const weld = { name: { zh: '焊接', en: 'Welding' }, aliases: [], archived: false }
    const withBoth = { ...config, departments: { press, weld } }
    expect(await apply(withBoth, version)).toMatchObject({ status: 200 })
    const both = await exported()
    expect(both.config.departments).toEqual({ press, weld })

    const { departments: _departments, skills: _skills, ...older } = both.config
    expect(await difference(older)).toMatchObject({ total: 0 })
    expect(await apply(older, both.version)).toMatchObject({ status: 200 })
    expect((await exported()).config.departments).toEqual({ press, weld })

    expect(await apply({ ...both.config, departments: { press } }, both.version)).toMatchObject({
      status: 400,
      body: { code: 'missing_field', details: [{ field: 'config.departments.weld' }] },
    })
    const twice = { press, weld: { ...weld, aliases: ['stamping'] } }
    expect(await apply({ ...both.config, departments: twice }, both.version)).toMatchObject({
      status: 409,
      body: { code: 'already_used', details: [{ field: 'config.departments.weld.aliases.0' }] },
    })
    const merged = { press: { ...press, aliases: ['stamping', 'weld'] } }
    expect(await apply({ ...both.config, departments: merged }, both.version)).toMatchObject({ status: 200 })
    expect((await exported()).config.departments).toEqual(merged)
  })
})
