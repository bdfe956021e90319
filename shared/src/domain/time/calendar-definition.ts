import type { LocalText } from '../local-text.ts'
import type { Weekday } from './local-date.ts'

/**
 * A period of work by the wall clock, `HH:MM`. It belongs to the day on which it begins: a `to` that is not after
 * `from` means the next day, `24:00` the end of this one. A break is the gap between two shifts.
 */
export interface Shift {
  readonly from: string
  readonly to: string
}

/** Shifts of each weekday in no particular order; a missing weekday is a day off. */
export type WorkingWeek = Readonly<Partial<Record<Weekday, readonly Shift[]>>>

/** A day that does not follow its weekday. */
export interface Holiday {
  /** `YYYY-MM-DD` by the calendar's own clock. */
  readonly date: string
  /** False: no shift begins on this day. True: a make-up working day (调休补班). */
  readonly working: boolean
  readonly name?: LocalText | string
  /** The weekday whose shifts a make-up day uses. Undefined: Monday, or the first weekday that has any. */
  readonly as?: Weekday
}

/** The rules of a calendar from one date until the next version begins. */
export interface CalendarVersion {
  /** First day, `YYYY-MM-DD`. Undefined: from the beginning. A shift that began the day before runs to its end. */
  readonly validFrom?: string
  /** IANA name: the zone is part of the calendar. */
  readonly timeZone: string
  readonly week: WorkingWeek
  readonly holidays: readonly Holiday[]
  /** Years whose public holidays `holidays` covers. Undefined: the calendar follows no public list. */
  readonly holidayYears?: readonly number[]
}

/**
 * When people work. Time is working time if at least one shift covers it, so overlapping shifts (a night shift that
 * runs into a make-up day, two versions) count once.
 */
export interface CalendarDefinition {
  readonly code: string
  readonly name: LocalText
  /** Ascending by `validFrom`; only the first has none. */
  readonly versions: readonly CalendarVersion[]
}

/** Round the clock, every day: working time is elapsed time. */
export const alwaysOpenDefinition: CalendarDefinition = {
  code: 'always-open',
  name: { zh: '全天候', en: 'Around the clock' },
  versions: [{ timeZone: 'UTC', week: fullWeek(), holidays: [] }],
}

function fullWeek(): WorkingWeek {
  const day = [{ from: '00:00', to: '24:00' }]
  return { 1: day, 2: day, 3: day, 4: day, 5: day, 6: day, 7: day }
}
