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

/** Gathers the days and the problems of one file. */
export class HolidayGatherer {
  readonly #days = new Map<string, Holiday>()
  readonly #problems: FileProblem[] = []

  /** Of two entries for one date the first gives the name. */
  add(day: Holiday, place: FilePlace): void {
    const known = this.#days.get(day.date)
    if (known === undefined) this.#days.set(day.date, day)
    else if (known.working !== day.working) this.reject(place, `${day.date} is both a day off and a working day`)
  }

  reject(place: FilePlace, message: string): void {
    this.#problems.push({ ...place, message })
  }

  /** @param yearsOf the years that the days cover. */
  conclude(yearsOf: (days: readonly Holiday[]) => readonly number[]): HolidayFile {
    if (this.#days.size === 0 && this.#problems.length === 0) this.reject({ field: '' }, 'there are no holidays in it')
    if (this.#problems.length > 0) return { ok: false, problems: this.#problems }
    const days = [...this.#days.values()].toSorted((a, b) => (a.date < b.date ? -1 : 1))
    return { ok: true, list: { days, years: yearsOf(days) } }
  }
}
