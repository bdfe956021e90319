import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { progressStepMs } from './evolve-visits.ts'
import { foldOrder } from './fold-order.ts'
import type { FoldState } from './fold-state.ts'
import { statusSpans } from './status-spans.ts'
import type { StatusSpan } from './status-spans.ts'
import { announcedFrom, announcedLog, announcedUntil } from './testing/announced-log.ts'
import { eventLog } from './testing/event-log.ts'
import type { HistoryEntry } from './testing/event-log.ts'
import { costlyPropertyRuns } from './testing/property-runs.ts'
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

/** Spans of the first visit of a history, in hours. */
function hours(history: readonly HistoryEntry[], now = 48 * hour) {
  const state = foldOrder('SO-1', eventLog(...history), rules)
  if (state === undefined) throw new Error('nothing was told')
  const [first] = spansOf(state, sla, now)
  const told = (span: StatusSpan) => [span.from / hour, span.to / hour]
  return { atRisk: first?.atRisk && told(first.atRisk), stalled: first?.stalled.map(told) }
}

describe('a visit', () => {
  const entered: HistoryEntry = ['stage.entered', 0, picking]

  test('is at risk from the warning to the breach, and no longer than it lasts', () => {
    expect(hours([entered]).atRisk).toEqual([5, 10])
    expect(hours([entered, ['stage.entered', 7 * hour, { stage: 'packing' }]]).atRisk).toEqual([5, 7])
    expect(hours([entered, ['stage.entered', 5 * hour, { stage: 'packing' }]]).atRisk).toBeUndefined()
    expect(hours([entered], 5 * hour - 1).atRisk).toBeUndefined()
    expect(hours([entered, ['order.held', hour], ['order.resumed', 9 * hour]]).atRisk).toEqual([13, 18])
  })

  test('stalls as often as nothing moves it on for too long, and not on hold', () => {
    const history: HistoryEntry[] = [
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
    const completed: HistoryEntry = ['stage.completed', 8 * hour, { ...picking, data: { startedAt: 2 * hour } }]
    expect(hours([entered, completed]).stalled).toEqual([[3, 8]])
    expect(hours([entered, ['stage.started', hour, picking], completed]).stalled).toEqual([[4, 8]])
    // A visit that only its completion reported was never seen waiting, so only the completion's data applies.
    expect(hours([['order.placed', 0], completed]).stalled).toEqual([[5, 8]])
  })

  test('keeps of many reports the last one before each quarter hour', () => {
    const reports = Array.from({ length: 100 }, (_, i): HistoryEntry => ['stage.entered', (i + 1) * minute, picking])
    const state = foldOrder('SO-1', eventLog(entered, ...reports), rules)
    expect(state?.visits[0]?.progress).toEqual([15, 30, 45, 60, 75, 90, 100].map((minutes) => minutes * minute))
  })
})

const openLimits = fc.record({
  calendar: fc.constantFrom(alwaysOpen, calendarOf(plantCalendar({}))),
  targetMs: fc.constantFrom(hour, 4 * hour),
  warnAtRatio: fc.constantFrom(0, 0.5, 1),
  stallAfterMs: fc.constantFrom(10 * minute, 2 * hour),
})

test('at every quarter hour a visit is told to have been what it was seen to be', () => {
  fc.assert(
    fc.property(announcedLog, openLimits, (log, limits) => {
      const now = announcedUntil
      const whole = foldOrder('SO-1', log, rules)
      const spans = whole === undefined ? [] : spansOf(whole, limits, now)
      const covers = (span: StatusSpan | undefined, at: number) => span !== undefined && span.from <= at && at < span.to
      for (let at = announcedFrom; at <= now; at += progressStepMs) {
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
    costlyPropertyRuns,
  )
})
