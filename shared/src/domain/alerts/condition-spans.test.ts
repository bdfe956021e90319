import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { foldOrder } from '../fold-order.ts'
import type { FoldedOrder } from '../fold-state.ts'
import { announcedFrom, announcedLog, announcedUntil } from '../testing/announced-log.ts'
import { eventLog } from '../testing/event-log.ts'
import type { HistoryEntry } from '../testing/event-log.ts'
import { propertyRuns } from '../testing/property-runs.ts'
import { progressStepMs } from '../evolve-visits.ts'
import { alwaysOpen } from '../time/always-open.ts'
import { calendarOf } from '../time/calendar-of.ts'
import { plantCalendar } from '../time/testing/plant-calendar.ts'
import type { VisitSla } from '../visit-sla.ts'
import type { OrderCondition } from './alert-rule.ts'
import { conditionSpans, isOrderInScope } from './condition-spans.ts'

const hour = 3_600_000
const rules = { isTerminal: (stage: string) => stage === 'shipped' }
const sla: VisitSla = { calendar: alwaysOpen, targetMs: 10 * hour, warnAtRatio: 0.5, stallAfterMs: 3 * hour }
const picking = { stage: 'picking' }
const entered: HistoryEntry = ['stage.entered', 0, picking]

function fold(...history: readonly HistoryEntry[]): FoldedOrder {
  const state = foldOrder('SO-1', eventLog(...history), rules)
  if (state === undefined) throw new Error('nothing was told')
  return state
}

function spansOfAll(condition: OrderCondition, order: FoldedOrder, limits: VisitSla) {
  const { attributes } = order
  return order.visits.flatMap((visit) => conditionSpans(condition, { visit, order, attributes, sla: limits }))
}

/** Spans of the first visit, in hours. */
function hours(condition: OrderCondition, ...history: readonly HistoryEntry[]) {
  const order = fold(...history)
  const [visit] = order.visits
  if (visit === undefined) throw new Error('there is no visit')
  return conditionSpans(condition, { visit, order, attributes: order.attributes, sla }).map(({ from, to }) => [
    from / hour,
    to / hour,
  ])
}

describe('a condition', () => {
  it('about the target starts by its clock, which a hold stops', () => {
    expect(hours({ kind: 'target', ratio: 0.8 }, entered)).toEqual([[8, Infinity]])
    expect(hours({ kind: 'target', ratio: 1 }, entered, ['order.held', hour], ['order.resumed', 5 * hour])).toEqual([
      [14, Infinity],
    ])
    expect(hours({ kind: 'pastTarget', afterMs: 4 * hour }, entered, ['order.completed', 20 * hour])).toEqual([
      [14, 20],
    ])
    expect(hours({ kind: 'target', ratio: 1 }, entered, ['order.completed', 10 * hour])).toEqual([])
    expect(hours({ kind: 'target', ratio: 1 }, entered, ['order.held', hour])).toEqual([])
  })

  it('about standing still counts by its own time or by that of the stage, and not on hold', () => {
    const started: HistoryEntry = ['stage.started', 5 * hour, picking]
    expect(hours({ kind: 'stalled', clock: 'working' }, entered, started)).toEqual([
      [3, 5],
      [8, Infinity],
    ])
    expect(hours({ kind: 'stalled', afterMs: 4 * hour, clock: 'elapsed' }, entered, started)).toEqual([
      [4, 5],
      [9, Infinity],
    ])
    expect(hours({ kind: 'stalled', clock: 'working' }, entered, ['order.held', hour])).toEqual([])
  })

  it('about news of a carrier ends with a position as with progress, by the calendar, and not on hold', () => {
    const silent = { kind: 'noNews', afterMs: 4 * hour } as const
    const at = (time: number): HistoryEntry => ['position.reported', time * hour]
    expect(hours(silent, entered, ['note.added', hour], at(3), at(10))).toEqual([
      [7, 10],
      [14, Infinity],
    ])
    // A position is no progress.
    expect(hours({ kind: 'stalled', clock: 'elapsed', afterMs: 4 * hour }, entered, at(3))).toEqual([[4, Infinity]])
    expect(hours(silent, entered, at(3), ['stage.entered', 6 * hour, picking], ['order.completed', 11 * hour])).toEqual(
      [[10, 11]],
    )
    expect(hours(silent, entered, ['order.held', 2 * hour], at(3), ['order.resumed', 20 * hour])).toEqual([
      [24, Infinity],
    ])
  })

  it('about a hold lasts as long as that', () => {
    const held: HistoryEntry = ['order.held', hour]
    expect(hours({ kind: 'held', afterMs: 2 * hour }, entered, held)).toEqual([[3, Infinity]])
    expect(hours({ kind: 'held', afterMs: 2 * hour }, entered, held, ['order.resumed', 4 * hour])).toEqual([[3, 4]])
    expect(hours({ kind: 'held', afterMs: 2 * hour }, entered, held, ['order.resumed', 3 * hour])).toEqual([])
    expect(
      hours({ kind: 'held', afterMs: hour }, entered, ['order.held', hour, { data: { until: 6 * hour } }]),
    ).toEqual([[2, 6]])
  })

  it('about the promise counts back from it, and starts with the visit if that is later', () => {
    const placed: HistoryEntry = ['order.placed', -hour, { data: { promisedAt: 6 * hour } }]
    expect(hours({ kind: 'promise', leadMs: 2 * hour }, placed, entered)).toEqual([[4, Infinity]])
    expect(hours({ kind: 'promise', leadMs: 24 * hour }, placed, entered)).toEqual([[0, Infinity]])
    expect(hours({ kind: 'promise', leadMs: 2 * hour }, entered)).toEqual([])
  })

  it('about a missing owner ends with the first owner', () => {
    const claimed: HistoryEntry = ['order.assigned', 3 * hour, { data: { owner: 'Wang' } }]
    const fresh = { kind: 'unclaimed', afterMs: 2 * hour, since: 'entered' } as const
    expect(hours(fresh, entered)).toEqual([[2, Infinity]])
    expect(hours(fresh, entered, claimed)).toEqual([[2, 3]])
    expect(hours({ ...fresh, since: 'overdue' }, entered)).toEqual([[12, Infinity]])
    expect(hours({ ...fresh, since: 'overdue' }, entered, claimed)).toEqual([])
  })
})

describe('the scope of a rule', () => {
  it('asks for the department of the visit before that of the order', () => {
    const order = fold(['stage.entered', 0, { stage: 'picking', data: { department: 'east', customerClass: 'A' } }])
    const visit = { stage: 'picking', nth: 1, enteredAt: 0, heldMs: 0, department: 'west' }
    const subject = { visit, order, attributes: order.attributes, sla }
    expect(isOrderInScope({ when: { department: ['west'] } }, subject)).toBe(true)
    expect(isOrderInScope({ when: { department: ['east'] } }, subject)).toBe(false)
    expect(isOrderInScope({ when: { customerClass: ['A'] } }, subject)).toBe(true)
    expect(isOrderInScope({}, subject)).toBe(true)
  })
})

const conditions = fc.oneof(
  fc.record({ kind: fc.constant('target' as const), ratio: fc.constantFrom(0.5, 1, 1.5) }),
  fc.record({ kind: fc.constant('pastTarget' as const), afterMs: fc.constantFrom(hour / 2, 3 * hour) }),
  fc.record(
    {
      kind: fc.constant('stalled' as const),
      clock: fc.constantFrom('working' as const, 'elapsed' as const),
      afterMs: fc.constantFrom(hour, 3 * hour),
    },
    { requiredKeys: ['kind', 'clock'] },
  ),
  fc.record({ kind: fc.constant('noNews' as const), afterMs: fc.constantFrom(hour, 3 * hour) }),
  fc.record({ kind: fc.constant('held' as const), afterMs: fc.constantFrom(hour / 2, 2 * hour) }),
  fc.record({
    kind: fc.constant('unclaimed' as const),
    afterMs: fc.constantFrom(0, 2 * hour),
    since: fc.constantFrom('entered' as const, 'overdue' as const),
  }),
)

const limits = fc.record({
  calendar: fc.constantFrom(alwaysOpen, calendarOf(plantCalendar({}))),
  targetMs: fc.constantFrom(hour, 4 * hour),
  warnAtRatio: fc.constant(0.8),
  stallAfterMs: fc.constantFrom(20 * 60_000, 2 * hour),
})

test('the past of a condition equals what was observed every half hour', () => {
  fc.assert(
    fc.property(announcedLog, conditions, limits, (log, condition, held) => {
      const whole = foldOrder('SO-1', log, rules)
      const told = whole === undefined ? [] : spansOfAll(condition, whole, held)
      for (let at = announcedFrom; at <= announcedUntil; at += 2 * progressStepMs) {
        const then = foldOrder(
          'SO-1',
          log.filter(({ occurredAt }) => occurredAt <= at),
          rules,
        )
        const open = then?.visits.at(-1)
        const seen =
          then !== undefined && open !== undefined && open.leftAt === undefined
            ? conditionSpans(condition, { visit: open, order: then, attributes: then.attributes, sla: held })
            : []
        const holds = (spans: readonly { from: number; to: number }[]) =>
          spans.some(({ from, to }) => from <= at && at < to)
        expect({ at, holds: holds(told) }).toEqual({ at, holds: holds(seen) })
      }
    }),
    propertyRuns,
  )
})
