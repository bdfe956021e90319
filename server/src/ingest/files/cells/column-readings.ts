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

/** How a person says that the cells of a file are to be read. What is undefined is found out from the cells. */
export interface CellRules {
  /** For times without offset; undefined: such times are rejected. */
  readonly clock: ZonedClock | undefined
  /** How times are written. */
  readonly timePattern?: TimePattern | undefined
  readonly decimalSign?: DecimalSign | undefined
  readonly emptyWords?: EmptyWords | undefined
}

/** How the columns of one file are read, decided from all of their cells. */
export interface ColumnReadings {
  readonly times: ReadonlyMap<string, TimeReading>
  readonly numbers: ReadonlyMap<string, NumberReading>
  /** Rows whose time the clocks showed twice and that mean the second. */
  readonly laterRows: ReadonlySet<number>
  readonly direction: DirectionFound
  /** Most cells of the column `lifecycle` are transitions that are known. */
  readonly hasTransitions: boolean
  /** The cell within which the file ends, of its last row and column; undefined: it is whole, as far as cells show. */
  readonly cutCell: { readonly row: number; readonly name: string } | undefined
}

export const timeColumns: readonly string[] = ['time', 'startedAt', 'promisedAt']
export const numberColumns: readonly string[] = ['quantity', 'amount']

/** Without a look at the cells: what only a whole column explains is refused. */
export function unsurveyedReadings(rules: CellRules): ColumnReadings {
  const times = { clock: rules.clock, pattern: rules.timePattern }
  const numbers = { isContradictory: false, isSurveyed: false }
  return {
    times: new Map(timeColumns.map((name) => [name, new TimeReading(times, undefined)])),
    numbers: new Map(numberColumns.map((name) => [name, new NumberReading(rules.decimalSign, numbers)])),
    laterRows: new Set(),
    direction: directionUnknown,
    hasTransitions: true,
    cutCell: undefined,
  }
}

/** The text of a column of times or numbers, cleaned; '' when it is empty or says that it is. */
export function countedCell(
  cells: readonly string[],
  columns: Columns<string>,
  name: string,
  rules: CellRules,
): string {
  const column = columns[name]
  const text = column === undefined ? '' : plainCell(cells[column.index], rules)
  const { timeOfDay } = columns
  if (name !== 'time' || timeOfDay === undefined) return text
  return joinedTime(text, plainCell(cells[timeOfDay.index], rules))
}

function plainCell(cell: string | undefined, { emptyWords = usualEmptyWords }: CellRules): string {
  if (!cell) return ''
  const text = cleanCell(cell, 'code')
  return emptyWords.hasInNumbers(text) ? '' : text
}
