import type { CalendarDefinition, CalendarVersion } from '../calendar-definition.ts'

const minuteMs = 60_000

/**
 * Checks minute by minute whether a shift is active according to the clocks of the calendar's zones. A local time that
 * occurs twice counts once: the latest time that the clocks have shown so far is used.
 * @param from A whole minute. @returns One entry for each minute up to `to`.
 */
export function naiveWorkingMinutes({ versions }: CalendarDefinition, from: number, to: number): boolean[] {
  const clocks = versions.map((version, i) => ({
    zone: version.timeZone,
    shifts: shiftsOfDates(version, versions[i + 1]?.validFrom ?? '9999-12-31'),
    latest: '',
  }))
  const minutes: boolean[] = []
  // No zone has ever set its clocks back by more than a day.
  for (let at = from - 1500 * minuteMs; at < to; at += minuteMs) {
    for (const clock of clocks) {
      const shown = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(clock.zone).toString().slice(0, 16)
      if (shown > clock.latest) clock.latest = shown
    }
    if (at < from) continue
    minutes.push(
      clocks.some(({ latest, shifts }) => shifts(latest).some(([start, end]) => start <= latest && latest < end)),
    )
  }
  return minutes
}

/** Shifts, as local times, that may be active at a local time: those of its day and of the two days before. */
function shiftsOfDates(version: CalendarVersion, validUntil: string): (local: string) => readonly [string, string][] {
  const known = new Map<string, [string, string][]>()
  return (local) => {
    const day = local.slice(0, 10)
    const shifts =
      known.get(day) ?? [0, 1, 2].flatMap((back) => shiftsOfDate(version, validUntil, dayAfter(day, -back)))
    known.set(day, shifts)
    return shifts
  }
}

function shiftsOfDate(version: CalendarVersion, validUntil: string, date: string): [string, string][] {
  if (date < (version.validFrom ?? '') || date >= validUntil) return []
  const holiday = version.holidays.find((entry) => entry.date === date)
  if (holiday?.working === false) return []
  const firstWorking = ([1, 2, 3, 4, 5, 6, 7] as const).find((day) => version.week[day]?.length)
  const weekday = holiday === undefined ? Temporal.PlainDate.from(date).dayOfWeek : (holiday.as ?? firstWorking)
  const pattern = Object.entries(version.week).find(([day]) => Number(day) === weekday)?.[1] ?? []
  return pattern.map(({ from, to }) => [
    `${date}T${from}`,
    to === '24:00' ? `${dayAfter(date, 1)}T00:00` : `${to > from ? date : dayAfter(date, 1)}T${to}`,
  ])
}

function dayAfter(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString()
}
