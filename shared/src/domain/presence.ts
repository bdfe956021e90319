import { firstInstantOf, zoneOffsets } from './time/zone-offsets.ts'
import { dayMs } from './time/local-date.ts'
import type { WorkingCalendar } from './time/working-calendar.ts'

export const absenceKinds = ['leave', 'sick', 'trip', 'training', 'other'] as const
export type AbsenceKind = (typeof absenceKinds)[number]

/** Days on which somebody is away, in their own time zone. */
export interface Absence {
  /** First day, `YYYY-MM-DD`. */
  readonly from: string
  /** Last day, inclusive. */
  readonly to: string
  /** `HH:MM` on the first day. Undefined: the start of the day. */
  readonly fromTime?: string | undefined
  /** `HH:MM` on the last day. Undefined: the end of the day. */
  readonly toTime?: string | undefined
  readonly kind: AbsenceKind
  /** Id of the deputy. Undefined: none was named. */
  readonly deputyId?: string | undefined
}

/** The data that determines when somebody works. */
export interface WorkingPerson {
  readonly calendar: WorkingCalendar
  /** In no particular order; they may overlap. */
  readonly absences: readonly Absence[]
  /** IANA name of the zone in which absences begin and end. */
  readonly timeZone: string
}

/**
 * Whether somebody is at work at an instant. Instants are epoch ms. Undefined: never, within the range of calendars.
 */
export type Presence =
  /** `until`: the end of work, or the start of an absence. */
  | { readonly state: 'here'; readonly until?: number }
  /** Outside of their working time; `next` is when they work again. */
  | { readonly state: 'off'; readonly next?: number }
  /** `until`: the end of this absence; `next` is when they work again. */
  | {
      readonly state: 'absent'
      readonly kind: AbsenceKind
      readonly deputyId?: string
      readonly until: number
      readonly next?: number
    }

interface Span {
  readonly from: number
  /** Exclusive. */
  readonly to: number
}

/** Start and end of an absence: the instants at which the clocks of the zone first show these times. */
export function absenceSpan(absence: Pick<Absence, 'from' | 'to' | 'fromTime' | 'toTime'>, timeZone: string): Span {
  const { from, to, fromTime = '00:00', toTime } = absence
  const firstMs = Date.parse(`${from}T${fromTime}Z`)
  const lastMs = toTime === undefined ? Date.parse(to) + dayMs : Date.parse(`${to}T${toTime}Z`)
  // No zone is a full day away from UTC, and a clock change may occur before the requested day.
  const spans = zoneOffsets(timeZone, firstMs - 2 * dayMs, lastMs + 2 * dayMs)
  return { from: firstInstantOf(spans, firstMs), to: firstInstantOf(spans, lastMs) }
}

/** Whether somebody is at work, and if not, why and until when. */
export function presenceAt(person: WorkingPerson, at: number): Presence {
  const { calendar, absences, timeZone } = person
  const spans = absences.map((absence) => ({ absence, ...absenceSpan(absence, timeZone) }))
  // Of several overlapping absences, the one that lasts longest defines the deputy.
  const away = spans.filter((span) => includes(span, at)).toSorted((a, b) => b.to - a.to)[0]
  if (away === undefined && calendar.isWorking(at)) {
    const starts = spans.map(({ from }) => from).filter((from) => from > at)
    const until = Math.min(calendar.nextEnd(at) ?? Infinity, ...starts)
    return { state: 'here', ...(until !== Infinity && { until }) }
  }
  const next = nextWorking(calendar, spans, at)
  const then = next === undefined ? {} : { next }
  if (away === undefined) return { state: 'off', ...then }
  const { kind, deputyId } = away.absence
  return { state: 'absent', kind, ...(deputyId !== undefined && { deputyId }), until: away.to, ...then }
}

/** The first instant, not before `at`, at which the person works. Undefined: never. */
export function nextWorkingInstant({ calendar, absences, timeZone }: WorkingPerson, at: number): number | undefined {
  const spans = absences.map((absence) => absenceSpan(absence, timeZone))
  return nextWorking(calendar, spans, at)
}

/** Each step passes the end of an absence or the start of work, so there are at most two for each absence. */
function nextWorking(calendar: WorkingCalendar, spans: readonly Span[], from: number): number | undefined {
  for (let at: number | undefined = from; at !== undefined;) {
    const now: number = at
    const away = spans.filter((span) => includes(span, now))
    if (away.length > 0) at = Math.max(...away.map(({ to }) => to))
    else if (calendar.isWorking(now)) return now
    else at = calendar.nextStart(now)
  }
  return undefined
}

function includes({ from, to }: Span, at: number): boolean {
  return from <= at && at < to
}
