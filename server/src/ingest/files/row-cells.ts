import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import { normalIdentifier } from '@stagewatch/shared/domain/identifier.ts'
import type { TableRecord } from '../tables/table-file.ts'
import { maxCellLength } from '../tables/table-file.ts'
import type { Columns } from './find-columns.ts'
import { parseTime } from './parse-time.ts'
import type { Rejection } from './rejection.ts'
import type { ZonedClock } from './zoned-clock.ts'

/** Reads the cells of one row by the name of their column, and remembers the first one that cannot be read. */
export class RowCells<Name extends string> {
  readonly #cells: readonly string[]
  readonly #columns: Columns<Name>
  readonly #clock: ZonedClock | undefined
  #rejection: Rejection | undefined

  constructor(record: TableRecord, columns: Columns<Name>, columnCount: number, clock: ZonedClock | undefined) {
    this.#cells = record.cells
    this.#columns = columns
    this.#clock = clock
    const extra = record.cells.findLastIndex((cell) => cell !== '') + 1
    if (extra > columnCount)
      this.#rejection = {
        code: 'bad_request',
        field: '',
        message: `the row has ${extra} cells and the header ${columnCount}; a quote or a delimiter is wrong`,
      }
  }

  /** Undefined: the row can be read so far. */
  get rejection(): Rejection | undefined {
    return this.#rejection
  }

  /** Without blanks around; undefined when the cell is empty or the file has no such column. */
  text(name: Name): string | undefined {
    const column = this.#columns[name]
    const cell = column && this.#cells[column.index]
    if (!cell) return undefined
    if (cell.length > maxCellLength) return this.reject('too_large', name, `longer than ${maxCellLength} characters`)
    if (cell.includes('\0')) return this.reject('invalid_text', name, 'has a NUL character')
    if (cell.includes('\uFFFD')) return this.reject('invalid_text', name, 'has bytes that are damaged text')
    return cell.trim() || undefined
  }

  /** In the form in which the server compares identifiers; '' when the row cannot be used for the lack of it. */
  identifier(name: Name): string {
    const text = this.text(name)
    if (text === undefined) return this.reject('missing_field', name, 'is empty') ?? ''
    return normalIdentifier(text) ?? this.reject('invalid_text', name, 'has control or invisible characters') ?? ''
  }

  /** Epoch ms; 0 when the row cannot be used for the lack of it. */
  requiredInstant(name: Name): number {
    return this.instant(name) ?? this.reject('missing_field', name, 'is empty') ?? 0
  }

  /** Epoch ms. */
  instant(name: Name, endOfDay = false): number | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const time = parseTime(text, this.#clock, endOfDay)
    return time.ok ? time.at : this.reject('invalid_time', name, time.message)
  }

  number(name: Name): number | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    if (numberPattern.test(text)) return Number(text)
    return this.reject('invalid_field', name, `${text.slice(0, 60)} is no number; write it like 1234.5`)
  }

  reject(code: ProblemCode, name: Name, message: string): undefined {
    this.#rejection ??= { code, field: this.#columns[name]?.header ?? name, message }
  }
}

const numberPattern = /^[+-]?\d{1,15}(\.\d+)?$/
