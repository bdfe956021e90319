import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldOrder } from '../fold-order.ts'
import type { FoldedOrder } from '../fold-state.ts'
import type { EventType } from '../order-event.ts'
import { hasEnded } from '../stage-visit.ts'
import type { EndedVisit, StageVisit } from '../stage-visit.ts'
import { statusSpans } from '../status-spans.ts'
import { concurrentLog, orderLog } from '../testing/arbitrary-events.ts'
import { propertyRuns } from '../testing/property-runs.ts'
import { alwaysOpen } from '../time/always-open.ts'
import { clockMs, holdsDuring } from '../visit-clock.ts'
import { isWithinScope, narrowedScope, orderInScope } from './department-scope.ts'

const hourMs = 3_600_000

function visit(stage: string, enteredAt: number, leftAt: number | undefined, department?: string): StageVisit {
  return {
    stage,
    nth: 1,
    enteredAt,
    heldMs: 0,
    ...(leftAt !== undefined && { leftAt }),
    ...(department !== undefined && { department }),
  }
}

function order(visits: readonly StageVisit[], change: Partial<FoldedOrder> = {}): FoldedOrder {
  return {
    order: 'SO-1',
    status: 'open',
    attributes: { department: 'sales' },
    visits,
    placedAt: 0,
    firstAt: 0,
    reopenedCount: 0,
    lastProgressAt: 0,
    holds: [],
    complaintCount: 0,
    lastEventAt: 3 * hourMs,
    ...change,
  }
}

/** The values that statistics record of an ended visit. */
function judged(state: FoldedOrder | undefined, ended: EndedVisit) {
  if (state === undefined) throw new Error('no order has this visit')
  const sla = { calendar: alwaysOpen, targetMs: 4, warnAtRatio: 0.5, stallAfterMs: 3 }
  const workedMs = alwaysOpen.workingMs(ended.enteredAt, ended.leftAt)
  return {
    spans: statusSpans(ended, state, sla, Infinity, workedMs),
    clock: clockMs(ended, holdsDuring(state, ended), alwaysOpen, ended.leftAt),
  }
}

const way = [
  visit('approve', 0, hourMs),
  visit('pick', hourMs, 2 * hourMs, 'store'),
  visit('ship', 2 * hourMs, undefined, 'fleet'),
]

describe('an order in a scope of departments', () => {
  it('is whole where all are seen', () => {
    const whole = order(way)
    expect(orderInScope(whole, undefined)).toBe(whole)
  })

  it('is not there for those who never had it', () => {
    expect(orderInScope(order(way), ['finance'])).toBeUndefined()
  })

  it('that has gone on to others has left when it left theirs', () => {
    const seen = orderInScope(order(way, { heldSince: 2.5 * hourMs }), ['store'])
    expect(seen).toMatchObject({ status: 'cancelled', endedAt: 2 * hourMs, placedAt: hourMs, visits: [way[1]] })
    expect(seen).not.toHaveProperty('heldSince')
  })

  it('that was on hold when it went on to others was on hold until it left', () => {
    const seen = orderInScope(order(way, { heldSince: 1.5 * hourMs, heldUntil: 9 * hourMs }), ['store'])
    expect(seen).toMatchObject({ holds: [{ from: 1.5 * hourMs, to: 2 * hourMs }] })
    expect(seen).not.toHaveProperty('heldSince')
    expect(seen).not.toHaveProperty('heldUntil')
  })

  it('has left when the last of its stages there has ended, where several went on at the same time', () => {
    const visits = [
      visit('pick', 0, 2 * hourMs, 'store'),
      visit('label', hourMs, 1.5 * hourMs, 'store'),
      visit('ship', 2 * hourMs, undefined, 'fleet'),
    ]
    expect(orderInScope(order(visits), ['store'])).toMatchObject({ endedAt: 2 * hourMs })
  })

  it('arrived with the stage that goes on there, also if others have begun and ended since', () => {
    const visits = [
      visit('approve', 0, hourMs),
      visit('label', 2 * hourMs, 3 * hourMs, 'store'),
      visit('pick', hourMs, undefined, 'store'),
    ]
    expect(orderInScope(order(visits), ['store'])).toMatchObject({ placedAt: hourMs, firstAt: hourMs })
  })

  it('has visits that are evaluated like those of the whole order', () => {
    const rules = { isTerminal: (stage: string) => stage === 'shipped' }
    // With all types of events, few orders would still be on hold when they move on to other departments.
    const types: EventType[] = ['stage.entered', 'stage.completed', 'order.held']
    const log = fc.oneof(orderLog('SO-1'), orderLog('SO-1', types), concurrentLog('SO-1'), concurrentLog('SO-1', types))
    fc.assert(
      fc.property(log, (events) => {
        const whole = foldOrder('SO-1', events, rules)
        const seen = whole && orderInScope(whole, ['east'])
        const ended = seen?.visits.filter(hasEnded) ?? []
        expect(ended.map((of) => judged(seen, of))).toEqual(ended.map((of) => judged(whole, of)))
      }),
      propertyRuns,
    )
  })

  it('that is with them is as it is, and arrived when it came to them', () => {
    expect(orderInScope(order(way), ['fleet'])).toMatchObject({
      status: 'open',
      placedAt: 2 * hourMs,
      visits: [way[2]],
    })
  })

  it('belongs to its own department where a visit names none', () => {
    expect(orderInScope(order(way), ['sales'])).toMatchObject({ placedAt: 0, visits: [way[0]] })
  })

  it('without a visit is seen by its own department', () => {
    expect(orderInScope(order([]), ['sales'])).toBeDefined()
    expect(orderInScope(order([]), ['store'])).toBeUndefined()
  })
})

describe('a scope', () => {
  it('that is asked for is cut to the one that is allowed', () => {
    expect(narrowedScope(['a', 'b'], ['b', 'c'])).toEqual(['b'])
    expect(narrowedScope(undefined, ['b'])).toEqual(['b'])
    expect(narrowedScope(['a'], undefined)).toEqual(['a'])
    expect(narrowedScope(['a'], ['b'])).toEqual([])
  })

  it('of all departments lies in no smaller one', () => {
    expect(isWithinScope(undefined, ['a'])).toBe(false)
    expect(isWithinScope(undefined, undefined)).toBe(true)
    expect(isWithinScope(['a'], ['a', 'b'])).toBe(true)
    expect(isWithinScope(['a', 'c'], ['a', 'b'])).toBe(false)
  })
})
