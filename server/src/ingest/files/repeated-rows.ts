import { hash } from 'node:crypto'
import type { Columns } from './find-columns.ts'
import { OccurrenceCounter } from './occurrence-counter.ts'

/**
 * Finds rows that equal an earlier one in every cell: exports that were joined bring them, and a stage that is reported
 * twice at the same instant by the same words was passed once. Bounded in memory like `OccurrenceCounter`.
 */
export class RepeatedRows {
  readonly #seen = new OccurrenceCounter()
  readonly #idIndex: number | undefined

  /** Undefined: each row counts. */
  static of(duplicates: 'once' | 'keep', columns: Columns<string>): RepeatedRows | undefined {
    return duplicates === 'keep' ? undefined : new RepeatedRows(columns['eventId']?.index)
  }

  /** @param idIndex where the file has its own identities of events: a row that has one is known by that alone. */
  constructor(idIndex: number | undefined) {
    this.#idIndex = idIndex
  }

  /** Whether a row like this one came before. */
  add(cells: readonly string[]): boolean {
    if (this.#idIndex !== undefined && (cells[this.#idIndex] ?? '').trim() !== '') return false
    const digest = hash('sha256', cells.join('\0'), 'buffer')
    return this.#seen.add(digest.readUInt32LE(0), digest.readUInt32LE(4)) > 1
  }
}
