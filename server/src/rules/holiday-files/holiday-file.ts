import type { Holiday } from '@stagewatch/shared/domain/time/calendar-definition.ts'
import type { HolidayList } from '@stagewatch/shared/domain/time/holidays.ts'

/** A problem in a file. `field` is the property as named in the file, or '' for the file as a whole. */
export interface FileProblem {
  /** Starts at 1; undefined for formats in which line numbers would not help. */
  readonly line?: number
  readonly field: string
  readonly message: string
}

export type FilePlace = Omit<FileProblem, 'message'>

/** A file with one mistake is rejected as a whole: half a year of holidays is worse than none. */
export type HolidayFile =
  | { readonly ok: true; readonly list: HolidayList }
  | { readonly ok: false; readonly problems: readonly FileProblem[] }

/** Maximum number of days in a list; more than a calendar accepts. */
const maxDays = 5_000
/** Maximum number of entries in a file; several may name the same day. */
const maxEntries = 20_000
/** A file with this many mistakes is something else. */
const maxProblems = 100

/** Collects the days and problems of one file, up to its limits. */
export class HolidayGatherer {
  readonly #days = new Map<string, Holiday>()
  readonly #problems: FileProblem[] = []
  #entryCount = 0
  #isRefused = false

  /** Whether the rest of the file can be skipped. */
  get isRefused(): boolean {
    return this.#isRefused
  }

  /** If two entries have the same date, the first one provides the name. */
  add(day: Holiday, place: FilePlace): void {
    this.#entryCount += 1
    if (this.#days.size >= maxDays || this.#entryCount > maxEntries) {
      return this.refuse(place, `there are more than ${maxDays} days, or ${maxEntries} entries of them`)
    }
    const known = this.#days.get(day.date)
    if (known === undefined) this.#days.set(day.date, day)
    else if (known.working !== day.working) this.reject(place, `${day.date} is both a day off and a working day`)
  }

  reject(place: FilePlace, message: string): void {
    if (this.#problems.length < maxProblems) this.#problems.push({ ...place, message })
    else this.#isRefused = true
  }

  /** For problems that make it pointless to read on. */
  refuse(place: FilePlace, message: string): void {
    if (!this.#isRefused) this.#problems.push({ ...place, message })
    this.#isRefused = true
  }

  /** @param yearsOf returns the years that the days cover. */
  toResults(yearsOf: (days: readonly Holiday[]) => readonly number[]): HolidayFile {
    if (this.#days.size === 0 && this.#problems.length === 0) this.reject({ field: '' }, 'there are no holidays in it')
    if (this.#problems.length > 0) return { ok: false, problems: this.#problems }
    const days = [...this.#days.values()].toSorted((a, b) => (a.date < b.date ? -1 : 1))
    return { ok: true, list: { days, years: yearsOf(days) } }
  }
}
