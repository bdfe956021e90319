import { randomInt } from 'node:crypto'
import type { Columns } from './find-columns.ts'
import { mixed, OccurrenceCounter } from './occurrence-counter.ts'

/** No text of a file has such a unit: it ends each cell. */
const endOfCell = 0x1_0000

/**
 * Finds rows that equal an earlier one in every cell: exports that were joined bring them, and a stage that is reported
 * twice at the same instant by the same words was passed once. Bounded in memory like `OccurrenceCounter`.
 */
export class RepeatedRows {
  readonly #seen = new OccurrenceCounter()
  /** Of this file alone, so that nobody can write a row that is taken for another one. */
  readonly #seeds = { low: randomInt(2 ** 32), high: randomInt(2 ** 32) }
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
    let { low, high } = this.#seeds
    for (const cell of cells) {
      for (let i = 0; i < cell.length; i++) {
        const unit = cell.charCodeAt(i)
        low = turned(Math.imul(low ^ unit, 0xcc9e2d51))
        high = turned(Math.imul(high ^ unit, 0x1b873593))
      }
      low = turned(Math.imul(low ^ endOfCell, 0xcc9e2d51))
      high = turned(Math.imul(high ^ endOfCell, 0x1b873593))
    }
    low = mixed(low)
    return this.#seen.add(low, mixed(high ^ low)) > 1
  }
}

/** By so many bits that each of them comes everywhere, as in MurmurHash3. */
function turned(word: number): number {
  return (word << 15) | (word >>> 17)
}
