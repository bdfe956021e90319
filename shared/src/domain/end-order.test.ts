import { describe, expect, test } from 'vitest'
import { foldOrder } from './fold-order.ts'
import { isFinished } from './stage-visit.ts'
import { alwaysOpen } from './time/always-open.ts'
import { clockMs, holdsDuring } from './visit-clock.ts'
import { eventLog } from './testing/event-log.ts'
import type { HistoryEntry } from './testing/event-log.ts'

const rules = { isTerminal: (stage: string) => stage === 'signed' }
const picking = { stage: 'picking' }
const packing = { stage: 'packing' }

function fold(...history: HistoryEntry[]) {
  return foldOrder('SO-1', eventLog(...history), rules)
}

describe('a hold', () => {
  test('stops the clock of the visit until it is resumed', () => {
    const state = fold(['stage.entered', 10, picking], ['order.held', 20], ['order.resumed', 50])
    expect(state?.heldSince).toBeUndefined()
    expect(state?.visits[0]).toEqual({ stage: 'picking', nth: 1, enteredAt: 10, heldMs: 30 })
    expect(clockMs(state!.visits[0]!, holdsDuring(state!, state!.visits[0]!), alwaysOpen, 60)).toBe(20)
  })

  test('that goes on stands in the visit and in the order', () => {
    const state = fold(['stage.entered', 10, picking], ['order.held', 20])
    expect(state).toMatchObject({ heldSince: 20, visits: [{ heldSince: 20, heldMs: 0 }] })
    expect(clockMs(state!.visits[0]!, holdsDuring(state!, state!.visits[0]!), alwaysOpen, 60)).toBe(10)
  })

  test('while on hold changes only the reason', () => {
    const state = fold(
      ['stage.entered', 10, picking],
      ['order.held', 20, { data: { reason: 'a' } }],
      ['order.held', 30, { data: { reason: 'b' } }],
    )
    expect(state?.visits[0]).toMatchObject({ heldSince: 20, reason: 'b' })
  })

  test('goes on across stages, each visit counting its part', () => {
    const state = fold(
      ['stage.entered', 10, picking],
      ['order.held', 20],
      ['stage.entered', 30, packing],
      ['order.resumed', 45],
      ['stage.completed', 50, packing],
    )
    expect(state?.visits.map(({ heldMs }) => heldMs)).toEqual([10, 15])
    expect(state?.visits.every(({ heldSince }) => heldSince === undefined)).toBe(true)
  })

  test('that the order brings into a stage stops the clock there from the start', () => {
    const state = fold(['stage.entered', 10, picking], ['order.held', 20], ['stage.entered', 30, packing])
    expect(state?.heldSince).toBe(20)
    expect(state?.visits[1]).toEqual({ stage: 'packing', nth: 1, enteredAt: 30, heldMs: 0, heldSince: 30 })
    expect(clockMs(state!.visits[1]!, holdsDuring(state!, state!.visits[1]!), alwaysOpen, 60)).toBe(0)
  })

  test('between stages counts in the visit that a completion records afterwards', () => {
    const state = fold(
      ['stage.completed', 10, picking],
      ['order.held', 20],
      ['order.resumed', 25],
      ['order.held', 40],
      ['stage.completed', 50, packing],
    )
    expect(state?.visits[1]).toMatchObject({ enteredAt: 10, leftAt: 50, heldMs: 15 })
    expect(state?.heldSince).toBe(40)
  })

  test('ends with the order, and one after the end does not begin', () => {
    const state = fold(
      ['stage.entered', 10, picking],
      ['order.held', 20],
      ['order.completed', 30],
      ['order.held', 40],
      ['stage.entered', 50, packing],
    )
    expect(state?.heldSince).toBeUndefined()
    expect(state?.visits).toMatchObject([{ heldMs: 10 }, { heldMs: 0 }])
  })

  test('that is resumed without having begun changes nothing', () => {
    expect(fold(['stage.entered', 10, picking], ['order.resumed', 20])?.visits[0]?.heldMs).toBe(0)
  })
})

describe('the end of an order', () => {
  test('closes the open visit when it is completed', () => {
    const state = fold(['stage.entered', 10, picking], ['order.completed', 30])
    expect(state).toMatchObject({ status: 'completed', endedAt: 30, visits: [{ leftAt: 30 }] })
    expect(state!.visits.every(isFinished)).toBe(true)
  })

  test('marks the open visit when it is cancelled, so that it counts in no duration', () => {
    const state = fold(['stage.entered', 10, picking], ['stage.entered', 20, packing], ['order.cancelled', 30])
    expect(state).toMatchObject({ status: 'cancelled', endedAt: 30 })
    expect(state!.visits.map(isFinished)).toEqual([true, false])
    expect(state!.visits[1]).toMatchObject({ leftAt: 30, cancelled: true })
  })

  test('of the same kind again is not heard', () => {
    const state = fold(['stage.entered', 10, picking], ['order.completed', 30], ['order.completed', 40])
    expect(state?.endedAt).toBe(30)
  })

  test('of another kind replaces the first, and the visits stay as they are', () => {
    const state = fold(['stage.entered', 10, picking], ['order.completed', 30], ['order.cancelled', 40])
    expect(state).toMatchObject({ status: 'cancelled', endedAt: 40, visits: [{ leftAt: 30 }] })
    expect(state!.visits.every(isFinished)).toBe(true)
  })

  test('is undone and counted by a stage event that comes later', () => {
    const state = fold(
      ['stage.entered', 10, picking],
      ['order.completed', 30],
      ['stage.entered', 40, picking],
      ['order.cancelled', 50],
      ['stage.started', 60, packing],
    )
    expect(state).toMatchObject({ status: 'open', reopenedCount: 2 })
    expect(state?.endedAt).toBeUndefined()
    expect(state?.visits).toMatchObject([{ nth: 1, leftAt: 30 }, { nth: 2, cancelled: true }, { stage: 'packing' }])
  })

  test('is not undone by a stage event that only arrives later', () => {
    const state = fold(['order.completed', 30], ['stage.entered', 10, picking])
    expect(state).toMatchObject({ status: 'completed', reopenedCount: 0, visits: [{ leftAt: 30 }] })
  })

  test('is undone by the terminal stage when another event had ended the order', () => {
    const state = fold(['order.cancelled', 30], ['stage.entered', 40, { stage: 'signed' }])
    expect(state).toMatchObject({ status: 'completed', endedAt: 40, reopenedCount: 1 })
  })
})
