import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareEvents } from './event-order.ts'
import { canAppend, evolveOrder } from './evolve-order.ts'
import { foldOrder } from './fold-order.ts'
import type { FoldRules, FoldState } from './fold-state.ts'
import { eventTypes } from './order-event.ts'
import type { OrderEvent } from './order-event.ts'
import { isOpen } from './stage-visit.ts'
import { arrivedDifferently, concurrentLog, orderLog } from './testing/arbitrary-events.ts'
import { eventLog } from './testing/event-log.ts'
import type { HistoryEntry } from './testing/event-log.ts'
import { naiveCompleted, naiveEntered, naiveHeldInstants } from './testing/naive-visits.ts'
import { costlyPropertyRuns, propertyRuns } from './testing/property-runs.ts'

const shippedEnds: FoldRules = { isTerminal: (stage) => stage === 'shipped' }
const nothingEnds: FoldRules = { isTerminal: () => false }

/** What a server does with the log: append if possible, else fold everything that has arrived so far. */
function liveState(log: readonly OrderEvent[], rules: FoldRules): FoldState | undefined {
  let state: FoldState | undefined
  for (const [i, event] of log.entries()) {
    if (state !== undefined && canAppend(state, event)) state = evolveOrder(state, [event], rules)
    else state = foldOrder('SO-1', log.slice(0, i + 1), rules)
  }
  return state
}

function countedVisits(state: FoldState | undefined) {
  return (state?.visits ?? []).map(({ stage, nth, enteredAt, leftAt }) =>
    leftAt === undefined ? { stage, nth } : { stage, nth, dwellMs: leftAt - enteredAt },
  )
}

/** Orders that are in one stage at a time, and orders with concurrent activities. */
const anyLog = fc.oneof(orderLog('SO-1'), concurrentLog('SO-1'))

test('a fold reads the fields that it knows, however many an event has', () => {
  let copies = 0
  const stage = 'picking'
  const log = eventLog(
    ['stage.entered', 0, { stage }],
    ['stage.started', 1, { stage }],
    ['stage.completed', 2, { stage }],
  ).map((event) => {
    const data = { ...event.data, customer: 'Aster', department: 'store', more: 'x' }
    return { ...event, data: new Proxy(data, { ownKeys: (target) => (copies++, Reflect.ownKeys(target)) }) }
  })
  const state = foldOrder('SO-1', log, nothingEnds)
  expect(state?.attributes).toEqual({ customer: 'Aster' })
  expect(state?.visits[0]?.department).toBe('store')
  expect(copies).toBe(0)
})

describe('laws of the fold', () => {
  test('the order of arrival and repeated delivery change nothing', () => {
    const arrivals = anyLog.chain((log) => fc.tuple(fc.constant(log), arrivedDifferently(log)))
    fc.assert(
      fc.property(arrivals, ([log, again]) => {
        expect(foldOrder('SO-1', again, shippedEnds)).toEqual(foldOrder('SO-1', log, shippedEnds))
      }),
      propertyRuns,
    )
  })

  test('an event changes nothing of the state that it continues', () => {
    const withoutVoids = anyLog.map((log) => log.filter(({ type }) => type !== 'event.voided'))
    fc.assert(
      fc.property(withoutVoids, (log) => {
        let state: FoldState | undefined
        for (const event of log.toSorted(compareEvents)) {
          const before = structuredClone(state)
          const after = evolveOrder(state, [event], shippedEnds)
          expect(state).toEqual(before)
          state = after
        }
      }),
      costlyPropertyRuns,
    )
  })

  test('evolving event by event gives what folding from scratch gives', () => {
    const withoutVoids = anyLog.map((log) => log.filter(({ type }) => type !== 'event.voided'))
    fc.assert(
      fc.property(withoutVoids, (log) => {
        let state: FoldState | undefined
        for (const event of log.toSorted(compareEvents)) {
          expect(state === undefined || canAppend(state, event)).toBe(true)
          state = evolveOrder(state, [event], shippedEnds)
        }
        expect(state).toEqual(foldOrder('SO-1', log, shippedEnds))
      }),
      propertyRuns,
    )
  })

  test('a server that appends where it may and refolds otherwise stands where a rebuilt one stands', () => {
    fc.assert(
      fc.property(anyLog, (log) => {
        expect(liveState(log, shippedEnds)).toEqual(foldOrder('SO-1', log, shippedEnds))
      }),
      propertyRuns,
    )
  })

  test('a state that was stored as JSON goes on as if it had stayed in memory', () => {
    fc.assert(
      fc.property(anyLog, fc.nat(30), (log, cut) => {
        const sorted = log.toSorted(compareEvents).filter((event) => event.type !== 'event.voided')
        const before = foldOrder('SO-1', sorted.slice(0, cut), shippedEnds)
        let state = before && (JSON.parse(JSON.stringify(before)) as FoldState)
        for (const event of sorted.slice(cut)) state = evolveOrder(state, [event], shippedEnds)
        expect(state).toEqual(foldOrder('SO-1', sorted, shippedEnds))
      }),
      propertyRuns,
    )
  })

  test('voiding events is the same as never having had them', () => {
    const types = eventTypes.filter((type) => type !== 'event.voided')
    fc.assert(
      fc.property(orderLog('SO-1', types), fc.nat(30), fc.nat(40), (log, cut, voidedAt) => {
        const voids = log.slice(0, cut).map(({ source, id }, i): OrderEvent => ({
          source: 'desk',
          id: `v${i}`,
          type: 'event.voided',
          order: 'SO-1',
          occurredAt: voidedAt,
          data: { source, id },
        }))
        const left = foldOrder('SO-1', log.slice(cut), shippedEnds)
        expect(foldOrder('SO-1', [...voids, ...log], shippedEnds)).toEqual(left)
      }),
      propertyRuns,
    )
  })
})

describe('visits against a plainer reckoning', () => {
  test('a log of arrivals gives a visit per change of stage', () => {
    fc.assert(
      fc.property(orderLog('SO-1', ['stage.entered']), (log) => {
        const state = foldOrder('SO-1', log, nothingEnds)
        expect(countedVisits(state)).toEqual(naiveEntered(log.toSorted(compareEvents)))
      }),
      propertyRuns,
    )
  })

  test('a log of completions gives a visit per row, and their dwell adds up to the time that passed', () => {
    fc.assert(
      fc.property(orderLog('SO-1', ['stage.completed']), (log) => {
        const sorted = log.toSorted(compareEvents)
        const visits = countedVisits(foldOrder('SO-1', log, nothingEnds))
        expect(visits).toEqual(naiveCompleted(sorted))
        const elapsedMs = (sorted.at(-1)?.occurredAt ?? 0) - (sorted[0]?.occurredAt ?? 0)
        expect(visits.reduce((sum, visit) => sum + (visit.dwellMs ?? 0), 0)).toBe(elapsedMs)
      }),
      propertyRuns,
    )
  })

  test('time on hold is counted instant by instant, in announced and in unannounced visits', () => {
    fc.assert(
      fc.property(
        orderLog('SO-1', ['stage.entered', 'stage.completed', 'order.held', 'order.held', 'order.resumed']),
        (log) => {
          const held = naiveHeldInstants(log.toSorted(compareEvents), 50)
          for (const visit of foldOrder('SO-1', log, nothingEnds)?.visits ?? []) {
            const until = visit.leftAt ?? visit.heldSince ?? 50
            expect(visit.heldMs).toBe(held.filter((t) => t >= visit.enteredAt && t < until).length)
          }
        },
      ),
      propertyRuns,
    )
  })

  test('visits never overlap, only the last is open, and no part of one is longer than itself', () => {
    fc.assert(
      fc.property(orderLog('SO-1'), (log) => {
        const state = foldOrder('SO-1', log, shippedEnds)
        if (state === undefined) return
        expect(state.visits.slice(0, -1).some(isOpen)).toBe(false)
        expect(state.status !== 'open' && state.visits.some(isOpen)).toBe(false)
        expect(state.endedAt === undefined).toBe(state.status === 'open')
        let reached = state.firstAt
        for (const [i, visit] of state.visits.entries()) {
          const until = visit.leftAt ?? state.lastEventAt
          expect(visit.enteredAt).toBeGreaterThanOrEqual(reached)
          expect(until).toBeGreaterThanOrEqual(visit.enteredAt)
          expect(visit.heldMs).toBeGreaterThanOrEqual(0)
          expect(visit.heldMs).toBeLessThanOrEqual(until - visit.enteredAt)
          const startedAt = visit.startedAt ?? visit.enteredAt
          expect(startedAt >= visit.enteredAt && startedAt <= until).toBe(true)
          expect(visit.nth).toBe(state.visits.slice(0, i + 1).filter(({ stage }) => stage === visit.stage).length)
          reached = until
        }
      }),
      propertyRuns,
    )
  })
})

describe('an order', () => {
  test('is unknown without events', () => {
    expect(foldOrder('SO-1', [], nothingEnds)).toBeUndefined()
  })

  test('is created by its first event, whatever that is', () => {
    const state = foldOrder('SO-1', eventLog(['position.reported', 7]), nothingEnds)
    expect(state).toMatchObject({ order: 'SO-1', status: 'open', visits: [], firstAt: 7, lastProgressAt: 7 })
  })

  test('is not touched by events of other orders', () => {
    const log = eventLog(
      ['stage.entered', 1, { stage: 'picking' }],
      ['stage.entered', 2, { stage: 'packing', order: 'SO-2' }],
      ['event.voided', 3, { order: 'SO-2', data: { source: 'erp', id: 'e1' } }],
    )
    expect(foldOrder('SO-1', log, nothingEnds)?.visits).toMatchObject([{ stage: 'picking' }])
  })

  test('counts complaints, and takes only what moves it on as progress', () => {
    const log = eventLog(
      ['stage.entered', 10, { stage: 'picking' }],
      ['order.held', 20],
      ['order.resumed', 30],
      ['complaint.filed', 40],
      ['complaint.filed', 50],
      ['order.changed', 60],
      ['note.added', 70],
      ['order.held', 80],
    )
    const state = foldOrder('SO-1', log, nothingEnds)
    expect(state).toMatchObject({ complaintCount: 2, lastProgressAt: 30, lastEventAt: 80, heldSince: 80 })
  })

  test('keeps of the positions of an hour the first and the last, in all of its open visits', () => {
    const minute = 60_000
    const reports = [20, 40, 59, 60, 61, 130, 200, 201].map((at): HistoryEntry => ['position.reported', at * minute])
    const activity = { data: { concurrent: true } }
    const log = eventLog(
      ['position.reported', 1],
      ['stage.entered', 10 * minute, { stage: 'transit', ...activity }],
      ['stage.entered', 10 * minute, { stage: 'billing', ...activity }],
      ...reports,
      ['stage.completed', 210 * minute, { stage: 'billing', ...activity }],
      ['position.reported', 220 * minute],
    )
    const state = foldOrder('SO-1', log, nothingEnds)
    const kept = [20, 59, 60, 61, 130, 200, 201].map((at) => at * minute)
    const shown = state?.visits.map(({ stage, positions }) => [stage, positions])
    expect(shown).toContainEqual(['billing', kept])
    expect(shown).toContainEqual(['transit', [...kept.slice(0, -1), 220 * minute]])
    expect(state?.lastProgressAt).toBe(210 * minute)
  })

  test('takes its attributes from any event that carries them, the latest word counting', () => {
    const log = eventLog(
      ['order.changed', 30, { data: { quantity: 4, customer: 'Birch' } }],
      ['order.placed', 10, { data: { quantity: 3, customer: 'Aster', promisedAt: 99, department: 'east' } }],
      ['stage.entered', 20, { stage: 'picking', data: { product: 'lamp', customer: 'Cedar', department: 'west' } }],
    )
    const state = foldOrder('SO-1', log, nothingEnds)
    const attributes = { quantity: 4, customer: 'Birch', promisedAt: 99, department: 'east', product: 'lamp' }
    expect(state?.attributes).toEqual(attributes)
    expect(state?.visits[0]?.department).toBe('west')
  })

  test('that is placed after its first stage event learns when, and has moved on', () => {
    const log = eventLog(['stage.entered', 10, { stage: 'picking' }], ['order.placed', 20, { data: { quantity: 3 } }])
    const state = foldOrder('SO-1', log, nothingEnds)
    expect(state).toMatchObject({ placedAt: 20, firstAt: 10, attributes: { quantity: 3 } })
    expect(state?.visits).toEqual([{ stage: 'picking', nth: 1, enteredAt: 10, heldMs: 0, progress: [20] }])
  })

  test('that is placed twice keeps the first instant', () => {
    expect(foldOrder('SO-1', eventLog(['order.placed', 20], ['order.placed', 10]), nothingEnds)?.placedAt).toBe(10)
  })
})
