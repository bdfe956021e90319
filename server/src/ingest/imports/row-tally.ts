import { hash } from 'node:crypto'
import { OccurrenceCounter } from '../files/occurrence-counter.ts'
import type { Rejection } from '../files/rejection.ts'

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

/** Of each column and cause. */
const shownRejections = 3
/** Columns and causes that are told apart. */
const maxGroups = 50
/** No process has so many; counting ends there so that a wrong column does not fill the memory. */
const maxStages = 10_000

/** Rows that were rejected for the same. */
interface RejectionGroup {
  count: number
  readonly first: string[]
}

/** Counts what became of the rows of a file. */
export class RowTally {
  readonly #beganAt = performance.now()
  readonly #orders = new OccurrenceCounter()
  readonly #stages = new Set<string>()
  #lastOrder: string | undefined
  readonly #rejections = new Map<string, RejectionGroup>()
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
    const cause = `${field === '' ? '' : `${field}: `}${code}`
    const key = this.#rejections.has(cause) || this.#rejections.size < maxGroups ? cause : 'others'
    const group = this.#rejections.get(key) ?? { count: 0, first: [] }
    this.#rejections.set(key, group)
    group.count += 1
    if (group.first.length < shownRejections)
      group.first.push(`${place}: ${field === '' ? '' : `${field}: `}${message} (${code})`)
  }

  /** What a person should know besides the numbers. */
  remarks(): string[] {
    const groups = [...this.#rejections].toSorted(([, a], [, b]) => b.count - a.count)
    return [
      ...groups.flatMap(([cause, { count, first }]) =>
        count > first.length ? [...first, `… and ${count - first.length} more rejected rows (${cause})`] : first,
      ),
      ...(this.#startsIgnored > 0 ? [`${this.#startsIgnored} rows begin after they end; the begin was left out`] : []),
    ]
  }

  /** Stages that differ in nothing but case, width, blanks and joiners: most likely one that was spelled in several ways. */
  similarStages(): string[][] {
    const byKey = Map.groupBy(this.#stages, (stage) =>
      stage
        .normalize('NFKC')
        .toLowerCase()
        .replaceAll(/[\s_-]/g, ''),
    )
    return [...byKey.values()].filter((stages) => stages.length > 1)
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
