import type { RejectionCause } from '@stagewatch/shared/contract/import-report.ts'
import { eventLimits } from '@stagewatch/shared/contract/event-limits.ts'
import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import { normalIdentifier } from '@stagewatch/shared/domain/identifier.ts'
import type { TableRecord } from '../tables/table-file.ts'
import { namesTotal } from '../tables/total-names.ts'
import type { CellCause, CellCounts } from './cells/cell-counts.ts'
import type { CellKind } from './cells/clean-cell.ts'
import { cleanCell, removedFrom, shownValue, textProblem, usualEmptyWords } from './cells/clean-cell.ts'
import type { CellRules, ColumnReadings } from './cells/column-readings.ts'
import { countedCell } from './cells/column-readings.ts'
import type { NoTime, TimeOutcome } from './cells/plain-time.ts'
import type { Columns } from './find-columns.ts'
import type { Rejection } from '../tables/rejection.ts'

/** Settings shared by all rows of a file. */
export interface RowContext<Name extends string> {
  readonly columns: Columns<Name>
  /** Number of cells in the header. */
  readonly width: number
  readonly rules: CellRules
  readonly readings: ColumnReadings
  /** Counts the cells that were ignored or changed. */
  readonly counts: CellCounts
}

/**
 * Reads the cells of one row by column name and keeps the first reason why the row cannot be used. Optional cells that
 * cannot be read are ignored and counted.
 */
export class RowCells<Name extends string> {
  readonly #record: TableRecord
  readonly #file: RowContext<Name>
  #rejection: Rejection | undefined

  constructor(record: TableRecord, file: RowContext<Name>) {
    this.#record = record
    this.#file = file
    this.#rejection = widthRejection(record, file)
  }

  /** Undefined if the row could be read so far. */
  get rejection(): Rejection | undefined {
    return this.#rejection
  }

  /** A text of the order or the event. Undefined if the cell is empty or ignored, or if the file has no such column. */
  text(name: Name): string | undefined {
    const text = this.#cleaned(name, 'text')
    return text === undefined ? undefined : this.#usable(name, text, true)
  }

  /** An optional text without hidden characters, such as an actor or a number. */
  label(name: Name, kind: CellKind): string | undefined {
    const text = this.#cleaned(name, kind)
    if (text === undefined) return undefined
    if (kind === 'code' && scientific.test(text)) return this.#count('unreadable', name, text, roundedNumber)
    if (kind === 'code') this.#countSpoiledNumber(name, text)
    return this.#usable(name, text, false)
  }

  /** A required cell as written; undefined if it is empty or the row was rejected. */
  required(name: Name, kind: CellKind): string | undefined {
    const text = this.#cleaned(name, kind)
    if (text === undefined) return undefined
    const problem = textProblem(text, false)
    if (problem !== undefined) return this.reject('invalid_text', name, problem)
    if (this.#isCut(name)) return this.reject('invalid_field', name, cutMessage(text), 'cut_off')
    if (text.length <= eventLimits.order) return text
    return this.reject('too_large', name, `longer than ${eventLimits.order} characters`)
  }

  /**
   * The identifier in the form in which the server compares identifiers; '' if it is missing, which rejects the row.
   */
  identifier(name: Name, kind: CellKind): string {
    const text = this.required(name, kind)
    if (text === undefined) return this.reject('missing_field', name, 'is empty') ?? ''
    return normalIdentifier(text) ?? this.reject('invalid_text', name, 'has control or invisible characters') ?? ''
  }

  /** The order number. Rejected if a spreadsheet has converted it to a number. */
  orderNumber(name: Name): string {
    const order = this.identifier(name, 'code')
    if (scientific.test(order)) this.reject('invalid_field', name, `${shownValue(order)} ${roundedNumber}`, 'rounded')
    if (namesTotal(order)) this.reject('invalid_field', name, `${shownValue(order)} is a total, not an order`, 'total')
    this.#countSpoiledNumber(name, order)
    return order
  }

  /** Epoch ms; 0 if it is missing, which rejects the row. */
  requiredInstant(name: Name): number {
    const text = this.#counted(name)
    if (text === undefined) return this.reject('missing_field', name, 'is empty') ?? 0
    return this.#usableInstant(name, text, this.#readTime(name, text, false))
  }

  /** Like `requiredInstant`, but undefined if the cell is empty or a placeholder for no date. */
  knownInstant(name: Name): number | undefined {
    const text = this.#counted(name)
    if (text === undefined) return undefined
    const time = this.#readTime(name, text, false)
    if (!time.ok && time.cause === 'placeholder') return this.#count('placeholder', name, text)
    return this.#usableInstant(name, text, time)
  }

  #usableInstant(name: Name, text: string, time: TimeOutcome): number {
    if (!time.ok) return this.reject(...timeRejection(time.cause, name, time.message)) ?? 0
    if (time.doubt === undefined) return time.at
    this.#count(time.doubt, name, text)
    return this.#isLater() ? time.laterAt : time.at
  }

  /** Epoch ms. An ambiguous time (DST fold) is resolved so that it fits the row and is not after `latest`. */
  instant(name: Name, { endOfDay = false, latest = -Infinity } = {}): number | undefined {
    const text = this.#counted(name)
    if (text === undefined) return undefined
    const time = this.#readTime(name, text, endOfDay)
    if (!time.ok)
      return time.cause === 'placeholder'
        ? this.#count('placeholder', name, text)
        : this.#count('unreadable', name, text, time.message)
    if (time.doubt === undefined) return time.at
    this.#count(time.doubt, name, text)
    return this.#isLater() && time.laterAt <= latest ? time.laterAt : time.at
  }

  number(name: Name): number | undefined {
    const text = this.#counted(name)
    if (text === undefined) return undefined
    if (this.#isCut(name)) return this.#count('unreadable', name, text, cutMessage(text))
    const number = this.#file.readings.numbers.get(name)?.read(text)
    if (!number?.ok) return this.#count('unreadable', name, text, number?.message)
    if (number.value >= 0 && number.value <= eventLimits.factNumber) return number.value
    return this.#count('unreadable', name, text, `${shownValue(text)} is not between 0 and ${eventLimits.factNumber}`)
  }

  reject(code: ProblemCode, name: Name, message: string, cause?: RejectionCause): undefined {
    this.#rejection ??= { code, field: this.#header(name), message, cause }
  }

  /** Counts an ignored cell. */
  leaveOut(name: Name, value: string, message: string): undefined {
    return this.#count('unreadable', name, value, message)
  }

  #cleaned(name: Name, kind: CellKind): string | undefined {
    const column = this.#file.columns[name]
    const cell = column && this.#record.cells[column.index]
    if (!cell) return undefined
    const text = cleanCell(cell, kind)
    if (text.length !== cell.length) this.#countRemoved(name, cell, text)
    if (!(this.#file.rules.emptyWords ?? usualEmptyWords).has(text)) return text || undefined
    return this.#count('empty_word', name, cell)
  }

  #usable(name: Name, text: string, free: boolean): string | undefined {
    const problem = textProblem(text, free)
    if (problem !== undefined) return this.#count('unreadable', name, text, problem)
    if (text.length <= eventLimits.factText) return text
    return this.#count('unreadable', name, text, `longer than ${eventLimits.factText} characters`)
  }

  /** The text of a cell in a column of times or numbers. */
  #counted(name: Name): string | undefined {
    const column = this.#file.columns[name]
    const cell = column && this.#record.cells[column.index]
    if (!cell) return undefined
    const text = countedCell(this.#record.cells, this.#file.columns, name, this.#file.rules)
    if (text !== '') return text
    return cell.trim() === '' ? undefined : this.#count('empty_word', name, cell)
  }

  #readTime(name: Name, text: string, endOfDay: boolean): TimeOutcome {
    if (this.#isCut(name)) return { ok: false, cause: 'unreadable', message: cutMessage(text) }
    const reading = this.#file.readings.times.get(name)
    return reading?.read(text, endOfDay) ?? { ok: false, cause: 'unreadable', message: 'is no column of times' }
  }

  /** Whether the file ends within the cell. */
  #isCut(name: Name): boolean {
    const { cutCell } = this.#file.readings
    return cutCell?.row === this.#record.row && cutCell.name === name
  }

  #isLater(): boolean {
    return this.#file.readings.laterRows.has(this.#record.row)
  }

  #countRemoved(name: Name, cell: string, text: string): void {
    const removed = removedFrom(cell, text)
    if (removed !== undefined && cell.trim() !== '') this.#count(removed, name, cell)
  }

  #countSpoiledNumber(name: Name, code: string): void {
    if (!code.endsWith('0')) return
    if (/^\d+\.0$/.test(code)) this.#count('fraction', name, code)
    else if (/^\d{15}0+$/.test(code)) this.#count('rounded', name, code)
  }

  #count(cause: CellCause, name: Name, value: string, message?: string): undefined {
    this.#file.counts.add(cause, this.#header(name), this.#record.line, value, message)
  }

  #header(name: Name): string {
    return this.#file.columns[name]?.header ?? name
  }
}

function timeRejection<Name>(
  cause: NoTime['cause'],
  name: Name,
  message: string,
): [ProblemCode, Name, string, RejectionCause | undefined] {
  if (cause === 'placeholder') return ['missing_field', name, message, 'placeholder']
  return ['invalid_time', name, message, cause === 'ambiguous' ? 'ambiguous_date' : undefined]
}

function cutMessage(text: string): string {
  return `${shownValue(text)} is shorter than others of the column, and the file ends within it: copy or export it again`
}

/** The notations of Excel and Python; a code such as 1E5 does not match. */
const scientific = /^\d{1,3}(?:[.,]\d+)?E\+\d{1,3}$|^\d[.,]\d+E\d{1,3}$/i
const roundedNumber =
  'is a number that a spreadsheet has rounded, so that different ones look alike; export the column as text'

function widthRejection<Name extends string>(
  { cells }: TableRecord,
  { width }: RowContext<Name>,
): Rejection | undefined {
  if (cells.length <= width) return undefined
  const extra = cells.findLastIndex((cell) => cell !== '') + 1
  if (extra <= width) return undefined
  const message = `the row has ${extra} cells and the header ${width}; a quote or a delimiter is wrong`
  return { code: 'bad_request', field: '', message, cause: 'extra_cells' }
}
