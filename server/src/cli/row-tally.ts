import { hash } from 'node:crypto'
import { OccurrenceCounter } from '../ingest/files/occurrence-counter.ts'
import type { Rejection } from '../ingest/files/rejection.ts'

/** What `--json` prints. The rows are those that were decided on: accepted + duplicate + rejected. */
export interface RowSummary {
  readonly rows: number
  readonly accepted: number
  readonly duplicate: number
  readonly rejected: number
  /** Different orders and stages among the rows that could be read. */
  readonly orders: number
  readonly stages: number
  readonly elapsedMs: number
}

const shownRejections = 5
/** No process has so many; counting ends there so that a wrong column does not fill the memory. */
const maxStages = 10_000

/** Counts what became of the rows of a file. */
export class RowTally {
  readonly #beganAt = performance.now()
  readonly #orders = new OccurrenceCounter()
  readonly #stages = new Set<string>()
  #lastOrder: string | undefined
  readonly #firstRejections: string[] = []
  #accepted = 0
  #duplicate = 0
  #rejected = 0
  #startsIgnored = 0

  countRead(order: string, stage: string | undefined): void {
    if (stage !== undefined && this.#stages.size < maxStages) this.#stages.add(stage)
    if (order === this.#lastOrder) return
    this.#lastOrder = order
    const digest = hash('sha256', order, 'buffer')
    this.#orders.add(digest.readUInt32LE(0), digest.readUInt32LE(4))
  }

  countIgnoredStart(): void {
    this.#startsIgnored += 1
  }

  countTaken(as: 'accepted' | 'duplicate'): void {
    if (as === 'accepted') this.#accepted += 1
    else this.#duplicate += 1
  }

  /** `place` is where in the file the row stands. */
  countRejected(place: string, { field, message, code }: Rejection): void {
    this.#rejected += 1
    if (this.#firstRejections.length < shownRejections)
      this.#firstRejections.push(`${place}: ${field === '' ? '' : `${field}: `}${message} (${code})`)
  }

  /** What a person should know besides the numbers. */
  remarks(): string[] {
    const more = this.#rejected - this.#firstRejections.length
    return [
      ...this.#firstRejections,
      ...(more > 0 ? [`… and ${more} more rejected rows`] : []),
      ...(this.#startsIgnored > 0 ? [`${this.#startsIgnored} rows begin after they end; the begin was left out`] : []),
    ]
  }

  get rows(): number {
    return this.#accepted + this.#duplicate + this.#rejected
  }

  summary(): RowSummary {
    return {
      rows: this.rows,
      accepted: this.#accepted,
      duplicate: this.#duplicate,
      rejected: this.#rejected,
      orders: this.#orders.distinct,
      stages: this.#stages.size,
      elapsedMs: Math.round(performance.now() - this.#beganAt),
    }
  }
}
