import type { Holiday } from './calendar-definition.ts'

/** Public holidays and make-up working days, with the years that the list covers completely. */
export interface HolidayList {
  /** Ascending by date, each date once. */
  readonly days: readonly Holiday[]
  /** A list may contain days of a neighbouring year without covering it: 31 December often belongs to the next one. */
  readonly years: readonly number[]
}
