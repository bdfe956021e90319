import type { SourceCode } from './plant-definition.ts'
import { hourMs, minuteMs, secondMs } from './plant-time.ts'
import type { RandomSource } from './random-source.ts'

/** Delays of manual entry: mostly seconds, sometimes much longer. */
interface EntryHabit {
  readonly lateRatio: number
  readonly medianLateMs: number
}

const entryHabits: Readonly<Record<Exclude<SourceCode, 'carrier'>, EntryHabit>> = {
  erp: { lateRatio: 0.05, medianLateMs: 20 * minuteMs },
  mes: { lateRatio: 0.01, medianLateMs: 5 * minuteMs },
  wms: { lateRatio: 0.03, medianLateMs: 15 * minuteMs },
  portal: { lateRatio: 0.08, medianLateMs: 60 * minuteMs },
}

const longestLateMs = 6 * hourMs
const carrierBatchMs = 6 * minuteMs
const carrierSilenceRatio = 0.02

/** The times at which systems report what happened. Must be called in order of time. */
export class ReportDelay {
  readonly #random: RandomSource
  #carrierBatchAt: number

  constructor(startAt: number, random: RandomSource) {
    this.#random = random
    this.#carrierBatchAt = startAt
  }

  reportedAt(source: SourceCode, occurredAt: number): number {
    return source === 'carrier' ? this.#inBatch(occurredAt) : occurredAt + this.#entryLagMs(entryHabits[source])
  }

  #entryLagMs({ lateRatio, medianLateMs }: EntryHabit): number {
    const random = this.#random
    if (!random.chance(lateRatio)) return random.integer(1, 5) * secondMs
    return Math.min(longestLateMs, Math.ceil(random.logNormal(medianLateMs, 0.9)))
  }

  /** The carrier sends its events in batches every few minutes, and occasionally nothing for half an hour. */
  #inBatch(occurredAt: number): number {
    const random = this.#random
    while (this.#carrierBatchAt <= occurredAt) {
      this.#carrierBatchAt += random.chance(carrierSilenceRatio)
        ? Math.round(random.between(20, 40)) * minuteMs
        : carrierBatchMs
    }
    return this.#carrierBatchAt
  }
}
