import { describe, expect, it } from 'vitest'
import { matchDays } from './matched-days.ts'
import type { PeriodDay } from './matched-days.ts'

const hour = 3_600_000
/** Day `n` after a Monday; weekends are closed. */
const day = (n: number, workingMs = 8 * hour): PeriodDay => {
  const weekday = (n % 7) + 1
  return { startsAt: n, weekday, workingMs: weekday > 5 ? 0 : workingMs }
}
const span = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => day(from + i))

describe('days of two periods', () => {
  it('are paired by weekday, closed ones left out', () => {
    // Two weeks against the third: of two Mondays, the later one is used.
    expect(matchDays(span(0, 14), span(14, 21))).toEqual(
      [7, 8, 9, 10, 11].map((before) => ({ before, after: before + 7 })),
    )
  })

  it('are paired by how long work goes on', () => {
    const shortFriday = { ...day(11), workingMs: 4 * hour }
    expect(matchDays([day(4), shortFriday], [day(18)])).toEqual([{ before: 4, after: 18 }])
  })

  it('are not paired where a period has no such day', () => {
    expect(matchDays(span(0, 2), span(9, 12))).toEqual([])
  })
})
