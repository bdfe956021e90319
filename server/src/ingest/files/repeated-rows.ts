import { randomInt } from 'node:crypto'
import type { RepeatedRowRule } from '@stagewatch/shared/contract/import-mapping.ts'
import type { Columns } from './find-columns.ts'
import { mixed, OccurrenceCounter } from './occurrence-counter.ts'

/** Terminates each cell in the hash; not a UTF-16 code unit, so no text contains it. */
const endOfCell = 0x1_0000

/** Columns that identify the order, its step and the time of a row. */
const stepColumns = ['order', 'stage', 'time', 'timeOfDay', 'startedAt', 'lifecycle', 'instance', 'eventType'] as const

/**
 * Finds rows that repeat an earlier row: concatenated exports contain them, and a stage reported twice at the same
 * instant in the same words was passed only once. Memory is bounded like that of `OccurrenceCounter`.
 */
export class RepeatedRows {
  readonly #seen = new OccurrenceCounter()
  /** Random per file, so that nobody can craft a row whose hash collides with another row. */
  readonly #seeds = { low: randomInt(2 ** 32), high: randomInt(2 ** 32) }
  readonly #idIndex: number | undefined
  readonly #stepIndexes: readonly number[] | undefined

  /** Undefined if every row counts. */
  static of(rule: RepeatedRowRule, columns: Columns<string>): RepeatedRows | undefined {
    if (rule === 'keep') return undefined
    if (rule === 'once') return new RepeatedRows(columns['eventId']?.index, undefined)
    return new RepeatedRows(
      undefined,
      stepColumns.flatMap((name) => columns[name]?.index ?? []),
    )
  }

  /**
   * @param idIndex column of event ids, if the file has one: a row with an id is identified by it alone.
   * @param stepIndexes columns to compare; undefined compares all.
   */
  private constructor(idIndex: number | undefined, stepIndexes: readonly number[] | undefined) {
    this.#idIndex = idIndex
    this.#stepIndexes = stepIndexes
  }

  /** Whether an equal row was added before. */
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

/** Rotates by 15 bits, as MurmurHash3 does, so that every bit reaches all positions. */
function turned(word: number): number {
  return (word << 15) | (word >>> 17)
}
