import type { CountedMs } from '@stagewatch/shared/domain/kaplan-meier.ts'
import type { WorkingCalendar } from '@stagewatch/shared/domain/time/working-calendar.ts'
import { EntryCounts } from './entry-counts.ts'

/** Ages of the open visits of a stage, always up to date. */
export class OpenAges {
  /** One entry per calendar of the site in use, so only a few. */
  readonly #byCalendar = new Map<WorkingCalendar, EntryCounts>()

  add(calendar: WorkingCalendar, enteredAt: number, delta: 1 | -1): void {
    let entries = this.#byCalendar.get(calendar)
    if (entries === undefined) this.#byCalendar.set(calendar, (entries = new EntryCounts()))
    entries.add(enteredAt, delta)
    if (entries.total === 0) this.#byCalendar.delete(calendar)
  }

  /** Working time since entry, each by its own calendar, ascending; as accurate as `EntryCounts`. */
  at(now: number): CountedMs[] {
    return this.#byCalendar
      .entries()
      .flatMap(([calendar, entries]) =>
        entries.entries(now).map(({ enteredAt, count }) => ({ ms: calendar.workingMs(enteredAt, now), count })),
      )
      .toArray()
      .toSorted((a, b) => a.ms - b.ms || a.count - b.count)
  }
}
