import type { OrderVisit } from '@stagewatch/shared/contract/orders.ts'
import { describe, expect, it } from 'vitest'
import { deviationMs, hasClosedTime, timelineLayout } from './timeline-layout.ts'

const hourMs = 3_600_000
/** In the local time zone, like the ticks. */
const start = new Date(2026, 10, 2, 8).getTime()
const at = (hours: number): number => start + hours * hourMs

interface Stay {
  readonly from: number
  /** Undefined: the order is still in the stage. */
  readonly to?: number
  readonly worked: number
  readonly held?: number
  readonly more?: Partial<OrderVisit>
}

/** All values in hours since the start. */
function stay({ from, to, worked, held = 0, more }: Stay): OrderVisit {
  const clocks = (ms: number) => ({ elapsedMs: ms, workingMs: ms })
  return {
    stage: 'cut',
    name: { zh: '裁剪', en: 'Cutting' },
    nth: 1,
    enteredAt: at(from),
    ...(to !== undefined && { leftAt: at(to) }),
    elapsedMs: worked * hourMs,
    workingMs: worked * hourMs,
    heldMs: held * hourMs,
    times: { held: clocks(held * hourMs), waiting: clocks(0), working: clocks(0), unsaid: clocks(0) },
    waits: [],
    overdueBy: [],
    ...more,
  }
}

const limit = (hours: number, dueAt: number | undefined, overdue: number): Partial<OrderVisit> => ({
  targetMs: hours * hourMs,
  overdueMs: overdue * hourMs,
  ...(dueAt !== undefined && { dueAt: at(dueAt) }),
})
/** Six hours in a stage with a limit of four, then four hours in one with a limit of eight, one of them on hold. */
const late = stay({ from: 0, to: 6, worked: 6, more: limit(4, 4, 2) })
const current = stay({ from: 6, worked: 4, held: 1, more: limit(8, 15, 0) })
const open = { visits: [late, current], status: 'open' as const, asOf: at(10) }
/** A span in hours on an axis of the given length. */
const span = (from: number, to: number, length: number) => ({
  from: expect.closeTo(from / length, 9) as number,
  to: expect.closeTo(to / length, 9) as number,
})
const hoursOf = (ticks: readonly { readonly value: number }[] = [], from = start) =>
  ticks.map(({ value }) => (value - from) / hourMs)

describe('a timeline by the calendar', () => {
  it('reaches from the first stay to the last limit, and an eighth further', () => {
    const layout = timelineLayout(open, 'calendar')
    const length = 15 * 1.12
    expect(layout?.rows.map(({ actual, beyond, plan }) => ({ actual, beyond, plan }))).toEqual([
      { actual: span(0, 4, length), beyond: span(4, 6, length), plan: span(0, 4, length) },
      { actual: span(6, 10, length), beyond: undefined, plan: span(6, 15, length) },
    ])
    expect(layout?.nowAt).toBeCloseTo(10 / length, 9)
    expect(layout?.promiseAt).toBeUndefined()
  })

  it('has its ticks at full hours of the reader, as far apart as leaves room for them', () => {
    const layout = timelineLayout(open, 'calendar')
    // From eight o'clock to a quarter to one: 9, 12, 15, 18, 21 and 24 o'clock.
    expect(hoursOf(layout?.ticks)).toEqual([1, 4, 7, 10, 13, 16])
    expect(layout?.isDaily).toBe(false)
    expect(layout?.ticks[1]?.at).toBeCloseTo(4 / (15 * 1.12), 9)
  })

  it('has its ticks at midnights where it takes days', () => {
    const layout = timelineLayout({ ...open, visits: [stay({ from: 0, worked: 240 })], asOf: at(240) }, 'calendar')
    const dates = layout?.ticks.map(({ value }) => new Date(value))
    // Eleven days and five hours, two days apart.
    expect(dates?.map((date) => [date.getDate(), date.getHours()])).toEqual([
      [4, 0],
      [6, 0],
      [8, 0],
      [10, 0],
      [12, 0],
    ])
    expect(layout?.isDaily).toBe(true)
  })

  it('shows a promise that is no further away than three times what has passed', () => {
    const length = 40 * 1.12
    const near = timelineLayout({ ...open, promisedAt: at(40) }, 'calendar')
    expect(near?.promiseAt).toBeCloseTo(40 / length, 9)
    expect(near?.rows[0]?.actual).toEqual(span(0, 4, length))
    expect(timelineLayout({ ...open, promisedAt: at(41) }, 'calendar')?.promiseAt).toBeUndefined()
  })

  it('says nothing of now once the order has ended', () => {
    const ended = { visits: [late], status: 'completed' as const, endedAt: at(6), asOf: at(500) }
    const layout = timelineLayout(ended, 'calendar')
    expect(layout?.nowAt).toBeUndefined()
    expect(layout?.rows[0]?.beyond).toEqual(span(4, 6, 6 * 1.12))
  })

  it('leaves a limit out where its instant is not known', () => {
    // One hour on hold moves the limit of the day by an hour; with closed time, the limit cannot be placed.
    const kept = stay({ from: 0, to: 10, worked: 10, held: 1, more: { targetMs: 12 * hourMs } })
    const order = { ...open, visits: [kept], status: 'completed' as const }
    expect(timelineLayout(order, 'calendar')?.rows[0]?.plan).toEqual(span(0, 13, 13 * 1.12))
    const closed = { ...order, visits: [{ ...kept, elapsedMs: 20 * hourMs }] }
    expect(timelineLayout(closed, 'calendar')?.rows[0]?.plan).toBeUndefined()
    const byPromise = { ...order, visits: [{ ...kept, byPromise: true as const }] }
    expect(timelineLayout(byPromise, 'calendar')?.rows[0]?.plan).toBeUndefined()
  })
})

describe('a timeline by working time', () => {
  it('sets one stay behind the other, without nights and without time between stages', () => {
    const night = 14 * hourMs
    const visits = [late, { ...current, enteredAt: current.enteredAt + night, elapsedMs: current.elapsedMs + night }]
    const layout = timelineLayout({ ...open, visits }, 'working')
    // The limit of the second: six hours before it, eight of its own and one on hold.
    const length = 15 * 1.12
    expect(layout?.rows.map(({ actual, beyond, plan }) => ({ actual, beyond, plan }))).toEqual([
      { actual: span(0, 4, length), beyond: span(4, 6, length), plan: span(0, 4, length) },
      { actual: span(6, 10, length), beyond: undefined, plan: span(6, 15, length) },
    ])
    expect(layout?.nowAt).toBeCloseTo(10 / length, 9)
    expect(hoursOf(layout?.ticks, 0)).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16])
  })

  it('has no place for a promise, nor for now between two stages', () => {
    const layout = timelineLayout({ ...open, visits: [late], promisedAt: at(12) }, 'working')
    expect([layout?.promiseAt, layout?.nowAt]).toEqual([undefined, undefined])
  })
})

describe('an order', () => {
  it('that has been in no stage has no timeline', () => {
    expect(timelineLayout({ ...open, visits: [] }, 'calendar')).toBeUndefined()
    expect(timelineLayout({ ...open, visits: [] }, 'working')).toBeUndefined()
  })

  it('is past its limit by what the server says, or short of it by what is left without holds', () => {
    expect(deviationMs(late)).toBe(2 * hourMs)
    expect(deviationMs(current)).toBe(-5 * hourMs)
    expect(deviationMs(stay({ from: 0, worked: 3 }))).toBeUndefined()
    expect(deviationMs({ ...current, byPromise: true })).toBeUndefined()
    expect(deviationMs({ ...current, byCutOff: true })).toBeUndefined()
  })

  it('has two clocks where a calendar closes for more than a minute', () => {
    expect(hasClosedTime([late, current])).toBe(false)
    expect(hasClosedTime([late, { ...current, elapsedMs: current.workingMs + 60_001 }])).toBe(true)
  })
})
