import type { CalendarVersion, Shift } from '@stagewatch/shared/domain/time/calendar-definition.ts'
import type { WorkingCalendar } from '@stagewatch/shared/domain/time/working-calendar.ts'

/**
 * A straightforward implementation of working time with Temporal: day by day, shift by shift. Holidays are in sets and
 * times are parsed in advance, so that only the calendar is measured. The shifts of the bench do not overlap.
 */
export function workingTimeOfTemporal(version: CalendarVersion): Pick<WorkingCalendar, 'workingMs' | 'instantAfter'> {
  const { timeZone, holidays } = version
  const dayOff = new Set(holidays.filter(({ working }) => !working).map(({ date }) => date))
  const makeUp = new Set(holidays.filter(({ working }) => working).map(({ date }) => date))
  const week = new Map(Object.entries(version.week).map(([day, shifts]) => [Number(day), shifts.map(clockTimes)]))

  function shiftsOf(date: Temporal.PlainDate): readonly ClockTimes[] {
    const text = date.toString()
    if (dayOff.has(text)) return []
    return week.get(makeUp.has(text) ? 1 : date.dayOfWeek) ?? []
  }

  function* intervalsFrom(at: number): Generator<{ start: number; end: number }> {
    // A night shift may have begun the day before.
    let date = Temporal.Instant.fromEpochMilliseconds(at)
      .toZonedDateTimeISO(timeZone)
      .toPlainDate()
      .subtract({ days: 1 })
    for (;;) {
      for (const { from, to, endsNextDay } of shiftsOf(date)) {
        const lastDate = endsNextDay ? date.add({ days: 1 }) : date
        yield { start: instantOf(date, from), end: instantOf(lastDate, to) }
      }
      date = date.add({ days: 1 })
    }
  }

  function instantOf(date: Temporal.PlainDate, plainTime: Temporal.PlainTime): number {
    return date.toZonedDateTime({ timeZone, plainTime }).epochMilliseconds
  }

  return {
    workingMs(a, b) {
      let workingMs = 0
      for (const { start, end } of intervalsFrom(a)) {
        if (start >= b) return workingMs
        workingMs += Math.max(0, Math.min(end, b) - Math.max(start, a))
      }
      return workingMs
    },
    instantAfter(a, workingMs) {
      let leftMs = workingMs
      for (const { start, end } of intervalsFrom(a)) {
        const ms = Math.max(0, end - Math.max(start, a))
        if (ms >= leftMs) return Math.max(start, a) + leftMs
        leftMs -= ms
      }
      return undefined
    },
  }
}

interface ClockTimes {
  readonly from: Temporal.PlainTime
  readonly to: Temporal.PlainTime
  readonly endsNextDay: boolean
}

function clockTimes({ from, to }: Shift): ClockTimes {
  return { from: Temporal.PlainTime.from(from), to: Temporal.PlainTime.from(to), endsNextDay: to <= from }
}
