import type { CalendarDays } from './calendar-days.ts'

/**
 * Compiled calendars know the years 1970 to 2099; outside of them nothing works. So a promise for 9999-12-31, by which
 * some systems say "none", costs nothing.
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
   * The first instant at which so much working time has passed since `a`; `a` itself when it is none.
   * Undefined: not before the calendar's range ends.
   */
  instantAfter(a: number, workingMs: number): number | undefined
  isWorking(at: number): boolean
  /** When work begins the next time after `at`: "stops until 09:00". Undefined: never. */
  nextStart(at: number): number | undefined
  /** When the work ends that goes on at `at`, or that begins next. Undefined: never. */
  nextEnd(at: number): number | undefined
  /** Length of a usual working day of the version that is valid at `at`: "4 working days" are 4 of these. */
  standardDayMs(at: number): number
}
