import type { Column, Columns } from '../find-columns.ts'
import type { TableRecord } from '../../tables/table-file.ts'
import { transitionOf } from '../lifecycle.ts'
import { directionUnknown } from '../row-direction.ts'
import { cleanCell } from './clean-cell.ts'
import type { CellRules, ColumnReadings } from './column-readings.ts'
import { countedCell, counts, numberColumns, timeColumns } from './column-readings.ts'
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
  readonly #rules: CellRules
  readonly #times: ReadonlyMap<Name, TimeSurvey>
  readonly #numbers: ReadonlyMap<Name, NumberSurvey>
  /** The name of the last column if it is read, and its cells, which show whether the file is truncated within it. */
  readonly #lastColumn: Name | undefined
  readonly #ends = new LastCells()
  #last: TableRecord | undefined

  /** @param width number of cells in the header. */
  constructor(columns: Columns<Name>, width: number, rules: CellRules) {
    this.#columns = columns
    const indexes = new Map(Object.entries<Column | undefined>(columns).map(([name, column]) => [name, column?.index]))
    this.#orderIndex = indexes.get('order')
    this.#stageIndex = indexes.get('stage')
    this.#lifecycleIndex = indexes.get('lifecycle')
    this.#rules = rules
    const pattern = { clock: rules.clock, pattern: rules.timePattern }
    const names = Object.keys(columns).filter((name): name is Name => name in columns)
    this.#lastColumn = names.find((name) => columns[name]?.index === width - 1)
    this.#times = new Map(
      names.filter((name) => timeColumns.includes(name)).map((name) => [name, new TimeSurvey(pattern)]),
    )
    this.#numbers = new Map(
      names
        .filter((name) => numberColumns.includes(name))
        .map((name) => [name, new NumberSurvey(rules.decimalSign, counts(name))]),
    )
  }

  add(record: TableRecord): void {
    const { row, line, cells, problem } = record
    if (problem !== undefined) return
    this.#last = record
    if (this.#lastColumn !== undefined && record.hasLineEnd !== false)
      this.#ends.add(this.#lastCell(cells, this.#lastColumn))
    if (this.#lifecycleIndex !== undefined) this.#addTransition(cells[this.#lifecycleIndex] ?? '')
    for (const [name, survey] of this.#times) {
      const text = countedCell(cells, this.#columns, name, this.#rules)
      if (text === '') continue
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

  #lastCell(cells: readonly string[], name: Name): string {
    if (timeColumns.includes(name) || numberColumns.includes(name))
      return countedCell(cells, this.#columns, name, this.#rules)
    return cleanCell(cells[this.#columns[name]?.index ?? -1] ?? '', name === 'stage' ? 'text' : 'code')
  }

  #cutCell(): ColumnReadings['cutCell'] {
    const name = this.#lastColumn
    if (this.#last?.hasLineEnd !== false || name === undefined) return undefined
    const { row, cells } = this.#last
    const text = this.#lastCell(cells, name)
    if (text === '') return undefined
    const survey = this.#times.get(name)
    const isCut =
      survey !== undefined
        ? this.#ends.isShorter(text) || this.#isOnlyDay(survey, text)
        : this.#numbers.has(name)
          ? this.#ends.hasFewerDecimals(text)
          : name === 'stage'
            ? this.#ends.beginsOther(text)
            : name === 'order' && this.#ends.isShorter(text)
    return isCut ? { row, name } : undefined
  }

  /** Whether the last time of the file is its only day without a time. */
  #isOnlyDay(survey: TimeSurvey, text: string): boolean {
    const time = survey.reading().read(text)
    return time.ok && time.isDate && survey.findings().dateRows === 1 && this.#ends.count > 0
  }
}

/** With more different texts, the column has no names that repeat. */
const maxNames = 2_000

/** The cells of the last column, in bounded memory. */
class LastCells {
  count = 0
  readonly #lengths = { min: Infinity, max: 0 }
  readonly #decimals = { min: Infinity, max: 0 }
  readonly #names = new Set<string>()

  add(text: string): void {
    if (text === '') return
    this.count += 1
    this.#lengths.min = Math.min(this.#lengths.min, text.length)
    this.#lengths.max = Math.max(this.#lengths.max, text.length)
    const decimals = decimalsOf(text)
    this.#decimals.min = Math.min(this.#decimals.min, decimals)
    this.#decimals.max = Math.max(this.#decimals.max, decimals)
    if (this.#names.size < maxNames) this.#names.add(text)
  }

  /** Whether all cells have the same length and the text has not. */
  isShorter({ length }: string): boolean {
    const { min, max } = this.#lengths
    return this.count >= manyCells && min === max && length < min
  }

  hasFewerDecimals(text: string): boolean {
    const { min, max } = this.#decimals
    return this.count >= manyCells && min === max && decimalsOf(text) < min
  }

  /** Whether the text occurs nowhere else and another one begins with it. */
  beginsOther(text: string): boolean {
    return !this.#names.has(text) && [...this.#names].some((name) => name.startsWith(text))
  }
}

function decimalsOf(text: string): number {
  return /[.,](\d+)$/.exec(text)?.[1]?.length ?? 0
}
