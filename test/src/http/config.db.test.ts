import { saveMembership } from '@stagewatch/server/identity/memberships-table.ts'
import { saveUser } from '@stagewatch/server/identity/users-table.ts'
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

/** The same configuration with a change in each section of the rules. */
function edited(config: SiteConfig): SiteConfig {
  const [, later] = config.processes['default'] ?? []
  const dayOff = plantCalendar({ holidays: [{ date: '2026-06-02', working: false }] })
  return {
    ...config,
    processes: {
      default: [{ definition: cutting({ targetMs: 2.5 * hour }) }, ...(later === undefined ? [] : [later])],
    },
    calendars: { plant: dayOff },
    calendarChoice: { departments: { press: 'plant', weld: 'plant' } },
    privacy: { customers: 'shown', amounts: 'hidden', people: 'shown' },
    retention: { archiveAfterMonths: 24 },
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
      alertRules: {},
      messageTexts: {},
      customerNews: expect.objectContaining({ enabled: false }),
      taskRules: expect.objectContaining({ assigns: expect.any(Boolean) }),
      handovers: {},
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
    expect((await changes()).slice(0, 7)).toEqual([
      ['process.saved', 'default', 'Cutting is faster'],
      ['skills.changed', '', 'Cutting is faster'],
      ['translations.changed', '', 'Cutting is faster'],
      ['retention.changed', '', 'Cutting is faster'],
      ['privacy.changed', '', 'Cutting is faster'],
      ['calendars.chosen', '', 'Cutting is faster'],
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
    const [first, ...later] = config.processes['default']!
    const moonlit = [
      first!,
      { validFrom: instant('2026-06-15T00:00'), definition: cutting({ calendar: 'moon' }) },
      ...later,
    ]
    expect(await apply({ ...edited(config), processes: { default: moonlit } }, version)).toMatchObject({
      status: 422,
      body: { details: [{ field: 'config.processes.default.1.definition.stages.0.calendar' }] },
    })
    const withoutCalendar = { ...config, calendars: {}, calendarChoice: { departments: {} } }
    expect(await apply(withoutCalendar, version)).toMatchObject({
      status: 400,
      body: { details: [{ field: 'config.calendars.plant', reason: 'missing' }] },
    })
    const misplaced = { ...config, calendars: { moon: office } }
    expect(await apply(misplaced, version)).toMatchObject({
      status: 400,
      body: { details: [{ field: 'config.calendars', reason: 'mismatch' }] },
    })
    expect((await exported()).version).toBe(version)
  })

  it('may end orders in other stages, which the orders then do at once', async () => {
    const { config, version } = await exported()
    const [first, ...later] = config.processes['default']!
    const [cut, done] = first!.definition.stages
    const { terminal: _terminal, ...more } = done!
    const endless = { ...first!, definition: { ...first!.definition, stages: [cut!, more] } }
    const other = { ...first!, definition: { ...first!.definition, code: 'other' } }
    const processes = { default: [endless, ...later], other: [other] }
    expect((await plant.detail('SO-1')).status).toBe('completed')
    expect(await apply({ ...config, processes }, version)).toMatchObject({ status: 200 })
    expect((await plant.detail('SO-1')).status).toBe('open')
    const changed = await exported()
    expect(
      await apply({ ...changed.config, processes: { ...processes, ...config.processes } }, changed.version),
    ).toMatchObject({ status: 200 })
    expect((await plant.detail('SO-1')).status).toBe('completed')
  })

  it('may have eight times as many bytes as one rule, and no more', async () => {
    const { config } = await exported()
    const text = JSON.stringify(config)
    const statusOf = async (length: number) => {
      const body = text.padEnd(length - Buffer.byteLength(text) + text.length)
      return (await call(`${plant.server.url}/api/v1/${path}/diff`, { key, body })).status
    }
    expect([await statusOf(8 * 1024 * 1024), await statusOf(8 * 1024 * 1024 + 1)]).toEqual([200, 413])
  })

  it('contains departments without their leads, and keeps omitted departments with all their spellings', async () => {
    const { config, version } = await exported()
    const press = { name: { zh: '冲压', en: 'Press shop' }, aliases: ['stamping'], archived: false }
    const weld = { name: { zh: '焊接', en: 'Welding' }, aliases: [], archived: false }
    const withBoth = { ...config, departments: { press, weld } }
    expect(await apply(withBoth, version)).toMatchObject({ status: 200 })
    const both = await exported()
    expect(both.config.departments).toEqual({ press, weld })
    const { database } = plant.server
    const person = { name: 'Li', email: 'li@example.com', passwordHash: 'none', emailVerified: true }
    const lead = await saveUser(database, person)
    await saveMembership(database, plant.site, lead, { role: 'lead' })
    await database.query(`update departments set lead_id = $2 where site = $1 and key = 'press'`, [plant.site, lead])
    const recorded = await changes()
    const pressing = { ...press, name: { zh: '冲压', en: 'Pressing' } }
    const renamed = { ...both.config, departments: { press: pressing, weld } }
    expect(await apply(renamed, both.version, 'Renamed')).toMatchObject({ status: 200 })
    expect(await changes()).toEqual([['department.saved', 'press', 'Renamed'], ...recorded])
    const leads = 'select key, lead_id as lead from departments where site = $1 order by key'
    expect(await database.query(leads, [plant.site])).toEqual([
      { key: 'press', lead },
      { key: 'weld', lead: null },
    ])
    expect(await apply(both.config, (await exported()).version)).toMatchObject({ status: 200 })

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
    expect((await changes()).slice(0, 2)).toEqual([
      ['department.saved', 'press', 'as agreed'],
      ['department.merged', 'weld', 'as agreed'],
    ])
  })
})

describe('the settings of warnings, messages, tasks and handovers in the configuration', () => {
  const rule = {
    name: 'Overdue',
    severity: 'warning',
    enabled: true,
    makesTask: false,
    condition: { kind: 'target', ratio: 1 },
    scope: {},
    ladder: [{ afterMs: 0, to: [{ kind: 'managers' }, { kind: 'department', id: 'press' }] }],
    acknowledgedForMs: hour,
    mergeMs: 0,
  } as const
  const wording = { title: 'Look at {order}', body: '{stage}' }
  const rows = (statement: string) => plant.server.database.query<{ text: string }>(statement)

  /** The configuration with a change in every section. */
  function withSettings({ ...config }: SiteConfig): SiteConfig {
    return {
      ...config,
      alertRules: { 'overdue-1': rule },
      messageTexts: { 'alert.order': { en: wording } },
      customerNews: {
        ...config.customerNews!,
        placed: false,
        stages: [{ process: 'default', stage: 'cut', as: 'entered' }],
      },
      taskRules: { ...config.taskRules!, confirmMinutes: 77 },
      handovers: { press: { enabled: true, confirmWithinMinutes: 20 } },
    }
  }

  beforeAll(() =>
    rows(`insert into departments (site, key, name, aliases) values ('${plant.site}', 'press', '{"en": "Press"}', '{}')
      on conflict do nothing`),
  )

  it('are shown as differences, applied with the record of each, and restored by the old configuration', async () => {
    const before = await exported()
    const config = withSettings(before.config)
    const { fields } = await difference(config)
    expect(fields.map(({ path: [area] }) => area)).toEqual(
      expect.arrayContaining(['alertRules', 'messageTexts', 'customerNews', 'taskRules', 'handovers']),
    )
    expect(fields).toContainEqual({ path: ['taskRules', 'confirmMinutes'], before: expect.any(Number), after: 77 })
    expect(fields).toContainEqual({ path: ['messageTexts', 'alert.order', 'en', 'title'], after: wording.title })

    expect(await apply(config, before.version, 'New warnings')).toMatchObject({ status: 200, body: { fields } })
    const after = await exported()
    expect(after.config).toEqual(config)
    expect(
      (await changes())
        .slice(0, 5)
        .map((change) => change.join(' | '))
        .toSorted(),
    ).toEqual([
      'alert-rule.created | overdue-1 | New warnings',
      'customer-news.changed |  | New warnings',
      'handover.set-up | press | New warnings',
      'message-text.changed | alert.order en | New warnings',
      'task-rules.changed |  | New warnings',
    ])
    expect((await plant.ask('alert-rules')).body).toMatchObject({ rules: [{ id: 'overdue-1', ...rule }] })
    // The people who are notified of handovers are no part of it, and are kept.
    await rows(`update handover_settings set leads = '{somebody}'`)

    const { alertRules: _a, messageTexts: _m, customerNews: _c, taskRules: _t, handovers: _h, ...older } = after.config
    expect(await difference(older)).toMatchObject({ total: 0 })
    expect(await apply(older, after.version)).toMatchObject({ status: 200 })
    expect((await exported()).config).toEqual(config)

    expect(await apply(before.config, after.version, 'Too many')).toMatchObject({ status: 200 })
    expect(await exported()).toEqual(before)
    expect(await rows(`select leads::text as text from handover_settings`)).toEqual([{ text: '{somebody}' }])
  })

  it.each([
    [
      'alertRules.new.ladder.0.to.0.id',
      { alertRules: { new: { ...rule, ladder: [{ afterMs: 0, to: [{ kind: 'person', id: 'nobody' }] }] } } },
    ],
    [
      'alertRules.new.ladder.0.to.0.id',
      { alertRules: { new: { ...rule, ladder: [{ afterMs: 0, to: [{ kind: 'channel', id: 'none' }] }] } } },
    ],
    [
      'messageTexts.alert.order.en.title',
      { messageTexts: { 'alert.order': { en: { ...wording, title: '{nonsense}' } } } },
    ],
    [
      'customerNews.stages.0.stage',
      { customerNews: { stages: [{ process: 'default', stage: 'moon', as: 'entered' }] } },
    ],
    ['customerNews.channel', { customerNews: { enabled: true, channel: 'none' } }],
    ['handovers.moon', { handovers: { moon: { enabled: true, confirmWithinMinutes: 20 } } }],
    ['alertRules.new.ladder', { alertRules: { new: { ...rule, ladder: [] } } }],
    ['taskRules.confirmMinutes', { taskRules: { confirmMinutes: 0 } }],
  ])('are refused as a whole with the field %s', async (field, wrong) => {
    const { config, version } = await exported()
    const customerNews = { ...config.customerNews, ...('customerNews' in wrong && wrong.customerNews) }
    const taskRules = { ...config.taskRules, ...('taskRules' in wrong && wrong.taskRules) }
    const sent = { ...withSettings(config), ...wrong, customerNews, taskRules } as SiteConfig
    expect(await apply(sent, version)).toMatchObject({
      status: 400,
      body: { code: 'invalid_field', details: [{ field: `config.${field}` }] },
    })
    expect((await exported()).version).toBe(version)
  })

  it('leave out an alert rule only if it has raised no alerts', async () => {
    const { config, version } = await exported()
    expect(await apply(withSettings(config), version)).toMatchObject({ status: 200 })
    await rows(`insert into alerts (site, rule_id, process, stage, order_id, nth, began_at, noted_at, counts_from)
      values ('${plant.site}', 'overdue-1', 'default', 'cut', 'SO-2', 1, now(), now(), now())`)
    const after = await exported()
    expect(await apply(config, after.version)).toMatchObject({
      status: 400,
      body: { code: 'missing_field', details: [{ field: 'config.alertRules.overdue-1', reason: 'missing' }] },
    })
    expect((await exported()).version).toBe(after.version)
  })
})
