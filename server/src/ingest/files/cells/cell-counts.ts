import { plural } from '../../../platform/english-text.ts'
import { shownValue } from './clean-cell.ts'

/** How cells were corrected or ignored without rejecting their row. */
export type CellCause =
  /** A word such as NULL was read as an empty cell. */
  | 'empty_word'
  /** A guard such as `="000123"` or a leading apostrophe was removed. */
  | 'guard'
  /** Invisible characters or unusual whitespace at the ends were removed. */
  | 'invisible'
  /** A date such as 1753-01-01 was read as missing. */
  | 'placeholder'
  /** An optional cell could not be read; the row is imported without it. */
  | 'unreadable'
  /** A local time in a DST gap. */
  | 'gap'
  /** An ambiguous local time in a DST fold. */
  | 'fold'
  /** An order, event or parcel number that a spreadsheet turned into a decimal, such as 123.0. */
  | 'fraction'
  /** An order, event or parcel number whose last digits a spreadsheet replaced with zeros. */
  | 'rounded'

export interface CellExample {
  readonly line: number
  /** Hidden characters escaped, truncated to 60 characters. */
  readonly value: string
}

/** The cells of one column with the same cause. */
export interface CellRemark {
  readonly column: string
  readonly cause: CellCause
  readonly count: number
  /** The first affected cells. */
  readonly examples: readonly CellExample[]
  /** Why the first one could not be read; '' if the cause is self-explanatory. */
  readonly message: string
}

interface Entry {
  count: number
  readonly examples: CellExample[]
  readonly message: string
}

const maxExamples = 3

/**
 * Counts cells by column and cause. Memory is bounded, because a file has few columns and only a few examples of each
 * are kept.
 */
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

/** One human-readable line: `due_at: 3 cells left out, line 4: soon (soon is no time; …)`. */
export function remarkText({ column, cause, count, examples, message }: CellRemark): string {
  const shown = examples.map(({ line, value }) => `line ${line}: ${value}`).join(', ')
  return `${column}: ${plural(count, 'cell')} ${causeTexts[cause]}; ${shown}${message === '' ? '' : ` (${message})`}`
}
