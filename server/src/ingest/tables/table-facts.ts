/**
 * How a cell contains a delimiter or a quote: in quotes that are doubled, in quotes after a backslash, or not at all.
 */
export type QuoteStyle = 'double' | 'backslash' | 'none'

/**
 * How the encoding was determined: chosen by the user, marked by a byte order mark, valid for every byte, or estimated
 * from the non-ASCII bytes.
 */
export type EncodingCertainty = 'chosen' | 'marked' | 'valid' | 'likely' | 'doubtful'

/** Classification of the lines of a text file. `total` is the sum of the others: every line is accounted for. */
export interface LineCounts {
  total: number
  /** Lines before the header. */
  preamble: number
  header: number
  /** Repeated header lines, as in concatenated files. */
  repeatedHeader: number
  /** Lines that are empty, have only empty cells, or are drawn between rows. */
  blank: number
  /** First lines of rows that were passed on. */
  rows: number
  /** Further lines of rows whose quoted cells contain line breaks. */
  continuation: number
  /** Lines of rows that were passed on with a problem. */
  rejected: number
  /** Totals and notes after the last row. */
  trailing: number
}

export interface TableFacts {
  /** `ndjson`: a line for each event, in the format of `POST /api/v1/events`. */
  readonly kind: 'csv' | 'xlsx' | 'xes' | 'ndjson'
  readonly compression: 'gzip' | 'zip' | undefined
  /** For a text file. */
  readonly encoding?: { readonly name: string; readonly certainty: EncodingCertainty }
  readonly delimiter?: string
  readonly quote?: QuoteStyle
  /** For a workbook: the sheet that was read, and all of its sheets. */
  readonly sheet?: string
  readonly sheets?: readonly string[]
  /** Whether the workbook counts days since 1904, as those of old Macs do. */
  readonly since1904?: boolean
  /** For a text file or a sheet. */
  readonly lines?: Readonly<LineCounts>
  /** For an event log. */
  readonly traces?: number
  /** Data rows returned so far, including those with a problem. */
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
