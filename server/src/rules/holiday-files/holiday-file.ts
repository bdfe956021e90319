import type { Holiday } from '@stagewatch/shared/domain/time/calendar-definition.ts'
import type { HolidayList } from '@stagewatch/shared/domain/time/holiday-list.ts'

/** What is wrong with a file. `field` is the property as the file calls it; '' when the file as a whole is to blame. */
export interface FileProblem {
  /** 1 for the first; undefined where the format has no lines that would help. */
  readonly line?: number
  readonly field: string
  readonly message: string
}

export type FilePlace = Omit<FileProblem, 'message'>

/** A file with one mistake is refused as a whole: half a year of holidays is worse than none. */
export type HolidayFile =
  | { readonly ok: true; readonly list: HolidayList }
  | { readonly ok: false; readonly problems: readonly FileProblem[] }

/** Days of one list: more than a calendar takes. */
const maxDays = 5_000
/** Entries of one file: several may name the same day. */
const maxEntries = 20_000
/** A file with so many mistakes is of another kind. */
const maxProblems = 100

/** Gathers the days and the problems of one file, as far as a file may go. */
export class HolidayGatherer {
  readonly #days = new Map<string, Holiday>()
  readonly #problems: FileProblem[] = []
  #entryCount = 0
  #isRefused = false

  /** Nothing more of the file needs to be read. */
  get isRefused(): boolean {
    return this.#isRefused
  }

  /** Of two entries for one date the first gives the name. */
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

  /** For what makes the rest of the file not worth reading. */
  refuse(place: FilePlace, message: string): void {
    if (!this.#isRefused) this.#problems.push({ ...place, message })
    this.#isRefused = true
  }

  /** @param yearsOf the years that the days cover. */
  toResults(yearsOf: (days: readonly Holiday[]) => readonly number[]): HolidayFile {
    if (this.#days.size === 0 && this.#problems.length === 0) this.reject({ field: '' }, 'there are no holidays in it')
    if (this.#problems.length > 0) return { ok: false, problems: this.#problems }
    const days = [...this.#days.values()].toSorted((a, b) => (a.date < b.date ? -1 : 1))
    return { ok: true, list: { days, years: yearsOf(days) } }
  }
}
