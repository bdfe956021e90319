import { foldOrder } from '@stagewatch/shared/domain/fold-order.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { eventLog } from '@stagewatch/shared/domain/testing/event-log.ts'
import type { HistoryEntry } from '@stagewatch/shared/domain/testing/event-log.ts'
import { costlyPropertyRuns } from '@stagewatch/shared/domain/testing/property-runs.ts'
import { plantCalendar, weekOf } from '@stagewatch/shared/domain/time/testing/plant-calendar.ts'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boardOf, shipping } from '../boards/testing/board-of.ts'
import { LiveEngine } from '../engine/live-engine.ts'
import { historySpanMs, siteLog } from '../engine/testing/arbitrary-history.ts'
import { foldAgain } from '../projection/fold-orders.ts'
import { SiteCalendars } from '../rules/site-calendars.ts'
import { overview } from './overview.ts'

const hour = 3_600_000
const day = 24 * hour
/** A Monday, 18:00 local time of the site. */
const now = Date.parse('2026-11-23T18:00:00+08:00')
const today = Date.parse('2026-11-23T00:00:00+08:00')

/** Picking has a target of 3 h, packing one of 90 min; `shipped` ends an order. */
function plant(...orders: readonly (readonly [order: string, ...history: HistoryEntry[]])[]): LiveEngine {
  const engine = new LiveEngine('Asia/Shanghai')
  engine.setProcess([{ definition: shipping }], now)
  for (const [order, ...history] of orders) {
    const events = eventLog(...history).map((event) => ({ ...event, order }))
    const state = foldOrder(order, events, { isTerminal: (stage) => stage === 'shipped' })
    engine.apply(order, 'default', state, history.length, now)
  }
  return engine
}

/** One order kept its promise today, one was two hours late in picking yesterday, one is overdue now. */
const few = (): LiveEngine =>
  plant(
    [
      'kept',
      [
        'order.placed',
        now - 5 * hour,
        { data: { promisedAt: now, department: 'store', customer: 'Acme', customerClass: 'A' } },
      ],
      ['stage.entered', now - 5 * hour, { stage: 'picking' }],
      ['stage.entered', now - 4 * hour, { stage: 'shipped' }],
    ],
    [
      'late',
      ['order.placed', now - 2 * day, { data: { promisedAt: now - 40 * hour, department: 'store' } }],
      ['stage.entered', now - 30 * hour, { stage: 'picking' }],
      ['stage.entered', now - 25 * hour, { stage: 'shipped' }],
    ],
    [
      'stuck',
      ['order.placed', now - 7 * hour, { data: { department: 'line 2' } }],
      ['stage.entered', now - 7 * hour, { stage: 'picking' }],
    ],
    ['waiting', ['stage.entered', now - hour, { stage: 'packing' }]],
  )

describe('the overview', () => {
  it('reports the current state, and arrivals and completions of the last 14 days', async () => {
    const answer = await overview(few(), {}, now)
    expect(answer).toMatchObject({
      from: today - 13 * day,
      to: now,
      overdue: { count: 1, unclaimed: 1, judged: 2, ceiling: 3, previousDay: 0 },
      stalled: { count: 1, judged: 1 },
      atRisk: { count: 0, soon: 0 },
      open: { count: 2, held: 0, arrived: 4, departed: 2 },
      signed: { signed: 2, promised: 2, onTime: 1, leadTimeP50Ms: hour, leadTimeP90Ms: 23 * hour, onTimeGoal: 0.95 },
    })
    expect(answer.signed.previous).toEqual({ signed: 0, promised: 0, onTime: 0 })
    expect(answer.overdue).not.toHaveProperty('previousWeek')
  })

  it('tells of each day how many were open, overdue, at risk and stalled at its end, as far as the record reaches', async () => {
    const { days } = await overview(few(), {}, now)
    expect(days).toHaveLength(14)
    expect(days.slice(-4)).toEqual([
      { at: today - 3 * day, overdue: 0, open: 0, arrived: 0, departed: 0, promised: 0, onTime: 0 },
      {
        at: today - 2 * day,
        overdue: 0,
        atRisk: 0,
        stalled: 0,
        open: 1,
        arrived: 1,
        departed: 0,
        promised: 0,
        onTime: 0,
      },
      {
        at: today - day,
        overdue: 0,
        atRisk: 0,
        stalled: 0,
        open: 0,
        arrived: 0,
        departed: 1,
        promised: 1,
        onTime: 0,
        leadTimeP50Ms: 23 * hour,
      },
      {
        at: today,
        overdue: 1,
        atRisk: 0,
        stalled: 1,
        open: 2,
        arrived: 3,
        departed: 1,
        promised: 1,
        onTime: 1,
        leadTimeP50Ms: hour,
      },
    ])
  })

  it('counts an order that ended tomorrow by the clock of its source as one of the days before', async () => {
    const late = today + 24 * hour - 60_000
    const ended = plant([
      'ahead',
      ['order.placed', today - 2 * day],
      ['stage.entered', today - 2 * day, { stage: 'picking' }],
      ['stage.entered', late + 2 * 60_000, { stage: 'shipped' }],
    ])
    for (const query of [{}, { customer: [''] }]) {
      const { days, open } = await overview(ended, query, late)
      expect(days.slice(-4).map((one) => one.open)).toEqual([0, 1, 1, 0])
      expect(open.count).toBe(0)
    }
  })

  it('tells in whose hands the time beyond the limits went', async () => {
    const { lateness } = await overview(few(), {}, now)
    // Two of yesterday's five hours, and four of the seven until now.
    expect(lateness).toEqual({
      overdueMs: 6 * hour,
      visits: 2,
      departments: [
        { department: 'line 2', overdueMs: 4 * hour, visits: 1 },
        { department: 'store', overdueMs: 2 * hour, visits: 1 },
      ],
    })
    const before = await overview(few(), { to: today }, now)
    expect(before.lateness).toMatchObject({ overdueMs: 2 * hour, visits: 1 })
    expect(before.days.at(-1)).toMatchObject({ at: today - day, open: 0 })
  })

  it('compares with the same clock time of a day and a week ago', async () => {
    const picking = (enteredAt: number): HistoryEntry[] => [
      ['order.placed', enteredAt, { data: { customer: 'Acme' } }],
      ['stage.entered', enteredAt, { stage: 'picking' }],
    ]
    const engine = plant(
      ['old', ...picking(now - 20 * day)],
      ['past', ...picking(now - 28 * hour), ['order.completed', now - 20 * hour]],
      ['in time', ...picking(now - 26 * hour), ['order.completed', now - 20 * hour]],
      ['later', ...picking(now - 4 * day)],
    )
    // Yesterday at six, `past` had been in picking for four hours, and `in time` for two; the limit is three.
    const expected = { count: 2, previousDay: 3, previousWeek: 1 }
    expect(await overview(engine, {}, now)).toMatchObject({ overdue: expected })
    expect(await overview(engine, { customer: ['Acme'] }, now)).toMatchObject({ overdue: expected })
  })

  it('compares how many were at risk and stalled with the same clock time of a day and a week ago', async () => {
    const picking = (enteredAt: number): HistoryEntry[] => [
      ['order.placed', enteredAt, { data: { customer: 'Acme' } }],
      ['stage.entered', enteredAt, { stage: 'picking' }],
    ]
    const engine = plant(
      // At risk from 2 h 24 min to 3 h, stalled after 5 h; work started again a day ago.
      ['old', ...picking(now - 20 * day), ['stage.started', now - day - hour, { stage: 'picking' }]],
      ['risky a day ago', ...picking(now - day - 2.5 * hour), ['order.completed', now - day + hour]],
      ['risky now', ...picking(now - 2.5 * hour)],
    )
    const expected = {
      atRisk: { count: 1, previousDay: 1, previousWeek: 0 },
      stalled: { count: 1, previousDay: 0, previousWeek: 1 },
    }
    expect(await overview(engine, {}, now)).toMatchObject(expected)
    expect(await overview(engine, { customer: ['Acme'] }, now)).toMatchObject(expected)
    const { days } = await overview(engine, { to: today - 2 * day }, now)
    expect(days.at(-1)).toMatchObject({ atRisk: 0, stalled: 1 })
  })

  it('reports nothing about times before the record or before the start of memory', async () => {
    const { stalled, atRisk, days } = await overview(few(), {}, now)
    expect(stalled).toHaveProperty('previousDay')
    expect(atRisk).not.toHaveProperty('previousWeek')
    expect(days.map((one) => one.atRisk === undefined)).toEqual([...Array(11).fill(true), false, false, false])
    const forgetful = plant(
      ['old', ['stage.entered', now - 5 * day, { stage: 'picking' }]],
      ['gone', ['stage.entered', now - 3 * day, { stage: 'picking' }], ['order.completed', now - day]],
    )
    forgetful.ended.startAt(now - 20 * hour)
    forgetful.evictOldest().toArray()
    const later = await overview(forgetful, {}, now)
    expect([later.stalled, later.atRisk].some((one) => 'previousDay' in one)).toBe(false)
    expect(later.days.map((one) => one.stalled).slice(-3)).toEqual([undefined, 1, 1])
  })

  it('is narrowed by department, customer, class and product', async () => {
    expect(await overview(few(), { department: ['store'] }, now)).toMatchObject({
      overdue: { count: 0 },
      open: { count: 0, arrived: 2, departed: 2 },
      signed: { signed: 2 },
      lateness: { overdueMs: 2 * hour },
    })
    expect(await overview(few(), { customer: ['Acme'] }, now)).toMatchObject({ signed: { signed: 1, onTime: 1 } })
    expect(await overview(few(), { customerClass: ['A'] }, now)).toMatchObject({ signed: { signed: 1, onTime: 1 } })
    expect(await overview(few(), { customerClass: [''] }, now)).toMatchObject({
      overdue: { count: 1 },
      signed: { signed: 1, onTime: 0 },
      lateness: { visits: 2 },
    })
    expect(await overview(few(), { product: ['none'] }, now)).toMatchObject({ open: { count: 0, arrived: 0 } })
    expect(await overview(few(), { process: ['none'] }, now)).toMatchObject({ open: { count: 0, arrived: 0 } })
  })

  it('matches the board of the process', async () => {
    const engine = few()
    const { kpis } = boardOf(engine, 'default', now)
    const { overdue, stalled, atRisk, open, days } = await overview(engine, {}, now)
    expect(overdue).toMatchObject({
      count: kpis.overdue.count,
      unclaimed: kpis.overdue.unclaimed,
      judged: kpis.overdue.judged,
      previousDay: kpis.overdue.previousDay,
      ceiling: kpis.overdue.ceiling,
    })
    expect(stalled.count).toBe(kpis.stalled.count)
    expect(atRisk).toMatchObject({ count: kpis.atRisk.count, soon: kpis.atRisk.soon })
    expect(open.count).toBe(kpis.open.count)
    expect(days.at(-1)).toMatchObject({ arrived: kpis.open.inToday, departed: kpis.open.outToday })
  })

  it('refuses a period that is none, or too long', async () => {
    await expect(overview(few(), { from: now, to: now }, now)).rejects.toMatchObject({ field: 'from' })
    await expect(overview(few(), { from: now + hour }, now)).rejects.toMatchObject({ field: 'from' })
    await expect(overview(few(), { from: now - 500 * day }, now)).rejects.toMatchObject({ field: 'from' })
  })

  it('counts the same by whole processes as order by order', { timeout: 60_000 }, async () => {
    const beginAt = Date.parse('2026-11-20T09:13:00+08:00')
    const rules = { defaultProcess: 'default', rulesOf: () => ({ isTerminal: (stage: string) => stage === 'shipped' }) }
    await fc.assert(
      fc.asyncProperty(siteLog(beginAt, ['default']), fc.nat(historySpanMs), async (events, sinceMs) => {
        const at = beginAt + sinceMs
        const engine = new LiveEngine('Asia/Shanghai')
        engine.setProcess([{ definition: shipping }], at)
        for (const [order, log] of Map.groupBy(events, (event) => event.order)) {
          const folded = foldAgain(order, log, rules)
          engine.apply(order, folded.process, folded.state, folded.eventCount, at)
        }
        const { overdue, ...whole } = await overview(engine, {}, at)
        const { ceiling: _ofProcesses, ...told } = overdue
        expect(await overview(engine, { department: departmentsOf(events) }, at)).toEqual({ ...whole, overdue: told })
      }),
      costlyPropertyRuns,
    )
  })
})

describe('the overview since a shift began', () => {
  const lateWeek = weekOf([{ from: '16:30', to: '00:30' }])
  const withShifts = (): LiveEngine => {
    const engine = few()
    const calendars = [plantCalendar({}), { ...plantCalendar({ week: lateWeek }), code: 'late' }]
    engine.setCalendars(new SiteCalendars(calendars, { site: 'plant', departments: { store: 'late' } }))
    for (const _ of engine.reevaluateOpenOrders(now)) continue
    return engine
  }
  const eight = today + 8 * hour

  it('starts counting at its first instant, and compares with the same part of the previous shift', async () => {
    const engine = withShifts()
    const answer = await overview(engine, { since: 'shift' }, now)
    expect(answer).toMatchObject({
      from: eight,
      to: now,
      shiftBeganAt: eight,
      open: { count: 2, arrived: 3, departed: 1 },
      signed: { signed: 1, onTime: 1, previous: { signed: 0 } },
    })
    expect(answer.days.map(({ at }) => at)).toEqual([today])
    // `kept` was signed on Monday at two: at nine on Tuesday, only the hour from eight to nine is compared.
    const atNine = await overview(engine, { since: 'shift' }, now + 15 * hour)
    const atSix = await overview(engine, { since: 'shift' }, now + day)
    expect([atNine.from, atNine.signed.previous.signed]).toEqual([eight + day, 0])
    expect([atSix.from, atSix.signed.previous.signed]).toEqual([eight + day, 1])
  })

  it('follows the calendar of the department that it is about', async () => {
    const answer = await overview(withShifts(), { since: 'shift', department: ['store'] }, now)
    expect(answer).toMatchObject({ from: now - 1.5 * hour, open: { arrived: 0, departed: 0 }, signed: { signed: 0 } })
    const both = await overview(withShifts(), { since: 'shift', department: ['store', 'line 2'] }, now)
    expect(both.from).toBe(eight)
  })

  it('is one since midnight where the calendar has no shifts', async () => {
    const answer = await overview(few(), { since: 'shift' }, now)
    expect(answer).not.toHaveProperty('shiftBeganAt')
    expect(answer).toEqual(await overview(few(), { from: today }, now))
  })

  it('counts like days if shifts start at midnight', { timeout: 60_000 }, async () => {
    const beginAt = Date.parse('2026-11-20T09:13:00+08:00')
    const rules = { defaultProcess: 'default', rulesOf: () => ({ isTerminal: (stage: string) => stage === 'shipped' }) }
    const everyDay = { ...weekOf([{ from: '00:00', to: '12:00' }]), 6: [{ from: '00:00', to: '12:00' }] }
    const week = { ...everyDay, 7: [{ from: '00:00', to: '12:00' }] }
    await fc.assert(
      fc.asyncProperty(siteLog(beginAt, ['default']), fc.nat(historySpanMs), async (events, sinceMs) => {
        const at = beginAt + sinceMs
        const engine = new LiveEngine('Asia/Shanghai')
        engine.setCalendars(new SiteCalendars([plantCalendar({ week })], { site: 'plant', departments: {} }))
        engine.setProcess([{ definition: shipping }], at)
        for (const [order, log] of Map.groupBy(events, (event) => event.order)) {
          const folded = foldAgain(order, log, rules)
          engine.apply(order, folded.process, folded.state, folded.eventCount, at)
        }
        const byShift = await overview(engine, { since: 'shift' }, at)
        const byDay = await overview(engine, { from: engine.days.startOf(at) }, at)
        const withoutPrevious = ({ signed: { previous: _, ...signed }, ...rest }: typeof byDay) => ({ ...rest, signed })
        // Events dated tomorrow by a source's clock belong to no reported day.
        fc.pre(events.every(({ occurredAt }) => occurredAt < engine.days.startOfOffset(at, 1)))
        expect(withoutPrevious(byShift)).toEqual(withoutPrevious(byDay))
      }),
      costlyPropertyRuns,
    )
  })
})

/** Every department named in an event, and none. */
function departmentsOf(events: readonly OrderEvent[]): string[] {
  const named = events.map(({ data }) => data['department']).filter((name) => typeof name === 'string')
  return [...new Set(['', ...named])]
}
