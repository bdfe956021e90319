import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { orderLog } from './testing/arbitrary-events.ts'
import { eventLog } from './testing/event-log.ts'
import type { HistoryEntry } from './testing/event-log.ts'
import { propertyRuns } from './testing/property-runs.ts'
import { foldOrder } from './fold-order.ts'
import { alwaysOpen } from './time/always-open.ts'
import { calendarOf } from './time/calendar-of.ts'
import { plantCalendar } from './time/testing/plant-calendar.ts'
import type { TwoClocks } from './visit-times.ts'
import { visitTimes } from './visit-times.ts'

const hour = 3_600_000
const rules = { isTerminal: () => false }
const monday = Date.parse('2026-06-01T08:00+08:00')
const office = { calendar: calendarOf(plantCalendar({})), warnAtRatio: 0.8 }

describe('where the time of a visit went', () => {
  const state = foldOrder(
    'SO-1',
    eventLog(
      ['stage.entered', monday, { stage: 'packing', data: { waitingFor: 'material' } }],
      ['note.added', monday + hour, { data: { waitingFor: 'approval' } }],
      ['stage.started', monday + 3 * hour, { stage: 'packing', actor: 'Li' }],
      ['order.held', monday + 6 * hour, { data: { waitingFor: 'customer' } }],
      ['order.resumed', monday + 7 * hour],
      ['stage.started', monday + 8 * hour, { stage: 'packing', actor: 'Wang' }],
      ['stage.completed', monday + 28 * hour, { stage: 'packing' }],
    ),
    rules,
  )!
  const times = visitTimes(state.visits[0]!, state, { ...office, targetMs: 5 * hour }, monday + 99 * hour)
  const hours = ({ elapsedMs, workingMs }: TwoClocks) => [elapsedMs / hour, workingMs / hour]

  it('is told for waiting, work and holds by both clocks, the lunch and the night left out of working time', () => {
    expect(hours(times.total)).toEqual([28, 12])
    expect(hours(times.waiting)).toEqual([3, 3])
    expect(hours(times.held)).toEqual([1, 1])
    expect(hours(times.working)).toEqual([24, 8])
    expect(hours(times.unsaid)).toEqual([0, 0])
  })

  it('says what it waited for', () => {
    expect([...times.causes].map(([cause, part]) => [cause, ...hours(part)])).toEqual([
      ['material', 1, 1],
      ['approval', 2, 2],
      ['customer', 1, 1],
    ])
  })

  it('says who had it past the limit', () => {
    expect(hours(times.overdue)).toEqual([21, 6])
    expect(times.overdueBy.map(({ owner, ...part }) => [owner, ...hours(part)])).toEqual([
      ['Li', 1, 1],
      ['Wang', 20, 5],
    ])
  })

  it('is never less than nothing when somebody is named twice, or has begun before the order came', () => {
    const odd = foldOrder(
      'SO-1',
      eventLog(
        ['stage.started', monday, { stage: 'cutting', actor: 'Li' }],
        ['stage.entered', monday + 2 * hour, { stage: 'packing', actor: 'Li' }],
        ['stage.entered', monday + 2 * hour, { stage: 'packing', actor: 'Li' }],
        ['stage.started', monday + 2 * hour, { stage: 'packing', actor: 'Wang' }],
        ['stage.completed', monday + 3 * hour, { stage: 'packing', data: { startedAt: monday } }],
      ),
      rules,
    )!
    const { total, waiting, working, overdueBy } = visitTimes(
      odd.visits[1]!,
      odd,
      { ...office, targetMs: 1 },
      monday + 9 * hour,
    )
    expect([hours(total), hours(waiting), hours(working)]).toEqual([
      [1, 1],
      [0, 0],
      [1, 1],
    ])
    expect(overdueBy).toEqual([{ owner: 'Wang', elapsedMs: hour - 1, workingMs: hour - 1 }])
  })

  it('is nothing before the order came', () => {
    const early = foldOrder('SO-1', eventLog(['stage.entered', monday, { stage: 'packing' }]), rules)!
    const { total, overdue } = visitTimes(early.visits[0]!, early, { ...office, targetMs: 1 }, monday - hour)
    expect([hours(total), hours(overdue)]).toEqual([
      [0, 0],
      [0, 0],
    ])
  })

  it('is not told where no event has said when work began', () => {
    const silent = foldOrder('SO-1', eventLog(['stage.entered', monday, { stage: 'packing' }]), rules)!
    expect(hours(visitTimes(silent.visits[0]!, silent, office, monday + hour).unsaid)).toEqual([1, 1])
  })
})

it('a visit that took no time has no parts, and neither has what ends in the instant in which it begins', () => {
  const timesOf = (...log: readonly HistoryEntry[]) => {
    const order = foldOrder('SO-1', eventLog(...log), rules)!
    const { causes, overdueBy, ...times } = visitTimes(order.visits[0]!, order, { ...office, targetMs: 1 }, monday)
    return { causes: [...causes.keys()], owners: overdueBy.map(({ owner }) => owner), totalMs: times.total.elapsedMs }
  }
  const packing = { stage: 'packing', actor: 'Li', data: { waitingFor: 'material' } }
  expect(timesOf(['stage.entered', monday, packing], ['stage.completed', monday, packing])).toEqual({
    causes: [],
    owners: [],
    totalMs: 0,
  })
  expect(
    timesOf(
      ['stage.entered', monday, packing],
      ['note.added', monday, { data: { waitingFor: 'approval' } }],
      ['order.assigned', monday + 1, { data: { owner: 'Wang' } }],
      ['stage.completed', monday + 2, { stage: 'packing' }],
    ),
  ).toEqual({ causes: ['approval'], owners: ['Wang'], totalMs: 2 })
})

it('time is told apart at the instant at which work begins, also when nothing else happens then', () => {
  const order = foldOrder(
    'SO-1',
    eventLog(
      ['stage.entered', monday, { stage: 'packing' }],
      ['stage.started', monday + hour, { stage: 'packing' }],
      ['stage.completed', monday + 3 * hour, { stage: 'packing' }],
    ),
    rules,
  )!
  const { waiting, working, unsaid } = visitTimes(order.visits[0]!, order, office, monday)
  expect([waiting, working, unsaid].map(({ elapsedMs }) => elapsedMs / hour)).toEqual([1, 2, 0])
})

it('the parts of every visit add up to the millisecond, whatever happened', () => {
  // One instant of a log is 47 minutes, so that logs overlap shifts, lunch breaks and nights.
  const spread = (at: number) => monday + at * 47 * 60_000
  fc.assert(
    fc.property(orderLog('SO-1'), fc.integer({ min: 1, max: 900 }), fc.nat(60), (log, targetMinutes, until) => {
      const events = log.map((event) => ({ ...event, occurredAt: spread(event.occurredAt), data: { ...event.data } }))
      const state = foldOrder('SO-1', events, rules)
      for (const calendar of [office.calendar, alwaysOpen]) {
        const sla = { ...office, calendar, targetMs: targetMinutes * 60_000 }
        for (const visit of state?.visits ?? []) {
          const { total, held, waiting, working, unsaid, overdue, overdueBy, causes } = visitTimes(
            visit,
            state!,
            sla,
            spread(until),
          )
          for (const clock of ['elapsedMs', 'workingMs'] as const) {
            expect(held[clock] + waiting[clock] + working[clock] + unsaid[clock]).toBe(total[clock])
            expect(overdueBy.reduce((sum, part) => sum + part[clock], 0)).toBe(overdue[clock])
            expect(overdue[clock]).toBeLessThanOrEqual(total[clock] - held[clock])
            const parts = [total, held, waiting, working, unsaid, overdue, ...overdueBy, ...causes.values()]
            expect(Math.min(...parts.map((part) => part[clock]))).toBeGreaterThanOrEqual(0)
          }
          expect(visit.leftAt === undefined || held.elapsedMs === visit.heldMs).toBe(true)
        }
      }
    }),
    propertyRuns,
  )
})
