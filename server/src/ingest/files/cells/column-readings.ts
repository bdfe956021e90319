import { directionUnknown } from '../row-direction.ts'
import type { DirectionFound } from '../row-direction.ts'
import type { Columns } from '../find-columns.ts'
import type { EmptyWords } from './clean-cell.ts'
import { cleanCell, usualEmptyWords } from './clean-cell.ts'
import { joinedTime } from './joined-time.ts'
import { NumberReading } from './number-column.ts'
import type { DecimalSign } from './number-text.ts'
import { TimeReading } from './time-column.ts'
import type { TimePattern } from './time-pattern.ts'
import type { ZonedClock } from './zoned-clock.ts'

/** User-defined rules for reading the cells of a file. Undefined rules are inferred from the cells. */
export interface CellRules {
  /** Time zone of times without offset; undefined rejects such times. */
  readonly clock: ZonedClock | undefined
  /** Format of times. */
  readonly timePattern?: TimePattern | undefined
  readonly decimalSign?: DecimalSign | undefined
  readonly emptyWords?: EmptyWords | undefined
  /** Whether numbers of days count from 1904 instead of 1900. */
  readonly daysSince1904?: boolean | undefined
}

/** How to read the columns of one file, decided from all of their cells. */
export interface ColumnReadings {
  readonly times: ReadonlyMap<string, TimeReading>
  readonly numbers: ReadonlyMap<string, NumberReading>
  /** Rows whose ambiguous local time (DST fold) is the second of the two. */
  readonly laterRows: ReadonlySet<number>
  readonly direction: DirectionFound
  /** Whether most cells of the column `lifecycle` are known transitions. */
  readonly hasTransitions: boolean
  /** The cell of the last row and column that the file is truncated in; undefined if the cells show no truncation. */
  readonly cutCell: { readonly row: number; readonly name: string } | undefined
}

export const timeColumns: readonly string[] = ['time', 'startedAt', 'promisedAt']
export const numberColumns: readonly string[] = ['quantity', 'amount']

/** Whether the numbers of a column say how many there are of something. */
export function counts(name: string): boolean {
  return name === 'quantity'
}

/** Readings without a survey of the cells: cells that can only be interpreted with their whole column are rejected. */
export function unsurveyedReadings(rules: CellRules): ColumnReadings {
  const times = { clock: rules.clock, pattern: rules.timePattern }
  const numbers = { isContradictory: false, isSurveyed: false }
  return {
    times: new Map(timeColumns.map((name) => [name, new TimeReading(times, undefined)])),
    numbers: new Map(numberColumns.map((name) => [name, new NumberReading(rules.decimalSign, counts(name), numbers)])),
    laterRows: new Set(),
    direction: directionUnknown,
    hasTransitions: true,
    cutCell: undefined,
  }
}

/** The cleaned text of a cell in a column of times or numbers; '' if it is empty or contains a word for empty. */
export function countedCell(
  cells: readonly string[],
  columns: Columns<string>,
  name: string,
  rules: CellRules,
): string {
  const column = columns[name]
  const cell = column === undefined ? '' : plainCell(cells[column.index], rules)
  const text = rules.daysSince1904 === true && timeColumns.includes(name) ? since1900(cell) : cell
  const { timeOfDay } = columns
  if (name !== 'time' || timeOfDay === undefined) return text
  return joinedTime(text, plainCell(cells[timeOfDay.index], rules))
}

/** Days from the first one of the calendar since 1900 to that since 1904. */
const daysTo1904 = 1462

/** A day number of the calendar since 1904 in that since 1900, which all other day numbers of a file count in. */
function since1900(text: string): string {
  const match = /^(\d{4,5})([.,]\d+)?$/.exec(text)
  return match === null ? text : `${Number(match[1]) + daysTo1904}${match[2] ?? ''}`
}

function plainCell(cell: string | undefined, { emptyWords = usualEmptyWords }: CellRules): string {
  if (!cell) return ''
  const text = cleanCell(cell, 'code')
  return emptyWords.hasInNumbers(text) ? '' : text
}
