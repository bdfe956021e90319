import { plantCalendar } from '@stagewatch/shared/domain/time/testing/plant-calendar.ts'
import { afterEach, describe, expect, it } from 'vitest'
import { cutting, hour, instant, localTime, RulePlant } from './rule-plant.ts'

const monday = '2026-06-01T08:00'
const office = plantCalendar({})
let plant: RulePlant

afterEach(() => plant.close())

describe('an open order', () => {
  it('has its due instant moved at once by a calendar, a target and a promise, and keeps what it was', async () => {
    plant = await RulePlant.open(monday)
    const limits = { targetMs: 16 * hour, promiseLeadMs: 24 * hour }
    await plant.put('processes/default', cutting(limits))
    await plant.happens('SO-1', 'stage.entered', { stage: 'cut' })
    expect(await plant.due('SO-1')).toBe('2026-06-02T00:00')

    await plant.at('2026-06-01T09:00').put('calendars/plant', office)
    expect(await plant.due('SO-1')).toBe('2026-06-02T00:00')
    await plant.put('calendar-choice', { site: 'plant', departments: {} })
    expect(await plant.due('SO-1')).toBe('2026-06-02T17:00')

    await plant.at('2026-06-01T10:00').put('processes/default', cutting({ ...limits, targetMs: 4 * hour }))
    expect(await plant.due('SO-1')).toBe('2026-06-01T12:00')
    await plant.at('2026-06-01T10:30').put('processes/default', cutting({ ...limits, targetMs: 24 * hour }))
    expect(await plant.due('SO-1')).toBe('2026-06-03T17:00')

    const promise = (promisedAt: string) => ({ actor: 'Ada', data: { promisedAt: `${promisedAt}:00+08:00` } })
    await plant.at('2026-06-01T11:00').happens('SO-1', 'order.changed', promise('2026-06-03T17:00'))
    expect(await plant.due('SO-1')).toBe('2026-06-02T17:00')
    const unsigned = { ...promise('2026-06-04T12:00'), actor: undefined }
    await plant.at('2026-06-01T11:10').happens('SO-1', 'order.changed', unsigned)
    expect(await plant.due('SO-1')).toBe('2026-06-03T12:00')
    // A day off shortens the working time but does not move the promised date, so nothing changes here.
    const dayOff = plantCalendar({ holidays: [{ date: '2026-06-02', working: false }] })
    await plant.at('2026-06-01T11:20').put('calendars/plant', dayOff)
    expect(await plant.due('SO-1')).toBe('2026-06-03T12:00')

    const { dueHistory } = await plant.detail('SO-1')
    const changes = dueHistory.map(({ until, by, actor, source, dueAt }) => [
      localTime(until),
      by,
      actor ?? `source ${source}`,
      localTime(dueAt!),
    ])
    expect(changes).toEqual([
      ['2026-06-01T11:10', 'promise', `source ${plant.site}`, '2026-06-02T17:00'],
      ['2026-06-01T11:00', 'promise', 'Ada', '2026-06-03T17:00'],
      ['2026-06-01T10:30', 'process', 'test', '2026-06-01T12:00'],
      ['2026-06-01T10:00', 'process', 'test', '2026-06-02T17:00'],
      ['2026-06-01T09:00', 'calendar', 'test', '2026-06-02T00:00'],
    ])
    expect(dueHistory.map(({ promisedAt }) => promisedAt)).toEqual([
      instant('2026-06-03T17:00'),
      ...Array.from({ length: 4 }, () => undefined),
    ])

    const before = await plant.detail('SO-1')
    await plant.restart()
    expect(await plant.detail('SO-1')).toEqual(before)
  })

  it('is overdue by working time alone, at the instant that the changed calendar says', async () => {
    plant = await RulePlant.open(monday)
    await plant.put('processes/default', cutting({ targetMs: 9 * hour }))
    await plant.put('calendars/plant', office)
    await plant.happens('SO-1', 'stage.entered', { stage: 'cut' })
    await plant.put('calendar-choice', { departments: { north: 'plant' } })
    expect(await plant.due('SO-1')).toBe('2026-06-01T17:00')
    await plant.happens('SO-1', 'order.changed', { data: { department: 'north' } })
    expect(await plant.due('SO-1')).toBe('2026-06-02T09:00')
    const overdue = async () => (await plant.detail('SO-1')).overdue
    expect(await plant.at('2026-06-01T20:00').detail('SO-1')).toMatchObject({ overdue: false })
    plant.clock.advanceTo(instant('2026-06-02T09:00') - 1)
    expect(await overdue()).toBe(false)
    plant.clock.advanceTo(instant('2026-06-02T09:00'))
    expect(await overdue()).toBe(true)
    await plant.put('calendar-choice', { departments: {} })
    expect(await plant.detail('SO-1')).toMatchObject({ overdue: true, overdueMs: 16 * hour })
  })

  it('is due by the daily cut-off of its stage, by the calendar of its department, and follows both', async () => {
    plant = await RulePlant.open(monday)
    await plant.put('calendars/plant', office)
    await plant.put('calendar-choice', { site: 'plant', departments: {} })
    await plant.put(
      'processes/default',
      cutting({ targetMs: 40 * hour, cutOff: { enterBy: '14:00', leaveBy: '16:00' } }),
    )
    await plant.happens('SO-1', 'stage.entered', { stage: 'cut' })
    expect(await plant.due('SO-1')).toBe('2026-06-01T16:00')
    expect(await plant.visit('SO-1')).toMatchObject({ targetMs: 7 * hour, byCutOff: true })
    await plant.put(
      'processes/default',
      cutting({ targetMs: 40 * hour, cutOff: { enterBy: '07:00', leaveBy: '16:00' } }),
    )
    expect(await plant.due('SO-1')).toBe('2026-06-02T16:00')
    await plant.put('calendars/plant', plantCalendar({ holidays: [{ date: '2026-06-02', working: false }] }))
    expect(await plant.due('SO-1')).toBe('2026-06-03T16:00')
    const before = await plant.detail('SO-1')
    await plant.restart()
    expect(await plant.detail('SO-1')).toEqual(before)
    await plant.put(
      'processes/default',
      cutting({ targetMs: 8 * hour, cutOff: { enterBy: '07:00', leaveBy: '16:00' } }),
    )
    expect(await plant.due('SO-1')).toBe('2026-06-01T17:00')
    expect(await plant.visit('SO-1')).not.toHaveProperty('byCutOff')
  })

  it('has the calendar of its stage before that of the department, and that before that of the site', async () => {
    plant = await RulePlant.open(monday)
    const closing = (code: string, to: string) => {
      const { versions, ...calendar } = plantCalendar({ week: { 1: [{ from: '08:00', to }] } })
      return { ...calendar, versions, code }
    }
    for (const [code, to] of [
      ['stage', '09:00'],
      ['department', '10:00'],
      ['site', '11:00'],
    ] as const)
      await plant.put(`calendars/${code}`, closing(code, to))
    await plant.put('processes/default', cutting({ targetMs: 9 * hour, calendar: 'stage' }))
    await plant.put('calendar-choice', { site: 'site', departments: { north: 'department' } })
    await plant.happens('SO-1', 'stage.entered', { stage: 'cut', data: { department: 'north' } })
    await plant.happens('SO-2', 'stage.entered', { stage: 'cut', data: { department: 'south' } })
    const worked = async (order: string) => (await plant.visit(order)).workingMs / hour
    plant.at('2026-06-01T20:00')
    expect([await worked('SO-1'), await worked('SO-2')]).toEqual([1, 1])
    await plant.put('processes/default', cutting({ targetMs: 9 * hour }))
    expect([await worked('SO-1'), await worked('SO-2')]).toEqual([2, 3])
    await plant.put('calendar-choice', { departments: {} })
    expect([await worked('SO-1'), await worked('SO-2')]).toEqual([12, 12])
  })
})

describe('a version of a process', () => {
  it('applies to orders that enter a stage from its start on, whether that is in the future or the past', async () => {
    plant = await RulePlant.open(monday)
    const version = (hours: number, from = '') =>
      plant.put(`processes/default${from && `?validFrom=${from}:00%2B08:00`}`, cutting({ targetMs: hours * hour }))
    const target = async (order: string) => (await plant.visit(order)).targetMs! / hour
    const current = async () => {
      const { body } = await plant.ask('admin/processes')
      expect(body).toMatchObject({ processes: [{ stages: [{ targetMs: expect.any(Number) }, {}] }] })
      return (body as { processes: { stages: { targetMs: number }[] }[] }).processes[0]!.stages[0]!.targetMs / hour
    }
    await version(4)
    await plant.happens('OLD', 'stage.entered', { stage: 'cut' })
    await plant.at('2026-06-01T08:45').happens('ENDED', 'stage.entered', { stage: 'cut' })
    await plant.at('2026-06-01T09:00').happens('DURING', 'stage.entered', { stage: 'cut' })
    await version(2, '2026-06-01T10:00')
    expect(await current()).toBe(4)
    await plant.at('2026-06-01T10:00').happens('NEW', 'stage.entered', { stage: 'cut' })
    expect(await current()).toBe(2)
    expect(await Promise.all(['OLD', 'DURING', 'NEW'].map(target))).toEqual([4, 4, 2])
    await plant.at('2026-06-01T10:30').happens('ENDED', 'stage.entered', { stage: 'done' })

    const stats = async () => {
      const { body } = await plant.ask('stages/stats?clock=working')
      return (body as { stages: { visits: number; breaches: number }[] }).stages[0]!
    }
    expect(await stats()).toMatchObject({ visits: 1, breaches: 0 })
    expect((await plant.at('2026-06-01T11:30').detail('DURING')).overdue).toBe(false)
    await version(1, '2026-06-01T08:30')
    expect(await Promise.all(['OLD', 'ENDED', 'DURING', 'NEW'].map(target))).toEqual([4, 1, 1, 2])
    expect(await plant.detail('DURING')).toMatchObject({
      overdue: true,
      overdueMs: 1.5 * hour,
      dueHistory: [{ by: 'process', until: instant('2026-06-01T11:30'), dueAt: instant('2026-06-01T13:00') }],
    })
    expect((await plant.detail('OLD')).dueHistory).toEqual([])
    expect(await stats()).toMatchObject({ visits: 1, breaches: 1 })
    expect((await plant.ask('admin/processes')).body).toMatchObject({
      histories: [
        {
          process: 'default',
          versions: [{}, { validFrom: instant('2026-06-01T08:30') }, { validFrom: instant('2026-06-01T10:00') }],
        },
      ],
    })

    const details = () => Promise.all(['OLD', 'ENDED', 'DURING', 'NEW'].map((order) => plant.detail(order)))
    const before = { details: await details(), stats: await stats(), board: await board() }
    await plant.restart()
    expect({ details: await details(), stats: await stats(), board: await board() }).toEqual(before)
  })

  it('is corrected where it is valid now, and the others stay', async () => {
    plant = await RulePlant.open(monday)
    await plant.put('processes/default', cutting({ targetMs: hour }))
    await plant.put(`processes/default?validFrom=2026-06-02T00:00:00%2B08:00`, cutting({ targetMs: 2 * hour }))
    await plant.at('2026-06-02T00:00').put('processes/default', cutting({ targetMs: 3 * hour }))
    const { body } = await plant.ask('admin/processes')
    expect(body).toMatchObject({
      histories: [
        {
          versions: [
            { definition: { stages: [{ targetMs: hour }, {}] } },
            { validFrom: instant('2026-06-02T00:00'), definition: { stages: [{ targetMs: 3 * hour }, {}] } },
          ],
        },
      ],
    })
  })

  async function board(): Promise<unknown> {
    const { kpis, stages } = (await plant.ask(`board?site=${plant.site}`)).body as Record<string, unknown>
    return { kpis, stages }
  }
})

it('the first process that somebody defines has the orders that came before it', async () => {
  plant = await RulePlant.open(monday)
  await plant.happens('SO-1', 'stage.entered', { stage: 'cut' })
  expect((await plant.detail('SO-1')).process).toBe('default')
  const process = { ...cutting({ targetMs: 4 * hour }), code: 'press' }
  await plant.put('processes/press', { ...process, stages: process.stages.slice(0, 1) })
  expect((await plant.detail('SO-1')).process).toBe('press')
  expect(await plant.due('SO-1')).toBe('2026-06-01T12:00')
  // The next one is not the process of orders that name none.
  await plant.put('processes/weld', { ...process, code: 'weld' })
  expect((await plant.detail('SO-1')).process).toBe('press')
})

describe('a visit over a weekend with a make-up day', () => {
  async function chinesePlant(now: string): Promise<void> {
    plant = await RulePlant.open(now)
    await plant.put('calendars/plant', office)
    await plant.send('POST', 'admin/calendars/plant/holidays', { format: 'china' })
    await plant.put('calendar-choice', { site: 'plant', departments: {} })
    await plant.put('processes/default', cutting({ targetMs: 4 * hour }))
  }

  it('counts the Saturday that is worked, and not the Saturday a week later', async () => {
    await chinesePlant('2026-10-19T09:00')
    await plant.happened('2026-10-09T16:00', 'WORKED', 'stage.entered', { stage: 'cut' })
    await plant.happened('2026-10-10T10:00', 'WORKED', 'stage.entered', { stage: 'done' })
    await plant.happened('2026-10-16T16:00', 'FREE', 'stage.entered', { stage: 'cut' })
    await plant.happened('2026-10-19T09:00', 'FREE', 'stage.entered', { stage: 'done' })
    expect(await plant.visit('WORKED')).toMatchObject({ elapsedMs: 18 * hour, workingMs: 3 * hour, overdueMs: 0 })
    expect(await plant.visit('FREE')).toMatchObject({ elapsedMs: 65 * hour, workingMs: 2 * hour, overdueMs: 0 })
    const cut = async (clock: string) => {
      const { body } = await plant.ask(`stages/stats?clock=${clock}`)
      return (body as { stages: unknown[] }).stages[0]
    }
    const counts = { visits: 2, breaches: 0 }
    expect(await cut('working')).toMatchObject({ ...counts, meanMs: 2.5 * hour, minMs: 2 * hour, maxMs: 3 * hour })
    expect(await cut('elapsed')).toMatchObject({ ...counts, meanMs: 41.5 * hour, minMs: 18 * hour, maxMs: 65 * hour })
  })

  it('tells where its time went, by both clocks, and it adds up', async () => {
    await chinesePlant('2026-10-10T15:00')
    const cut = { stage: 'cut' }
    await plant.happened('2026-10-09T09:00', 'SO-1', 'stage.entered', { ...cut, data: { waitingFor: 'material' } })
    await plant.happened('2026-10-09T10:00', 'SO-1', 'stage.started', { ...cut, actor: 'Li' })
    await plant.happened('2026-10-09T11:00', 'SO-1', 'order.held', { data: { waitingFor: 'customer' } })
    await plant.happened('2026-10-10T09:00', 'SO-1', 'order.resumed')
    await plant.happened('2026-10-10T14:00', 'SO-1', 'stage.started', { ...cut, actor: 'Wang' })
    const visit = await plant.visit('SO-1')
    const hours = (elapsed: number, working: number) => ({ elapsedMs: elapsed * hour, workingMs: working * hour })
    expect(visit).toMatchObject({
      ...hours(30, 13),
      heldMs: 22 * hour,
      waitingMs: hour,
      dueAt: instant('2026-10-10T11:00'),
      overdueMs: 3 * hour,
      times: { held: hours(22, 6), waiting: hours(1, 1), working: hours(7, 6), unsaid: hours(0, 0) },
      waits: [
        { cause: 'material', ...hours(1, 1) },
        { cause: 'customer', ...hours(22, 6) },
      ],
      overdueBy: [
        { owner: 'Li', ...hours(3, 2) },
        { owner: 'Wang', ...hours(1, 1) },
      ],
    })
    for (const clock of ['elapsedMs', 'workingMs'] as const) {
      const sum = Object.values(visit.times).reduce((total, part) => total + part[clock], 0)
      expect(sum).toBe(visit[clock])
    }
    expect(visit.overdueBy.reduce((total, { workingMs }) => total + workingMs, 0)).toBe(visit.overdueMs)
  })
})
