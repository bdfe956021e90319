import { foldOrder } from '@stagewatch/shared/domain/fold-order.ts'
import { eventLog } from '@stagewatch/shared/domain/testing/event-log.ts'
import type { HistoryEntry } from '@stagewatch/shared/domain/testing/event-log.ts'
import { describe, expect, it } from 'vitest'
import { completionOf, Completions, signedDayOf } from './completions.ts'
import type { Completion } from './completions.ts'

function folded(...history: HistoryEntry[]) {
  return foldOrder('SO-1', eventLog(...history), { isTerminal: () => false })!
}

describe('an order', () => {
  const placed: HistoryEntry = ['order.placed', 100, { data: { promisedAt: 500 } }]

  it('that was signed took the time since it was placed, and is on time up to the promised instant', () => {
    const signedAt = (at: number) => completionOf(folded(placed, ['order.completed', at]))
    expect(signedAt(500)).toEqual({ endedAt: 500, leadMs: 400, onTime: true })
    expect(signedAt(501)).toEqual({ endedAt: 501, leadMs: 401, onTime: false })
  })

  it('to which no date was promised is neither on time nor late', () => {
    const order = folded(['order.placed', 100], ['order.completed', 130])
    expect(completionOf(order)).toEqual({ endedAt: 130, leadMs: 30, onTime: undefined })
  })

  it('that is open or cancelled is not counted as signed', () => {
    expect(completionOf(folded(placed))).toBeUndefined()
    expect(completionOf(folded(placed, ['order.cancelled', 200]))).toBeUndefined()
  })
})

function signed(endedAt: number, leadMs: number, onTime?: boolean): Completion {
  return { endedAt, leadMs, onTime }
}

describe('the orders signed on a day', () => {
  it('are counted by what was promised, with their lead times from the shortest on', () => {
    const day = signedDayOf([signed(1, 30, true), signed(2, 10, false), signed(3, 200), signed(4, 20, true)])
    expect(day).toEqual({ signed: 4, promised: 3, onTime: 2, leadTimesMs: Float64Array.of(10, 20, 30, 200) })
  })

  it('change with every order that is added or removed after they were read', () => {
    const completions = new Completions()
    const [first, second] = [signed(1_001, 50, true), signed(1_002, 40, false)]
    completions.add(1_000, first)
    expect(completions.of(1_000)).toMatchObject({ signed: 1, onTime: 1 })
    completions.add(1_000, second)
    expect(completions.of(1_000)).toMatchObject({ signed: 2, promised: 2, onTime: 1 })
    completions.remove(1_000, first)
    expect(completions.of(1_000)).toMatchObject({ signed: 1, promised: 1, onTime: 0 })
    completions.remove(1_000, second)
    completions.remove(2_000, second)
    expect(completions.of(1_000)).toMatchObject({ signed: 0, promised: 0, onTime: 0 })
  })
})

describe('the lead time', () => {
  const days = [3_000, 2_000, 1_000]
  const completions = new Completions()
  completions.add(1_000, signed(1_000, 7))
  completions.add(1_000, signed(1_500, 5))
  completions.add(1_000, signed(1_501, 90))
  completions.add(2_000, signed(2_000, 30))
  completions.add(2_000, signed(2_999, 10))

  it('is that of the orders signed after an instant, which may be within a day', () => {
    expect(completions.leadTime(days, 1_499)).toEqual({ count: 4, medianMs: 10 })
    expect(completions.leadTime(days, 1_500)).toEqual({ count: 3, medianMs: 30 })
  })

  it('leaves out an order signed at the instant itself, also where a day begins with it', () => {
    expect(completions.leadTime(days, 999)).toEqual({ count: 5, medianMs: 10 })
    expect(completions.leadTime(days, 1_000)).toEqual({ count: 4, medianMs: 10 })
    expect(completions.leadTime(days, 2_000)).toEqual({ count: 1, medianMs: 10 })
  })

  it('is unknown when no order was signed', () => {
    expect(completions.leadTime(days, 2_999)).toEqual({ count: 0, medianMs: undefined })
    expect(completions.leadTime([4_000], 0)).toEqual({ count: 0, medianMs: undefined })
  })
})
