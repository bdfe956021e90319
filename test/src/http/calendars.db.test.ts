import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { calendarList } from '@stagewatch/shared/contract/calendar-settings.ts'
import type { CalendarList } from '@stagewatch/shared/contract/calendar-settings.ts'
import { changeList } from '@stagewatch/shared/contract/changes.ts'
import { chineseHolidays } from '@stagewatch/shared/domain/time/chinese-holidays.ts'
import { officeWeek, plantCalendar } from '@stagewatch/shared/domain/time/testing/plant-calendar.ts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { call } from './call.ts'
import { expectProblem } from './expect-problem.ts'
import { cutting, hour, instant, RulePlant } from './rule-plant.ts'

const office = plantCalendar({})
let database: Database
let plant: RulePlant
/** What happens in the database before each transaction of the server. */
let interfere: (() => Promise<void>) | undefined

beforeAll(async () => {
  database = await openTestDatabase()
})
beforeEach(async () => {
  const contended: Database = {
    ...database,
    transaction: async (work, pipeline) => {
      await interfere?.()
      return database.transaction(work, pipeline)
    },
  }
  plant = await RulePlant.open('2026-06-01T08:00', contended)
})
afterEach(() => plant.close())
afterAll(() => database.close())

async function listed(): Promise<CalendarList> {
  return calendarList.parse((await plant.ask('admin/calendars')).body)
}

async function holidaysOf(code: string): Promise<string[]> {
  const { calendars } = await listed()
  const { holidays } = calendars.find(({ definition }) => definition.code === code)!.definition.versions[0]!
  return holidays.map(({ date, working }) => `${date} ${working ? 'on' : 'off'}`)
}

const addHolidays = (body: unknown, code = 'plant') => plant.send('POST', `admin/calendars/${code}/holidays`, body)

function icalendar(...events: readonly (readonly [date: string, summary: string])[]): string {
  const lines = events.flatMap(([date, summary]) => [
    'BEGIN:VEVENT',
    `UID:${date}`,
    `DTSTART;VALUE=DATE:${date}`,
    `SUMMARY:${summary}`,
    'END:VEVENT',
  ])
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', ...lines, 'END:VCALENDAR', ''].join('\r\n')
}

describe('the calendars of a site', () => {
  it('are those that were saved, with the current choice', async () => {
    expect(await listed()).toMatchObject({ calendars: [], choice: { departments: {} } })
    await plant.put('calendars/plant', office)
    const choice = { site: 'plant', departments: { north: 'plant' } }
    await plant.put('calendar-choice', choice)
    expect(await listed()).toMatchObject({ calendars: [{ definition: office, missingYears: [] }], choice })
    await plant.put('calendars/plant', { ...office, name: { zh: '新', en: 'New' } })
    await plant.put('calendar-choice', { departments: {} })
    expect(await listed()).toEqual(
      expect.objectContaining({
        calendars: [
          { definition: { ...office, name: { zh: '新', en: 'New' } }, missingYears: [], version: expect.any(String) },
        ],
        choice: { departments: {} },
      }),
    )
  })

  it('that follow public holidays report the years without a list, back to the oldest open order', async () => {
    await plant.put('calendars/plant', office)
    await addHolidays({ format: 'china' })
    const missing = async () => (await listed()).calendars[0]?.missingYears
    expect(await missing()).toEqual([2027, 2028])
    await plant.put('processes/default', cutting({}))
    await plant.happened('2021-12-01T08:00', 'SO-1', 'stage.entered', { stage: 'cut' })
    expect(await missing()).toEqual([2021, 2022, 2027, 2028])
    expect((await listed()).from).toBe(Date.parse('2021-12-01T00:00:00Z'))
  })

  it('are accepted only if they are consistent', async () => {
    const overlapping = {
      ...officeWeek,
      1: [
        { from: '08:00', to: '12:00' },
        { from: '11:00', to: '17:00' },
      ],
    }
    const version = { timeZone: 'Asia/Shanghai', week: officeWeek, holidays: [] }
    for (const [field, versions] of [
      ['versions.0.timeZone', [{ ...version, timeZone: 'UTC+8' }]],
      ['versions.0.week.1.1', [{ ...version, week: overlapping }]],
      ['versions.0.week', [{ ...version, week: {} }]],
      ['versions', []],
    ] as const) {
      const reply = await plant.send('PUT', 'admin/calendars/plant', { ...office, versions })
      expectProblem(reply, 400, 'invalid_field')
      expect(reply.body).toMatchObject({ details: [{ field }] })
    }
    const other = await plant.send('PUT', 'admin/calendars/other', office)
    expect(other).toMatchObject({ status: 400, body: { details: [{ field: 'code' }] } })
    expect((await listed()).calendars).toEqual([])
  })

  it('belong to their site', async () => {
    await plant.put('calendars/plant', office)
    const key = await plant.server.createKey(['admin'], `${plant.site}-other`)
    const reply = await call(`${plant.server.url}/api/v1/admin/calendars`, { key })
    expect(reply.body).toMatchObject({ calendars: [] })
  })
})

describe('a code that no calendar has', () => {
  it('is refused where a department or the site is to work by it', async () => {
    await plant.put('calendars/plant', office)
    const reply = await plant.send('PUT', 'admin/calendar-choice', {
      site: 'plnat',
      departments: { north: 'plant', south: 'Plant' },
    })
    expectProblem(reply, 422, 'unknown_calendar')
    expect(reply.body).toMatchObject({ details: [{ field: 'site' }, { field: 'departments.south' }] })
    expect((await listed()).choice).toEqual({ departments: {} })
  })

  it('is refused where a stage is to work by it', async () => {
    const process = cutting({ calendar: 'night' })
    const reply = await plant.send('PUT', 'admin/processes/default', process)
    expectProblem(reply, 422, 'unknown_calendar')
    expect(reply.body).toMatchObject({
      details: [{ field: 'stages.0.calendar', message: 'the site has no calendar night' }],
    })
    expect((await plant.ask('admin/processes')).body).toMatchObject({ processes: [] })
    await plant.put('calendars/night', { ...office, code: 'night' })
    await plant.put('processes/default', process)
  })
})

describe('public holidays', () => {
  beforeEach(() => plant.put('calendars/plant', office))

  it('of China are known, each day once', async () => {
    const { years, days } = chineseHolidays
    const reply = await addHolidays({ format: 'china' })
    expect(reply).toMatchObject({ status: 200, body: { added: days.length, replaced: 0, ignored: 0, years } })
    expect(await holidaysOf('plant')).toEqual(
      expect.arrayContaining(['2026-02-14 on', '2026-02-17 off', '2026-02-28 on', '2026-10-10 on']),
    )
    expect((await addHolidays({ format: 'china' })).body).toEqual({
      added: 0,
      replaced: 0,
      ignored: days.length,
      years: [...years],
    })
  })

  it('of an iCalendar file are added, and those of a later one count', async () => {
    const first = icalendar(['20260619', '端午节'], ['20260620', '补班'])
    expect((await addHolidays({ format: 'icalendar', text: first })).body).toEqual({
      added: 2,
      replaced: 0,
      ignored: 0,
      years: [2026],
    })
    const second = icalendar(['20260619', '端午节'], ['20260620', '端午节'], ['20260621', '端午节'])
    expect((await addHolidays({ format: 'icalendar', text: second })).body).toMatchObject({
      added: 1,
      replaced: 1,
      ignored: 1,
    })
    expect(await holidaysOf('plant')).toEqual(['2026-06-19 off', '2026-06-20 off', '2026-06-21 off'])
  })

  it('of a yearly file of holiday-cn are added', async () => {
    const days = [
      { name: '元旦', date: '2027-01-01', isOffDay: true },
      { name: '元旦', date: '2027-01-03', isOffDay: false },
    ]
    const reply = await addHolidays({ format: 'holiday-cn', text: JSON.stringify({ year: 2027, days }) })
    expect(reply.body).toEqual({ added: 2, replaced: 0, ignored: 0, years: [2027] })
    expect(await holidaysOf('plant')).toEqual(['2027-01-01 off', '2027-01-03 on'])
  })

  it('that cannot be read are refused as a whole, with the line or the field', async () => {
    const text = icalendar(['20260619', '端午节'], ['20260231', '补班'])
    const bad = await addHolidays({ format: 'icalendar', text })
    expectProblem(bad, 400, 'invalid_field')
    expect(bad.body).toMatchObject({
      details: [{ field: 'text', message: expect.stringMatching(/^line \d+, DTSTART: /) }],
    })
    const json = JSON.stringify({ year: 2027, days: [{ name: '元旦', date: '1 January', isOffDay: true }] })
    expect((await addHolidays({ format: 'holiday-cn', text: json })).body).toMatchObject({
      code: 'invalid_field',
      details: [{ field: 'text', message: expect.stringMatching(/^days\.0\.date: /) }],
    })
    for (const body of [{ format: 'icalendar', text: 'no calendar' }, { format: 'icalendar' }, { format: 'pdf' }])
      expectProblem(await addHolidays(body), 400, 'invalid_field')
    expect(await holidaysOf('plant')).toEqual([])
  })

  it('are added to what somebody else saves at the same time, and refused if that does not end', async () => {
    const days: string[] = []
    const saveDay = async (date: string) => {
      days.push(`${date} off`)
      const holidays = days.map((day) => ({ date: day.slice(0, 10), working: false }))
      const versions = [{ ...office.versions[0], holidays }]
      const change = 'update calendars set definition = definition || $1::jsonb where site = $2'
      await database.query(change, [JSON.stringify({ versions }), plant.site])
    }
    const add = (date: string) => addHolidays({ format: 'icalendar', text: icalendar([date, '端午节']) })
    interfere = async () => {
      interfere = undefined
      await saveDay('2026-06-20')
    }
    expect(await add('20260619')).toMatchObject({ status: 200, body: { added: 1 } })
    expect(await holidaysOf('plant')).toEqual(['2026-06-19 off', '2026-06-20 off'])

    interfere = () => saveDay(`2026-07-0${days.length}`)
    expectProblem(await add('20260621'), 409, 'conflict')
    interfere = undefined
    // Once before, and before each of five attempts.
    expect(days).toHaveLength(6)
  })

  it('cannot be added to a missing calendar', async () => {
    expectProblem(await addHolidays({ format: 'china' }, 'night'), 404, 'not_found')
  })
})

describe('the recorded changes', () => {
  // The audit log also contains the creation of the site and of the key used here.
  const changes = async (query = '') =>
    changeList
      .parse((await plant.ask(`admin/changes${query}`)).body)
      .changes.filter(({ action }) => action !== 'key.created' && action !== 'site.created')

  it('say who changed what and when, the newest first, with all of it before and after', async () => {
    await plant.put('calendars/plant', office)
    await plant.at('2026-06-01T09:00').put('calendar-choice', { site: 'plant', departments: {} })
    await plant.at('2026-06-01T10:00').put('processes/default', cutting({ targetMs: hour }))
    await plant.at('2026-06-01T11:00').put('processes/default', cutting({ targetMs: 2 * hour }))
    const versions = (targetMs: number) => [{ definition: { stages: [{ targetMs }, {}] } }]
    const all = await changes()
    expect(all).toMatchObject([
      { action: 'process.saved', subject: 'default', before: versions(hour), after: versions(2 * hour) },
      { action: 'process.saved', subject: 'default', before: null, after: versions(hour) },
      { action: 'calendars.chosen', subject: '', before: { departments: {} }, after: { site: 'plant' } },
      { action: 'calendar.saved', subject: 'plant', before: null, after: office },
    ])
    expect(all.map(({ changedAt }) => changedAt)).toEqual(
      ['11:00', '10:00', '09:00', '08:00'].map((time) => instant(`2026-06-01T${time}`)),
    )
    expect(new Set(all.map(({ actor }) => actor.name))).toEqual(new Set(['test']))
    expect(await changes('?limit=1')).toEqual(all.slice(0, 1))
    expect(await changes('?from=2026-06-01T10:00:00%2B08:00')).toEqual(all.slice(0, 2))
    expectProblem(await plant.ask('admin/changes?limit=0'), 400, 'invalid_field')
    expectProblem(await plant.ask('admin/changes?from=yesterday'), 400, 'invalid_field')
  })

  it('contain no save without a change', async () => {
    for (let i = 0; i < 2; i++) {
      await plant.put('calendars/plant', office)
      await plant.put('calendar-choice', { departments: { north: 'plant' } })
      await plant.put('processes/default', cutting({ targetMs: hour }))
      await addHolidays({ format: 'china' }, i === 0 ? 'none' : 'plant')
    }
    expect((await changes()).map(({ action }) => action)).toEqual([
      'calendar.saved',
      'process.saved',
      'calendars.chosen',
      'calendar.saved',
    ])
  })
})

describe('the doctor', () => {
  const calendars = async () => {
    const { checks } = (await plant.ask('admin/doctor')).body as { checks: { name: string }[] }
    return checks.find(({ name }) => name === 'calendars')
  }

  it('says which years a calendar lacks, and finds it wrong when one of them is near', async () => {
    expect(await calendars()).toMatchObject({ ok: true, message: '0 calendars, all complete' })
    await plant.put('calendars/plant', office)
    expect(await calendars()).toMatchObject({ ok: true })
    await addHolidays({ format: 'china' })
    expect(await calendars()).toMatchObject({ ok: true, message: 'plant has no holidays for 2027, 2028' })
    await plant.close()
    plant = await RulePlant.open('2026-11-25T08:00')
    await plant.put('calendars/plant', office)
    await addHolidays({ format: 'china' })
    expect(await calendars()).toMatchObject({ ok: false, message: 'plant has no holidays for 2027, 2028' })
  })

  it('reports references to missing calendars', async () => {
    await database.query(`insert into calendar_choices (site, department, calendar) values ($1, 'north', 'night')`, [
      plant.site,
    ])
    await plant.restart()
    expect(await calendars()).toMatchObject({
      ok: false,
      message: expect.stringContaining('night is referenced but not defined'),
    })
  })
})

describe('rules', () => {
  it.each([
    ['GET', 'calendars', undefined],
    ['PUT', 'calendars/plant', office],
    ['POST', 'calendars/plant/holidays', { format: 'china' }],
    ['PUT', 'calendar-choice', { departments: {} }],
    ['GET', 'changes', undefined],
  ])('are for administrators only: %s %s', async (method, path, body) => {
    const address = `${plant.server.url}/api/v1/admin/${path}`
    const key = await plant.server.createKey(['read', 'ingest'], plant.site)
    expectProblem(await call(address, { method, body, key }), 403, 'forbidden')
    expectProblem(await call(address, { method, body }), 401, 'unauthorized')
  })
})
