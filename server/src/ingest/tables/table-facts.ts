/** How a cell holds a delimiter or a quote: in quotes that are doubled, in quotes after a backslash, or not at all. */
export type QuoteStyle = 'double' | 'backslash' | 'none'

/**
 * How sure an encoding is: chosen by a person, told by a byte order mark, proven by every byte, or estimated from the
 * bytes beyond ASCII.
 */
export type EncodingCertainty = 'chosen' | 'marked' | 'valid' | 'likely' | 'doubtful'

/**
 * Where the lines of a text file went. `total` is the sum of the others: no line is left out of the account.
 */
export interface LineCounts {
  total: number
  /** Before the header. */
  preamble: number
  header: number
  /** The header once more, as in files that were joined. */
  repeatedHeader: number
  /** Empty, or with empty cells only. */
  blank: number
  /** The first line of each row that was handed on to be read. */
  rows: number
  /** The further lines of rows whose quoted cells hold line breaks. */
  continuation: number
  /** Handed on with the problem that its table has. */
  rejected: number
  /** Totals and notes after the last row. */
  trailing: number
}

export interface TableFacts {
  readonly kind: 'csv' | 'xlsx' | 'xes'
  readonly compression: 'gzip' | 'zip' | undefined
  /** Of a text file. */
  readonly encoding?: { readonly name: string; readonly certainty: EncodingCertainty }
  readonly delimiter?: string
  readonly quote?: QuoteStyle
  /** Of a workbook: which sheet was read, and all that it has. */
  readonly sheet?: string
  readonly sheets?: readonly string[]
  /** Of a text file or a sheet. */
  readonly lines?: Readonly<LineCounts>
  /** Of an event log. */
  readonly traces?: number
  /** Data rows handed out so far, those with a problem included. */
  readonly rows: number
}

export function noLines(): LineCounts {
  return {
    total: 0,
    preamble: 0,
    header: 0,
    repeatedHeader: 0,
    blank: 0,
    rows: 0,
    continuation: 0,
    rejected: 0,
    trailing: 0,
  }
}
