import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareEvents } from './event-order.ts'
import { progressStepMs } from './evolve-visits.ts'
import { foldOrder } from './fold-order.ts'
import type { FoldState } from './fold-state.ts'
import { eventTypes } from './order-event.ts'
import type { OrderEvent } from './order-event.ts'
import { statusSpans } from './status-spans.ts'
import type { StatusSpan } from './status-spans.ts'
import { orderLog } from './testing/arbitrary-events.ts'
import { eventLog } from './testing/event-log.ts'
import type { Told } from './testing/event-log.ts'
import { propertyRuns } from './testing/property-runs.ts'
import { alwaysOpen } from './time/always-open.ts'
import { calendarOf } from './time/calendar-of.ts'
import { plantCalendar } from './time/testing/plant-calendar.ts'
import { visitStatus } from './visit-status.ts'
import type { VisitSla } from './visit-sla.ts'

const hour = 3_600_000
const minute = 60_000
const rules = { isTerminal: (stage: string) => stage === 'shipped' }
const sla: VisitSla = { calendar: alwaysOpen, targetMs: 10 * hour, warnAtRatio: 0.5, stallAfterMs: 3 * hour }
const picking = { stage: 'picking' }

function spansOf(state: FoldState, limits: VisitSla, now: number) {
  return state.visits.map((visit) => {
    const workedMs = limits.calendar.workingMs(visit.enteredAt, visit.leftAt ?? now)
    return statusSpans(visit, state, limits, now, workedMs)
  })
}

/** Of the first visit of a told history, in hours. */
function hours(history: readonly Told[], now = 48 * hour) {
  const state = foldOrder('SO-1', eventLog(...history), rules)
  if (state === undefined) throw new Error('nothing was told')
  const [first] = spansOf(state, sla, now)
  const told = (span: StatusSpan) => [span.from / hour, span.to / hour]
  return { atRisk: first?.atRisk && told(first.atRisk), stalled: first?.stalled.map(told) }
}

describe('a visit', () => {
  const entered: Told = ['stage.entered', 0, picking]

  test('is at risk from the warning to the breach, and no longer than it lasts', () => {
    expect(hours([entered]).atRisk).toEqual([5, 10])
    expect(hours([entered, ['stage.entered', 7 * hour, { stage: 'packing' }]]).atRisk).toEqual([5, 7])
    expect(hours([entered, ['stage.entered', 5 * hour, { stage: 'packing' }]]).atRisk).toBeUndefined()
    expect(hours([entered], 5 * hour - 1).atRisk).toBeUndefined()
    expect(hours([entered, ['order.held', hour], ['order.resumed', 9 * hour]]).atRisk).toEqual([13, 18])
  })

  test('stalls as often as nothing moves it on for too long, and not on hold', () => {
    const history: Told[] = [
      entered,
      ['stage.started', 4 * hour, picking],
      ['note.added', 5 * hour],
      ['order.held', 8 * hour],
      ['stage.entered', 9 * hour, picking],
      ['order.resumed', 20 * hour],
      ['stage.entered', 22 * hour, picking],
    ]
    expect(hours(history).stalled).toEqual([
      [3, 4],
      [7, 8],
      [25, Infinity],
    ])
    expect(hours([entered, ['order.held', hour, { data: { until: 6 * hour } }]])).toEqual({
      atRisk: [10, 15],
      stalled: [[9, Infinity]],
    })
    expect(hours([...history, ['order.cancelled', 30 * hour]]).stalled?.at(-1)).toEqual([25, 30])
  })

  test('had stalled although its completion tells afterwards that work had begun', () => {
    const completed: Told = ['stage.completed', 8 * hour, { ...picking, data: { startedAt: 2 * hour } }]
    expect(hours([entered, completed]).stalled).toEqual([[3, 8]])
    expect(hours([entered, ['stage.started', hour, picking], completed]).stalled).toEqual([[4, 8]])
    // One that nobody announced was never seen waiting: what is known of it is what its end says.
    expect(hours([['order.placed', 0], completed]).stalled).toEqual([[5, 8]])
  })

  test('keeps of many reports the last one before each quarter hour', () => {
    const reports = Array.from({ length: 100 }, (_, i): Told => ['stage.entered', (i + 1) * minute, picking])
    const state = foldOrder('SO-1', eventLog(entered, ...reports), rules)
    expect(state?.visits[0]?.progress).toEqual([15, 30, 45, 60, 75, 90, 100].map((minutes) => minutes * minute))
  })
})

/** The instants of a log are 0 to 40: so far apart, they seldom meet a quarter hour. */
const instantMs = 47 * minute
/** A Monday, seven in the morning by the clocks of the plant. */
const beginAt = Date.parse('2026-11-23T07:00:00+08:00')

const openLimits = fc.record({
  calendar: fc.constantFrom(alwaysOpen, calendarOf(plantCalendar({}))),
  targetMs: fc.constantFrom(hour, 4 * hour),
  warnAtRatio: fc.constantFrom(0, 0.5, 1),
  stallAfterMs: fc.constantFrom(10 * minute, 2 * hour),
})

/** In the order in which it happened, without visits that only their ends report: nobody sees these while they last. */
const announcedLog = orderLog(
  'SO-1',
  eventTypes.filter((type) => type !== 'event.voided'),
).map((log) => {
  const kept: OrderEvent[] = []
  for (const event of log.toSorted(compareEvents)) {
    const told = ['startedAt', 'until'].flatMap((field) => {
      const instant = event.data[field]
      return typeof instant === 'number' ? [[field, beginAt + instant * instantMs]] : []
    })
    const data = { ...event.data, ...Object.fromEntries(told) }
    const open = foldOrder('SO-1', kept, rules)?.visits.at(-1)
    const isAnnounced = event.type !== 'stage.completed' || (open?.leftAt === undefined && open?.stage === event.stage)
    if (isAnnounced) kept.push({ ...event, data, occurredAt: beginAt + event.occurredAt * instantMs })
  }
  return kept
})

test('at every quarter hour a visit is told to have been what it was seen to be', () => {
  fc.assert(
    fc.property(announcedLog, openLimits, (log, limits) => {
      const now = beginAt + 42 * instantMs
      const whole = foldOrder('SO-1', log, rules)
      const spans = whole === undefined ? [] : spansOf(whole, limits, now)
      const covers = (span: StatusSpan | undefined, at: number) => span !== undefined && span.from <= at && at < span.to
      for (let at = beginAt; at <= now; at += progressStepMs) {
        const then = foldOrder(
          'SO-1',
          log.filter(({ occurredAt }) => occurredAt <= at),
          rules,
        )
        const open = then?.visits.at(-1)
        const seen =
          then === undefined || open === undefined || open.leftAt !== undefined
            ? { atRisk: false, stalled: false }
            : visitStatus(open, then, limits, at)
        const told = {
          atRisk: spans.some(({ atRisk }) => covers(atRisk, at)),
          stalled: spans.some(({ stalled }) => stalled.some((span) => covers(span, at))),
        }
        expect({ at, ...told }).toEqual({ at, atRisk: seen.atRisk, stalled: seen.stalled })
      }
    }),
    propertyRuns,
  )
})
