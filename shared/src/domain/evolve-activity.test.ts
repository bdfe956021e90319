import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { foldOrder } from './fold-order.ts'
import { concurrentLog } from './testing/arbitrary-events.ts'
import { eventLog } from './testing/event-log.ts'
import type { HistoryEntry } from './testing/event-log.ts'
import { propertyRuns } from './testing/property-runs.ts'

const rules = { isTerminal: (stage: string) => stage === 'shipped' }

/** An event of an activity that does not affect the other stages. */
function told(type: 'entered' | 'started' | 'completed', stage: string, at: number, data = {}): HistoryEntry {
  return [`stage.${type}`, at, { stage, data: { concurrent: true, ...data } }]
}

/** An activity that is reported by a single event. */
function done(stage: string, from: number, to: number): HistoryEntry {
  return told('completed', stage, to, { enteredAt: from, startedAt: from })
}

function stateOf(...history: HistoryEntry[]) {
  return foldOrder('SO-1', eventLog(...history), rules)
}

/** Each visit as its stage, `nth`, and the times of entering, start of work and leaving. */
function visitsOf(...history: HistoryEntry[]) {
  const visits = stateOf(...history)?.visits ?? []
  return visits.map(({ stage, nth, enteredAt, startedAt, leftAt }) => [stage, nth, enteredAt, startedAt, leftAt])
}

describe('concurrent activities', () => {
  test('that tell when they began and ended have just that time, also where they overlap', () => {
    const history = [done('create', 0, 37), done('check', 120, 130), done('cut', 60, 180)]
    expect(visitsOf(...history)).toEqual([
      ['create', 1, 0, 0, 37],
      ['cut', 1, 60, 60, 180],
      ['check', 1, 120, 120, 130],
    ])
    expect(stateOf(...history)).toMatchObject({ firstAt: 0, lastEventAt: 180 })
  })

  test('begin and end by themselves; the order stands in the one that began last and goes on', () => {
    const history = [told('started', 'check', 0), told('started', 'call', 20)]
    expect(visitsOf(...history)).toEqual([['call', 1, 20, 20, undefined]])
    history.push(told('completed', 'check', 30))
    expect(visitsOf(...history)).toEqual([
      ['check', 1, 0, 0, 30],
      ['call', 1, 20, 20, undefined],
    ])
    expect(visitsOf(told('started', 'check', 0), told('started', 'call', 20), told('completed', 'call', 30))).toEqual([
      ['call', 1, 20, 20, 30],
      ['check', 1, 0, 0, undefined],
    ])
  })

  test('are one visit when they are announced again while at work, or the same instance is started again', () => {
    const again = [told('started', 'check', 0), told('entered', 'check', 10), told('completed', 'check', 20)]
    expect(visitsOf(...again)).toEqual([['check', 1, 0, 0, 20]])
    const named = { instance: 'a' }
    const twice = [told('started', 'check', 0, named), told('started', 'check', 10, named)]
    expect(visitsOf(...twice, told('completed', 'check', 20, named))).toEqual([['check', 1, 0, 0, 20]])
    // Without an instance, a second start begins a second activity.
    expect(visitsOf(told('started', 'check', 0), told('started', 'check', 10), told('completed', 'check', 20))).toEqual(
      [
        ['check', 1, 0, 0, 20],
        ['check', 2, 10, 10, undefined],
      ],
    )
  })

  test('stand in the order in which they began, what goes on at the end', () => {
    const history = [told('started', 'call', 5), done('create', 0, 10), done('check', 20, 30), done('cut', 25, 35)]
    expect(visitsOf(...history).map(([stage]) => stage)).toEqual(['create', 'check', 'cut', 'call'])
  })

  test('wait from when they are announced, and are one visit with their work', () => {
    const history = [told('entered', 'check', 0), told('started', 'check', 60), told('completed', 'check', 120)]
    expect(visitsOf(...history)).toEqual([['check', 1, 0, 60, 120]])
  })

  test('of one stage are paired by their instance, or else the one that began first ends first', () => {
    const begun = [told('started', 'call', 0), told('started', 'call', 10)]
    expect(visitsOf(...begun, told('completed', 'call', 20), told('completed', 'call', 40))).toEqual([
      ['call', 1, 0, 0, 20],
      ['call', 2, 10, 10, 40],
    ])
    const [a, b] = [{ instance: 'a' }, { instance: 'b' }]
    const named = [told('started', 'call', 0, a), told('started', 'call', 10, b), told('completed', 'call', 20, b)]
    expect(visitsOf(...named, told('completed', 'call', 40, a))).toEqual([
      ['call', 1, 0, 0, 40],
      ['call', 2, 10, 10, 20],
    ])
  })

  test('that are at work and are told of once more, with their end, are the same visit', () => {
    expect(visitsOf(told('started', 'cut', 10), done('check', 20, 30), done('cut', 10, 50))).toEqual(
      visitsOf(done('check', 20, 30), done('cut', 10, 50)),
    )
  })

  test('that were suspended stop the clock until work goes on anywhere in the order', () => {
    const suspended: HistoryEntry = ['order.held', 10, { data: { concurrent: true } }]
    const state = stateOf(told('started', 'check', 0), suspended, told('completed', 'check', 30))
    expect(state).toMatchObject({ holds: [{ from: 10, to: 30 }], visits: [{ leftAt: 30, heldMs: 20 }] })
    expect(state).not.toHaveProperty('heldSince')
    const held: HistoryEntry = ['order.held', 10]
    expect(stateOf(told('started', 'check', 0), held, told('completed', 'check', 30))).toMatchObject({ heldSince: 10 })
  })

  test('that are withdrawn count in no duration, and are no visit when they had not begun', () => {
    const withdrawn = told('completed', 'check', 30, { abandoned: true })
    expect(stateOf(told('entered', 'check', 0), withdrawn)?.visits).toMatchObject([{ leftAt: 30, cancelled: true }])
    expect(stateOf(done('cut', 0, 10), withdrawn)?.visits).toHaveLength(1)
  })

  test('that end without saying which one are those at work, before those that only wait', () => {
    const [a, b] = [{ instance: 'a' }, { instance: 'b' }]
    const begun = [told('entered', 'call', 0, a), told('started', 'call', 10, b)]
    expect(visitsOf(...begun, told('completed', 'call', 20))).toEqual([
      ['call', 1, 10, 10, 20],
      // Counted after those that have ended.
      ['call', 2, 0, undefined, undefined],
    ])
    expect(visitsOf(told('entered', 'call', 0), told('completed', 'call', 20))).toEqual([['call', 1, 0, undefined, 20]])
  })

  test('end with the order when the terminal one is completed, or an event says where the order is', () => {
    const begun = [told('started', 'check', 0), told('started', 'shipped', 10)]
    expect(stateOf(...begun)).toMatchObject({ status: 'open' })
    expect(stateOf(...begun, told('completed', 'shipped', 30))).toMatchObject({
      status: 'completed',
      visits: [
        { stage: 'check', leftAt: 30 },
        { stage: 'shipped', leftAt: 30 },
      ],
    })
    const moved = visitsOf(told('started', 'check', 0), told('started', 'call', 10), [
      'stage.entered',
      40,
      { stage: 'x' },
    ])
    expect(moved).toEqual([
      ['check', 1, 0, 0, 40],
      ['call', 1, 10, 10, 40],
      ['x', 1, 40, undefined, undefined],
    ])
  })

  test('have visits in the order of entering but for the open one, and each stage counts its own', () => {
    fc.assert(
      fc.property(concurrentLog('SO-1'), (log) => {
        const visits = foldOrder('SO-1', log, rules)?.visits ?? []
        const ended = visits.filter(({ leftAt }) => leftAt !== undefined)
        expect(visits.slice(0, -1).every(({ leftAt }) => leftAt !== undefined)).toBe(true)
        expect(ended.map(({ enteredAt }) => enteredAt)).toEqual(
          ended.map(({ enteredAt }) => enteredAt).toSorted((a, b) => a - b),
        )
        for (const ofStage of Map.groupBy(visits, ({ stage }) => stage).values())
          expect(ofStage.map(({ nth }) => nth)).toEqual(ofStage.map((_, i) => i + 1))
        for (const { enteredAt, startedAt = enteredAt, leftAt = Infinity, heldMs } of visits) {
          expect(startedAt).toBeGreaterThanOrEqual(enteredAt)
          expect(leftAt).toBeGreaterThanOrEqual(startedAt)
          expect(heldMs).toBeLessThanOrEqual(leftAt - enteredAt)
        }
      }),
      propertyRuns,
    )
  })
})
