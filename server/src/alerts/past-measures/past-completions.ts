import type { LocalDays } from '@stagewatch/shared/domain/local-days.ts'
import { leadTimeDays } from '../../boards/build-board.ts'
import type { Completion } from '../../engine/completions.ts'
import { rankOf } from '../../engine/nearest-rank.ts'
import { completionValue } from '../measure-formulas.ts'
import type { CompletionMeasure } from '../measure-formulas.ts'
import type { MeasuredPlace } from '../measure-values.ts'
import { ChangeList } from './look-times.ts'
import type { LookTimes } from './look-times.ts'
import { RankCounts } from './rank-counts.ts'
import type { MeasureHistory } from './raise-past-alerts.ts'

/** The period of the lead time, see `Completions.leadTime`. */
const leadTimeMs = leadTimeDays * 24 * 3_600_000
/** How long before a period its figures begin: the lead time, and the local day in which that began. */
export const completionsBeforeMs = leadTimeMs + 25 * 3_600_000
const looked = 0

/** Completed orders of a process. */
export interface PastCompletions {
  /** Ascending by `endedAt`. */
  readonly completions: readonly Completion[]
  /** Lead times of all of them, ascending; duplicates are allowed. */
  readonly leadTimesMs: readonly number[]
  /** When the first order of the process arrived, epoch ms; Infinity: it has none. */
  readonly arrivedFrom: number
}

/** The figures of completed orders over a period: the orders of a window that moves along with the time. */
export class CompletionHistory implements MeasureHistory {
  readonly place: MeasuredPlace
  readonly changes: ChangeList
  readonly firstLook: number
  readonly #measure: CompletionMeasure
  readonly #days: LocalDays
  readonly #past: PastCompletions
  readonly #leadTimes: RankCounts
  readonly #firstDay: number
  /** The window: completions from the first index up to the second, exclusive. */
  #first = 0
  #end = 0
  #promised = 0
  #onTime = 0
  #today = Number.NaN
  #firstDayOfLeadTime = Number.NaN

  /** @param knownFrom Before it, completions may be missing. Epoch ms. */
  constructor(
    { place, measure, knownFrom }: { place: MeasuredPlace; measure: CompletionMeasure; knownFrom: number },
    past: PastCompletions,
    days: LocalDays,
    looks: LookTimes,
  ) {
    this.place = place
    this.#measure = measure
    this.#days = days
    this.#past = past
    this.#leadTimes = new RankCounts(past.leadTimesMs)
    this.#firstDay = past.arrivedFrom === Infinity ? Infinity : days.startOf(past.arrivedFrom)
    this.changes = new ChangeList(looks)
    this.firstLook = looks.firstFrom(Math.max(knownFrom, past.arrivedFrom))
    this.changes.add(looks.at(this.firstLook), looked)
    for (const { endedAt } of past.completions) {
      this.changes.add(endedAt, looked)
      this.changes.add(endedAt + leadTimeMs, looked)
    }
    const until = looks.at(looks.last)
    for (let day = days.startOf(looks.since); day <= until; day = days.startOfOffset(day, 1))
      this.changes.add(day, looked)
  }

  apply(): void {
    // The completions themselves are the changes.
  }

  valueAt(at: number): number | undefined {
    this.#beginDay(this.#days.startOf(at))
    const { completions } = this.#past
    for (let next = completions[this.#end]; next !== undefined && next.endedAt <= at; next = completions[this.#end]) {
      this.#count(next, 1)
      this.#end += 1
    }
    while (this.#first < this.#end) {
      const oldest = completions[this.#first]
      if (oldest === undefined || this.#isInWindow(oldest, at)) break
      this.#count(oldest, -1)
      this.#first += 1
    }
    const completed = this.#end - this.#first
    return completionValue(this.#measure, {
      promised: this.#promised,
      onTime: this.#onTime,
      completed,
      medianLeadMs: completed === 0 ? undefined : this.#leadTimes.valueOfRank(rankOf(completed, 0.5)),
      hasWholePeriod: this.#firstDay < this.#firstDayOfLeadTime,
    })
  }

  #beginDay(today: number): void {
    if (today === this.#today) return
    this.#today = today
    this.#firstDayOfLeadTime = this.#days.startOfOffset(today, -leadTimeDays)
  }

  /** The on-time rate is that of today, the other measures are those of the lead time. */
  #isInWindow({ endedAt }: Completion, at: number): boolean {
    if (this.#measure === 'onTimeRatio') return endedAt >= this.#today
    return endedAt > at - leadTimeMs && endedAt >= this.#firstDayOfLeadTime
  }

  #count({ onTime, leadMs }: Completion, delta: 1 | -1): void {
    this.#leadTimes.add(leadMs, delta)
    if (onTime !== undefined) this.#promised += delta
    if (onTime === true) this.#onTime += delta
  }
}
