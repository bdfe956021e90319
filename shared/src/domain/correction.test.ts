import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { correctionOf, correctedCells, correctedSpans } from './correction.ts'
import { foldOrder } from './fold-order.ts'
import type { StageVisit } from './stage-visit.ts'
import { orderLog } from './testing/arbitrary-events.ts'
import { propertyRuns } from './testing/property-runs.ts'

const hourMs = 3_600_000
const rules = { isTerminal: () => false }
const visit = (stage: string, enteredAt: number, leftAt?: number): StageVisit => ({
  stage,
  nth: 1,
  enteredAt: enteredAt * hourMs,
  heldMs: 0,
  ...(leftAt !== undefined && { leftAt: leftAt * hourMs }),
})

const way = (visits: readonly StageVisit[], department = 'store') => ({ visits, attributes: { department } })

test('an order that had left a stage earlier moves the hours of its leaving and what was open between', () => {
  const before = [visit('picking', 0, 5.5), visit('packing', 5.5)]
  const after = [visit('picking', 0, 3.5), visit('packing', 3.5)]
  const correction = correctionOf(way(before), way(after))!
  expect(correctedCells(correction)).toEqual([
    { stage: 'picking', hourAt: 5 * hourMs, visits: -1, dwellMs: -5.5 * hourMs },
    { stage: 'picking', hourAt: 3 * hourMs, visits: 1, dwellMs: 3.5 * hourMs },
  ])
  expect(correctedSpans(correction)).toEqual([
    { stage: 'picking', from: 3.5 * hourMs, to: 5.5 * hourMs, open: -1 },
    { stage: 'packing', from: 3.5 * hourMs, to: 5.5 * hourMs, open: 1 },
  ])
})

test('a way that is the same moves nothing', () => {
  const [before, after] = [visit('picking', 0, 1), { ...visit('picking', 0, 1), owner: 'Li' }]
  expect(correctionOf(way([before]), way([after]))).toBeUndefined()
})

test('a visit that belongs to another department now is taken from the one and given to the other', () => {
  const visits = [visit('picking', 0, 1)]
  expect(correctionOf(way(visits, 'store'), way(visits, 'fleet'))).toMatchObject({
    removed: [{ department: 'store' }],
    added: [{ department: 'fleet' }],
  })
})

test('a correction is the difference between the figures before and after', () => {
  fc.assert(
    fc.property(orderLog('SO-1'), fc.nat(30), (log, kept) => {
      const spread = log.map((event) => ({ ...event, occurredAt: event.occurredAt * (hourMs / 2) }))
      const before = foldOrder('SO-1', spread.slice(0, kept), rules)?.visits ?? []
      const after = foldOrder('SO-1', spread, rules)?.visits ?? []
      const correction = correctionOf(way(before), way(after)) ?? { removed: [], added: [] }
      const cells = correctedCells(correction)
      const spans = correctedSpans(correction)
      for (const stage of ['picking', 'packing', 'labelling', 'shipped'])
        for (let hour = 0; hour <= 20; hour++) {
          const cell = cells.find(({ stage: of, hourAt }) => of === stage && hourAt === hour * hourMs)
          expect(cell?.visits ?? 0).toBe(leftIn(after, stage, hour) - leftIn(before, stage, hour))
          const at = hour * hourMs + 1
          const moved = spans.filter(({ stage: of, from, to = Infinity }) => of === stage && from <= at && at < to)
          const difference = openAt(after, stage, at) - openAt(before, stage, at)
          expect(moved.reduce((sum, { open }) => sum + open, 0)).toBe(difference)
        }
    }),
    propertyRuns,
  )
})

function leftIn(visits: readonly StageVisit[], stage: string, hour: number): number {
  const left = visits.filter(({ stage: of, leftAt, cancelled }) => of === stage && leftAt !== undefined && !cancelled)
  return left.filter(({ leftAt = 0 }) => Math.floor(leftAt / hourMs) === hour).length
}

function openAt(visits: readonly StageVisit[], stage: string, at: number): number {
  return visits.filter(({ stage: of, enteredAt, leftAt = Infinity }) => of === stage && enteredAt <= at && at < leftAt)
    .length
}

describe('visits that count differently', () => {
  const wayOf = (...visits: StageVisit[]) => ({ visits, attributes: {} })
  const stay = (stage: string, enteredAt: number, leftAt: number, rest: Partial<StageVisit> = {}): StageVisit => {
    return { stage, nth: 1, enteredAt, leftAt, heldMs: 0, ...rest }
  }

  test.each([
    ['in their stage', stay('packing', 0, 10)],
    ['as the first of their stage', stay('picking', 0, 10, { nth: 2 })],
    ['as cancelled', stay('picking', 0, 10, { cancelled: true })],
    ['from an earlier instant on', stay('picking', -1, 10)],
    ['until a later instant', stay('picking', 0, 11)],
    ['for a department', stay('picking', 0, 10, { department: 'east' })],
  ])('are corrected %s', (_, after) => {
    const { heldMs: _held, ...added } = after
    expect(correctionOf(wayOf(stay('picking', 0, 10)), wayOf(after))).toEqual({
      removed: [{ stage: 'picking', nth: 1, enteredAt: 0, leftAt: 10 }],
      added: [added],
    })
  })

  test('are not those that were only repeated one more time', () => {
    const repeated = (nth: number) => wayOf(stay('picking', 0, 10, { nth }))
    expect(correctionOf(repeated(2), repeated(3))).toBeUndefined()
  })

  test('are as many as one state has more of than the other', () => {
    const same = stay('picking', 5, 5)
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((stage) => stay(stage, 5, 9))
    const found = correctionOf(wayOf(a!, same, same, same, b!), wayOf(c!, same, same, d!))
    expect(found?.removed.map(({ stage }) => stage)).toEqual(['a', 'picking', 'b'])
    expect(found?.added.map(({ stage }) => stage)).toEqual(['c', 'd'])
  })

  test('leave a cell as it was when the same time was spent in the same hour', () => {
    const found = correctionOf(wayOf(stay('picking', 0, 10)), wayOf(stay('picking', 1, 11)))
    expect(correctedCells(found!)).toEqual([])
    const longer = correctionOf(wayOf(stay('picking', 0, 10)), wayOf(stay('picking', 0, 11)))
    expect(correctedCells(longer!)).toEqual([{ stage: 'picking', hourAt: 0, visits: 0, dwellMs: 1 }])
  })

  test.each([
    [['a', 'b', 'c', 'd', 'e'], ['a', 'X', 'c', 'd', 'e'], ['b'], ['X']],
    [['a', 'b', 'd', 'e'], ['a', 'b', 'c', 'd', 'e'], [], ['c']],
    [['a', 'b', 'c', 'd'], ['a', 'X', 'c'], ['b', 'd'], ['X']],
    [['a', 'X', 'c'], ['a', 'b', 'c', 'd'], ['X'], ['b', 'd']],
    [['a', 'b'], ['a', 'b', 'a', 'b'], [], ['a', 'b']],
  ])('between %j and %j are %j and %j', (was, is, removed, added) => {
    const stays = (stages: readonly string[]) => wayOf(...stages.map((stage) => stay(stage, 5, 9)))
    const found = correctionOf(stays(was), stays(is))
    expect(found?.removed.map(({ stage }) => stage)).toEqual(removed)
    expect(found?.added.map(({ stage }) => stage)).toEqual(added)
  })
})
