import type { Column, Columns } from '../find-columns.ts'
import type { TableRecord } from '../../tables/table-file.ts'
import { transitionOf } from '../lifecycle.ts'
import { directionUnknown } from '../row-direction.ts'
import { cleanCell } from './clean-cell.ts'
import type { CellRules, ColumnReadings } from './column-readings.ts'
import { countedCell, numberColumns, timeColumns } from './column-readings.ts'
import type { NumberFindings } from './number-column.ts'
import { NumberSurvey } from './number-column.ts'
import type { TimeFindings } from './time-survey.ts'
import { TimeSurvey } from './time-survey.ts'

/** Survey result of one column; `column` is its header. */
interface ColumnFindings<T> {
  readonly column: string
  readonly findings: T
}

/** Survey result of a file, by column name. */
export interface SurveyFindings {
  readonly times: ReadonlyMap<string, ColumnFindings<TimeFindings>>
  readonly numbers: ReadonlyMap<string, ColumnFindings<NumberFindings>>
}

/** If this many cells have the same length, it is a fixed-width format. */
const manyCells = 10

/**
 * Surveys all rows of a file before the actual import, because a column of times or numbers can only be read as a
 * whole: 03/11/2026 is resolved by the other cells. Memory is bounded regardless of the file size.
 */
export class ColumnSurvey<Name extends string> {
  readonly #columns: Columns<Name>
  readonly #orderIndex: number | undefined
  readonly #stageIndex: number | undefined
  readonly #lifecycleIndex: number | undefined
  readonly #transitions = { known: 0, all: 0 }
  readonly #width: number
  readonly #rules: CellRules
  readonly #times: ReadonlyMap<Name, TimeSurvey>
  readonly #numbers: ReadonlyMap<Name, NumberSurvey>
  /** Text lengths of the last column if it has times, to detect that the file is truncated within a time. */
  #lengths = { min: Infinity, max: 0, count: 0 }
  #last: TableRecord | undefined

  /** @param width number of cells in the header. */
  constructor(columns: Columns<Name>, width: number, rules: CellRules) {
    this.#columns = columns
    const indexes = new Map(Object.entries<Column | undefined>(columns).map(([name, column]) => [name, column?.index]))
    this.#orderIndex = indexes.get('order')
    this.#stageIndex = indexes.get('stage')
    this.#lifecycleIndex = indexes.get('lifecycle')
    this.#width = width
    this.#rules = rules
    const pattern = { clock: rules.clock, pattern: rules.timePattern }
    const names = Object.keys(columns).filter((name): name is Name => name in columns)
    this.#times = new Map(
      names.filter((name) => timeColumns.includes(name)).map((name) => [name, new TimeSurvey(pattern)]),
    )
    this.#numbers = new Map(
      names.filter((name) => numberColumns.includes(name)).map((name) => [name, new NumberSurvey(rules.decimalSign)]),
    )
  }

  add(record: TableRecord): void {
    const { row, line, cells, problem } = record
    if (problem !== undefined) return
    this.#last = record
    if (this.#lifecycleIndex !== undefined) this.#addTransition(cells[this.#lifecycleIndex] ?? '')
    for (const [name, survey] of this.#times) {
      const text = countedCell(cells, this.#columns, name, this.#rules)
      if (text === '') continue
      if (record.hasLineEnd !== false) this.#addLength(name, text)
      const order = cleanCell(cells[this.#orderIndex ?? -1] ?? '', 'code')
      const stage = cleanCell(cells[this.#stageIndex ?? -1] ?? '', 'text')
      survey.add({ row, line, order, stage, text })
    }
    for (const [name, survey] of this.#numbers) {
      const text = countedCell(cells, this.#columns, name, this.#rules)
      if (text !== '') survey.add(text, line)
    }
  }

  readings(): ColumnReadings {
    const time = [...this.#times].find(([name]) => name === 'time')?.[1]
    return {
      times: new Map([...this.#times].map(([name, survey]) => [name, survey.reading()])),
      numbers: new Map([...this.#numbers].map(([name, survey]) => [name, survey.reading()])),
      laterRows: time?.laterRows() ?? new Set(),
      direction: time?.direction() ?? directionUnknown,
      hasTransitions: this.#transitions.known * 2 > this.#transitions.all,
      cutCell: this.#cutCell(),
    }
  }

  findings(): SurveyFindings {
    return {
      times: new Map([...this.#times].map(([name, survey]) => [name, this.#inColumn(name, survey.findings())])),
      numbers: new Map([...this.#numbers].map(([name, survey]) => [name, this.#inColumn(name, survey.findings())])),
    }
  }

  #addTransition(text: string): void {
    if (text.trim() === '') return
    this.#transitions.all += 1
    if (transitionOf(text) !== undefined) this.#transitions.known += 1
  }

  #inColumn<T>(name: Name, findings: T): ColumnFindings<T> {
    return { column: this.#columns[name]?.header ?? name, findings }
  }

  #addLength(name: Name, { length }: string): void {
    if (this.#columns[name]?.index !== this.#width - 1) return
    this.#lengths.min = Math.min(this.#lengths.min, length)
    this.#lengths.max = Math.max(this.#lengths.max, length)
    this.#lengths.count += 1
  }

  /** A file that is truncated within a time ends with a date only, or with a text shorter than all others. */
  #cutCell(): ColumnReadings['cutCell'] {
    if (this.#last?.hasLineEnd !== false) return undefined
    const { row, cells } = this.#last
    for (const [name, survey] of this.#times) {
      if (this.#columns[name]?.index !== this.#width - 1) continue
      const text = countedCell(cells, this.#columns, name, this.#rules)
      const time = text === '' ? undefined : survey.reading().read(text)
      const isOnlyDay = time?.ok === true && time.isDate && survey.findings().dateRows === 1 && this.#lengths.count > 0
      const { min, max, count } = this.#lengths
      const isShorter = text !== '' && count >= manyCells && min === max && text.length < min
      if (isOnlyDay || isShorter) return { row, name }
    }
    return undefined
  }
}
