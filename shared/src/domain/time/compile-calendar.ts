import type { CalendarDefinition, CalendarVersion } from './calendar-definition.ts'
import { dayMs, epochDayOf, weekdayOf, weekdays, type Weekday } from './local-date.ts'
import { normalWeekday, weekdayTimes } from './shift-times.ts'
import type { ShiftTimes } from './shift-times.ts'
import { WorkingTime } from './working-time.ts'
import type { WorkingInterval } from './working-time.ts'
import { firstInstantOf, zoneOffsets } from './zone-offsets.ts'

/** A shift may last for a day, and begin on a local day that differs from the day in UTC. */
const marginMs = 3 * dayMs

/** The working time of a calendar between two instants, epoch ms, `to` exclusive. */
export function compileCalendar(definition: CalendarDefinition, from: number, to: number): WorkingTime {
  return new WorkingTime(from, to, merged(shiftsNear(definition, from, to), from, to))
}

/**
 * Every shift that may be active between two instants, epoch ms, and some beyond; those of two versions may overlap.
 */
export function shiftsNear({ versions }: CalendarDefinition, from: number, to: number): WorkingInterval[] {
  return versions.flatMap((version, i) => shiftIntervals(version, versions[i + 1]?.validFrom, from, to))
}

/** Every shift of a version that begins near the window, as instants. */
function shiftIntervals(
  version: CalendarVersion,
  nextValidFrom: string | undefined,
  from: number,
  to: number,
): WorkingInterval[] {
  const offsets = zoneOffsets(version.timeZone, from - marginMs, to + marginMs)
  const times = timesOfDays(version)
  const firstDay = Math.max(Math.floor((from - marginMs) / dayMs), validFromDay(version.validFrom, -Infinity))
  const endDay = Math.min(Math.ceil((to + marginMs) / dayMs), validFromDay(nextValidFrom, Infinity))
  const intervals: WorkingInterval[] = []
  for (let day = firstDay; day < endDay; day++) {
    for (const shift of times(day)) {
      intervals.push({
        start: firstInstantOf(offsets, day * dayMs + shift.from),
        end: firstInstantOf(offsets, day * dayMs + shift.to),
      })
    }
  }
  return intervals
}

/** Returns the shifts that begin on an epoch day. */
export function timesOfDays({ week, holidays }: CalendarVersion): (day: number) => readonly ShiftTimes[] {
  const ofWeekday = new Map(weekdays.map((weekday) => [weekday, weekdayTimes(week, weekday)]))
  const shiftsOf = (weekday: Weekday) => ofWeekday.get(weekday) ?? []
  const makeUp = normalWeekday(week)
  const ofHoliday = new Map(
    holidays.map(({ date, working, as = makeUp }) => [epochDayOf(date), working ? shiftsOf(as) : []]),
  )
  return (day) => ofHoliday.get(day) ?? shiftsOf(weekdayOf(day))
}

function validFromDay(date: string | undefined, fallback: number): number {
  return date === undefined ? fallback : epochDayOf(date)
}

/** The intervals within the window, sorted, with overlapping and touching ones merged. */
function merged(intervals: readonly WorkingInterval[], from: number, to: number): WorkingInterval[] {
  const disjoint: { start: number; end: number }[] = []
  for (const interval of intervals.toSorted((a, b) => a.start - b.start)) {
    const start = Math.max(interval.start, from)
    const end = Math.min(interval.end, to)
    const last = disjoint.at(-1)
    if (end <= start) continue
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end)
    else disjoint.push({ start, end })
  }
  return disjoint
}

/** The midnight at which a version begins, epoch ms; -Infinity for the first one. */
export function versionStart({ validFrom, timeZone }: Pick<CalendarVersion, 'validFrom' | 'timeZone'>): number {
  if (validFrom === undefined) return -Infinity
  const midnight = epochDayOf(validFrom) * dayMs
  return firstInstantOf(zoneOffsets(timeZone, midnight - 2 * dayMs, midnight + 2 * dayMs), midnight)
}
