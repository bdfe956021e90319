import { describe, expect, it, test } from 'vitest'
import { alwaysOpen } from './time/always-open.ts'
import { calendarOf } from './time/calendar-of.ts'
import { plantCalendar } from './time/testing/plant-calendar.ts'
import { clockInstant, clockMs, holdsDuring, workedBetweenHolds } from './visit-clock.ts'

const visit = { enteredAt: 100 }
const breach = (...holds: readonly (readonly [number, number])[]) =>
  clockInstant(
    visit,
    holds.map(([from, to]) => ({ from, to })),
    alwaysOpen,
    50,
  )

describe('the instant at which a clock shows its target', () => {
  it('is a target after entering', () => {
    expect(breach()).toBe(150)
  })

  it('moves by a hold before it, and by one that only the moved instant lies behind', () => {
    expect(breach([120, 140])).toBe(170)
    expect(breach([120, 140], [160, 165])).toBe(175)
  })

  it('stays where it was when the order is held after it, or at that very instant', () => {
    expect(breach([180, 300])).toBe(150)
    expect(breach([150, 300])).toBe(150)
  })

  it('counts of a hold only what lies within the visit', () => {
    expect(breach([20, 110])).toBe(160)
    expect(breach([20, 90])).toBe(150)
  })

  it('does not come while a hold goes on that began before it', () => {
    expect(breach([120, Infinity])).toBeUndefined()
    expect(breach([150, Infinity])).toBe(150)
  })
})

describe('a visit that begins outside of working hours', () => {
  const office = calendarOf(plantCalendar({}))
  const at = (time: string) => Date.parse(`2026-06-${time}+08:00`)
  const saturday = { enteredAt: at('06T15:00') }

  it('is counted from the next start of work on, by as much as any other', () => {
    expect(clockMs(saturday, [], office, at('08T08:00'))).toBe(0)
    expect(clockMs(saturday, [], office, at('08T09:30'))).toBe(1.5 * 3_600_000)
    expect(clockInstant(saturday, [], office, 8 * 3_600_000)).toBe(at('08T17:00'))
  })

  it('loses nothing to a hold that is over before work starts', () => {
    const holds = [{ from: at('06T16:00'), to: at('07T20:00') }]
    expect(clockMs(saturday, holds, office, at('08T10:00'))).toBe(2 * 3_600_000)
    expect(clockInstant(saturday, holds, office, 8 * 3_600_000)).toBe(at('08T17:00'))
  })

  it('is put off by a hold over a weekend by the working hours of it alone', () => {
    const friday = { enteredAt: at('05T13:00') }
    const holds = [{ from: at('05T16:00'), to: at('08T09:00') }]
    expect(clockMs(friday, holds, office, at('08T10:00'))).toBe(4 * 3_600_000)
    expect(clockInstant(friday, holds, office, 4 * 3_600_000)).toBe(at('08T10:00'))
  })
})

it('a clock shows the time since entering without holds, up to leaving', () => {
  const order = {
    holds: [
      { from: 40, to: 60 },
      { from: 120, to: 140 },
    ],
    heldSince: 170,
  }
  const holds = holdsDuring(order, visit)
  expect(holds).toEqual([
    { from: 120, to: 140 },
    { from: 170, to: Infinity },
  ])
  expect(clockMs(visit, holds, alwaysOpen, 130)).toBe(20)
  expect(clockMs(visit, holds, alwaysOpen, 160)).toBe(40)
  expect(clockMs(visit, holds, alwaysOpen, 900)).toBe(50)
  expect(clockMs({ ...visit, leftAt: 160 }, holds, alwaysOpen, 900)).toBe(40)
})

it('a visit has to do with the holds that lie within it in part, and with no others', () => {
  const holds = [10, 20, 30, 40].map((from) => ({ from, to: from + 10 }))
  const during = (
    span: { enteredAt: number; leftAt?: number },
    more: { heldSince?: number; heldUntil?: number } = {},
  ) => holdsDuring({ holds, ...more }, span).map(({ from, to }) => [from, to])
  expect(during({ enteredAt: 20, leftAt: 40 })).toEqual([
    [20, 30],
    [30, 40],
  ])
  expect(during({ enteredAt: 19, leftAt: 21 })).toEqual([
    [10, 20],
    [20, 30],
  ])
  expect(during({ enteredAt: 12, leftAt: 15 })).toEqual([[10, 20]])
  expect(during({ enteredAt: 45 })).toEqual([[40, 50]])
  expect(during({ enteredAt: 50 }, { heldSince: 60 })).toEqual([[60, Infinity]])
  expect(during({ enteredAt: 50, leftAt: 61 }, { heldSince: 60, heldUntil: 70 })).toEqual([[60, 70]])
  expect(during({ enteredAt: 50, leftAt: 60 }, { heldSince: 60 })).toEqual([])
})

const office = calendarOf(plantCalendar({}))

function workedHours(from: string, to: string, ...holds: readonly (readonly [string, string])[]): number {
  const spans = holds.map(([since, until]) => ({ from: Date.parse(since), to: Date.parse(until) }))
  return workedBetweenHolds(office, Date.parse(from), Date.parse(to), spans) / 3_600_000
}

const [monday, tuesday] = ['2026-06-01T08:00+08:00', '2026-06-02T17:00+08:00'] as const

test('a hold outside working hours takes nothing off', () => {
  expect(workedHours(monday, tuesday, ['2026-06-01T17:00+08:00', '2026-06-02T08:00+08:00'])).toBe(16)
})

test('a hold over a weekend takes off only the working hours that it covers', () => {
  const [friday, nextMonday] = ['2026-06-05T08:00+08:00', '2026-06-08T17:00+08:00'] as const
  expect(workedHours(friday, nextMonday, ['2026-06-05T16:00+08:00', '2026-06-08T09:00+08:00'])).toBe(14)
})

test('two holds that overlap take their common time off once', () => {
  const morning = ['2026-06-01T08:00+08:00', '2026-06-01T11:00+08:00'] as const
  const noon = ['2026-06-01T10:00+08:00', '2026-06-01T14:00+08:00'] as const
  expect(workedHours(monday, tuesday, morning, noon)).toBe(11)
  expect(workedHours(monday, tuesday, ['2026-06-01T08:00+08:00', '2026-06-01T16:00+08:00'], noon)).toBe(9)
})

test('holds before and after the time that is asked for do not matter', () => {
  const before = ['2026-05-01T08:00+08:00', '2026-06-01T09:00+08:00'] as const
  const after = ['2026-06-02T16:00+08:00', '2026-07-01T09:00+08:00'] as const
  expect(workedHours(monday, tuesday, before, after)).toBe(14)
  expect(workedHours(monday, tuesday, ['2026-05-01T08:00+08:00', '2026-05-02T08:00+08:00'])).toBe(16)
})
