import type { CalendarDays } from './calendar-days.ts'

/**
 * Compiled calendars cover the years 1970 to 2099; there is no working time outside of them. This way, a promised date
 * of 9999-12-31, which some systems use for "none", costs nothing.
 */
export const calendarRange = { from: 0, to: Date.UTC(2100, 0, 1) } as const

/** Arithmetic with working time. Instants are epoch ms, durations ms. */
export interface WorkingCalendar {
  /** All time is working time. */
  readonly neverCloses: boolean
  readonly days: CalendarDays
  /** Working time from `a` to `b`; 0 when `b` is not after `a`. */
  workingMs(a: number, b: number): number
  /**
   * The first instant at which this much working time has passed since `a`; `a` itself if it is 0. Undefined: not
   * before the end of the calendar's range.
   */
  instantAfter(a: number, workingMs: number): number | undefined
  isWorking(at: number): boolean
  /** The next start of work after `at`: "stops until 09:00". Undefined: never. */
  nextStart(at: number): number | undefined
  /** The end of the work in progress at `at`, or of the next one. Undefined: never. */
  nextEnd(at: number): number | undefined
  /** Length of a usual working day of the version in force at `at`: "4 working days" are 4 of these. */
  standardDayMs(at: number): number
}
