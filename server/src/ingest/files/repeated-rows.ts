import { randomInt } from 'node:crypto'
import type { RepeatedRowRule } from '@stagewatch/shared/contract/import-mapping.ts'
import type { Columns } from './find-columns.ts'
import { mixed, OccurrenceCounter } from './occurrence-counter.ts'

/** No text of a file has such a unit: it ends each cell. */
const endOfCell = 0x1_0000

/** What says which step of which order a row is about, and when it was. */
const stepColumns = ['order', 'stage', 'time', 'timeOfDay', 'startedAt', 'lifecycle', 'instance', 'eventType'] as const

/**
 * Finds rows that tell again what an earlier one has told: exports that were joined bring them, and a stage that is
 * reported twice at the same instant by the same words was passed once. Bounded in memory like `OccurrenceCounter`.
 */
export class RepeatedRows {
  readonly #seen = new OccurrenceCounter()
  /** Of this file alone, so that nobody can write a row that is taken for another one. */
  readonly #seeds = { low: randomInt(2 ** 32), high: randomInt(2 ** 32) }
  readonly #idIndex: number | undefined
  readonly #stepIndexes: readonly number[] | undefined

  /** Undefined: each row counts. */
  static of(rule: RepeatedRowRule, columns: Columns<string>): RepeatedRows | undefined {
    if (rule === 'keep') return undefined
    if (rule === 'once') return new RepeatedRows(columns['eventId']?.index, undefined)
    return new RepeatedRows(
      undefined,
      stepColumns.flatMap((name) => columns[name]?.index ?? []),
    )
  }

  /**
   * @param idIndex where the file has its own identities of events: a row that has one is known by that alone.
   * @param stepIndexes the cells that are compared; undefined: all.
   */
  private constructor(idIndex: number | undefined, stepIndexes: readonly number[] | undefined) {
    this.#idIndex = idIndex
    this.#stepIndexes = stepIndexes
  }

  /** Whether a row like this one came before. */
  add(cells: readonly string[]): boolean {
    if (this.#idIndex !== undefined && (cells[this.#idIndex] ?? '').trim() !== '') return false
    const compared = this.#stepIndexes?.map((index) => (cells[index] ?? '').trim()) ?? cells
    let { low, high } = this.#seeds
    for (const cell of compared) {
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
