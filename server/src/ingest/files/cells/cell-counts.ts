import { shownValue } from './clean-cell.ts'

/** What was done with cells without rejecting their row. */
export type CellCause =
  /** A word such as NULL was read as an empty cell. */
  | 'empty_word'
  /** A guard such as `="000123"` or a leading apostrophe was taken off. */
  | 'guard'
  /** Invisible characters or unusual blanks at the ends were taken off. */
  | 'invisible'
  /** A date such as 1753-01-01 was read as no date. */
  | 'placeholder'
  /** An optional cell could not be read; the row counts without it. */
  | 'unreadable'
  /** A local time that the clocks skipped. */
  | 'gap'
  /** A local time that the clocks showed twice. */
  | 'fold'
  /** A number of an order, event or parcel that a spreadsheet has turned into a fraction, such as 123.0. */
  | 'fraction'
  /** Such a number whose last digits a spreadsheet has turned into zeros. */
  | 'rounded'

export interface CellExample {
  readonly line: number
  /** Hidden characters escaped, cut at 60 characters. */
  readonly value: string
}

/** The cells of one column with which the same was done. */
export interface CellRemark {
  readonly column: string
  readonly cause: CellCause
  readonly count: number
  /** The first of them. */
  readonly examples: readonly CellExample[]
  /** Why the first one could not be read; '' when the cause says it all. */
  readonly message: string
}

interface Entry {
  count: number
  readonly examples: CellExample[]
  readonly message: string
}

const maxExamples = 3

/** Counts by column and cause: bounded, because a file has few columns and keeps few examples of each. */
export class CellCounts {
  readonly #columns = new Map<string, Map<CellCause, Entry>>()

  add(cause: CellCause, column: string, line: number, value: string, message = ''): void {
    let causes = this.#columns.get(column)
    if (causes === undefined) this.#columns.set(column, (causes = new Map<CellCause, Entry>()))
    let entry = causes.get(cause)
    if (entry === undefined) causes.set(cause, (entry = { count: 0, examples: [], message }))
    entry.count += 1
    if (entry.examples.length < maxExamples) entry.examples.push({ line, value: shownValue(value) })
  }

  remarks(): CellRemark[] {
    return [...this.#columns].flatMap(([column, causes]) =>
      [...causes].map(([cause, { count, examples, message }]) => ({ column, cause, count, examples, message })),
    )
  }
}

const causeTexts: Readonly<Record<CellCause, string>> = {
  empty_word: 'read as empty',
  guard: 'without the guard against spreadsheets around it',
  invisible: 'without the invisible characters at its ends',
  placeholder: 'read as empty, because they stand for no date',
  unreadable: 'left out',
  gap: 'at a time that the clocks skipped, read as if they had not been set',
  fold: 'at a time that the clocks showed twice, told apart by the order of the rows, else the first is meant',
  fraction: 'with .0 at the end, as spreadsheets write numbers; the zero is kept as a part of them',
  rounded: 'with zeros from the 16th digit on, where spreadsheets round; different ones may look alike',
}

/** One line for a person: `due_at: 3 cells left out, line 4: soon (soon is no time; …)`. */
export function remarkText({ column, cause, count, examples, message }: CellRemark): string {
  const cells = count === 1 ? '1 cell' : `${count} cells`
  const shown = examples.map(({ line, value }) => `line ${line}: ${value}`).join(', ')
  return `${column}: ${cells} ${causeTexts[cause]}; ${shown}${message === '' ? '' : ` (${message})`}`
}
