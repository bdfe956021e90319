import type { Holiday } from './calendar-definition.ts'

/** Days of public holidays and make-up work, with the years whose days it contains completely. */
export interface HolidayList {
  /** By ascending date, each date once. */
  readonly days: readonly Holiday[]
  /** A list may hold days of a neighbouring year without covering it: 31 December often belongs to the next one. */
  readonly years: readonly number[]
}
