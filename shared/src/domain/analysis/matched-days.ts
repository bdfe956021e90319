/** A day of the site, with the properties by which days of two periods are matched. */
export interface PeriodDay {
  /** The instant at which it begins, epoch ms. */
  readonly startsAt: number
  /** 1 (Monday) to 7 (Sunday). */
  readonly weekday: number
  /** 0: closed, so the day is not compared. */
  readonly workingMs: number
}

/** A day of the earlier period and the matching day of the later one. */
export interface DayPair {
  readonly before: number
  readonly after: number
}

/**
 * Pairs the days of two periods: Mondays with Mondays, full days with full days and half days with half days, so that a
 * holiday or an extra weekend makes no difference. If one period has more days of a kind, those nearest to the other
 * period are used.
 * @param before Ascending, as is `after`; the earlier period comes first in time.
 * @returns Pairs of the days' starts, epoch ms, in the order of the earlier days.
 */
export function matchDays(before: readonly PeriodDay[], after: readonly PeriodDay[]): DayPair[] {
  const later = Map.groupBy(openDays(after), kindOf)
  const pairs = [...Map.groupBy(openDays(before), kindOf)].flatMap(([kind, days]) => {
    const others = later.get(kind) ?? []
    const count = Math.min(days.length, others.length)
    return days.slice(days.length - count).map(({ startsAt }, i): DayPair => {
      return { before: startsAt, after: others[i]?.startsAt ?? startsAt }
    })
  })
  return pairs.toSorted((a, b) => a.before - b.before)
}

function openDays(days: readonly PeriodDay[]): PeriodDay[] {
  return days.filter(({ workingMs }) => workingMs > 0)
}

const halfDayMs = 5 * 3_600_000

/** Weekday, and whether the working time exceeds half a shift. */
function kindOf({ weekday, workingMs }: PeriodDay): string {
  return `${weekday} ${workingMs > halfDayMs}`
}
