import { CellSplitter } from './cell-splitter.ts'
import type { SampledRow } from './find-header.ts'
import { commonWidth, findHeader, isHeaderLike } from './find-header.ts'
import type { QuoteStyle } from './table-facts.ts'
import type { TableOptions } from './table-file.ts'

/** How to split the text of a table into rows and cells. */
export interface CsvDialect {
  readonly delimiter: string
  readonly quote: QuoteStyle
  /** Whether the user chose the quote style; lines within a quoted cell may then look like rows. */
  readonly isQuoteChosen: boolean
  readonly header: readonly string[]
  /** Number of lines before the header, including blank ones. */
  readonly preambleLines: number
  readonly headerLines: number
  /** Whether the line in place of the header looks like data. */
  readonly looksLikeData: boolean
}

const delimiters = [',', ';', '\t', '|'] as const
const maxSampledRows = 100
const maxLinesOfRow = 30

interface SampledLines extends SampledRow {
  /** 0-based. */
  readonly line: number
  readonly lineCount: number
  /** Whether a quote that closes a cell is followed by something other than the delimiter. */
  readonly hasStrayQuotes: boolean
}

/**
 * Detects delimiter and header from the first lines of a text. The delimiter is the one with which most rows have the
 * same number of cells. The header is the first row, unless that is too narrow for the table or contains data; then it
 * is the first row of texts that is as wide as the table. Undefined if there are only blank lines.
 */
export function detectDialect(lines: readonly string[], options: TableOptions): CsvDialect | undefined {
  const skipped = options.skipLines ?? 0
  const separator = options.skipLines === undefined ? separatorLine(lines[0]) : undefined
  const wanted = options.delimiter ?? separator
  const begin = separator === undefined ? skipped : 1
  const quote = options.quote ?? 'double'
  // If backslash-escaped quotes are read in the doubled style, cells end too early, and a wrong delimiter may fit.
  const hasBackslashes = options.quote === undefined && lines.some((line) => line.includes(String.raw`\"`))
  const styles: readonly QuoteStyle[] = hasBackslashes ? ['double', 'backslash'] : [quote]
  const candidates = (wanted === undefined ? delimiters : [wanted]).flatMap((delimiter) =>
    styles.map((style) => {
      const sample = (maxLines: number) => sampleRows(lines.slice(begin), { begin, delimiter, quote: style, maxLines })
      const rows = sample(maxLinesOfRow)
      // Also line by line, because a stray quote merges many rows into one.
      const [byRow, byLine] = [regularity(rows), regularity(sample(1))]
      return { delimiter, rows, ...(byLine.share > byRow.share ? byLine : byRow) }
    }),
  )
  const [best] = candidates.toSorted((a, b) => b.share - a.share || b.count - a.count || b.width - a.width)
  if (best === undefined || best.rows.length === 0) return undefined
  const header = options.skipLines === undefined ? findHeader(best.rows, best.width) : best.rows[0]
  if (header === undefined) return undefined
  return {
    delimiter: best.delimiter,
    quote,
    isQuoteChosen: options.quote !== undefined,
    header: header.cells.map((name) => name.trim()),
    preambleLines: header.line,
    headerLines: header.lineCount,
    looksLikeData: !isHeaderLike(header.cells),
  }
}

/**
 * The most common width, and the share of rows that have it. Rows whose quotes do not close properly with this
 * delimiter only count half.
 */
function regularity(rows: readonly SampledLines[]) {
  const { width, count } = commonWidth(rows)
  const stray = rows.filter(({ cells, hasStrayQuotes }) => hasStrayQuotes && cells.length === width).length
  return { width, count, share: (count - stray / 2) / Math.max(rows.length, 1) }
}

/** Excel writes `sep=;` before the header. */
function separatorLine(line: string | undefined): string | undefined {
  return line === undefined ? undefined : /^"?sep=(.)"?$/i.exec(line)?.[1]
}

interface Sampling {
  /** Number of lines before the first sampled one. */
  readonly begin: number
  readonly delimiter: string
  readonly quote: QuoteStyle
  /** A quote that does not close within this many lines is taken as part of the text. */
  readonly maxLines: number
}

/** The rows that are not blank. */
function sampleRows(lines: readonly string[], sampling: Sampling): SampledLines[] {
  const rows: SampledLines[] = []
  for (let at = 0; at < lines.length && rows.length < maxSampledRows;) {
    const row = sampleRow(lines, at, sampling)
    if (row.cells.some((cell) => cell.trim() !== '')) rows.push({ ...row, line: sampling.begin + at })
    at += row.lineCount
  }
  return rows
}

function sampleRow(lines: readonly string[], at: number, { delimiter, quote, maxLines }: Sampling) {
  const first = lines[at] ?? ''
  if (quote !== 'none' && first.includes('"')) {
    const splitter = new CellSplitter(delimiter, quote)
    for (let lineCount = 1; lineCount <= maxLines && at + lineCount <= lines.length; lineCount++)
      if (splitter.add(lines[at + lineCount - 1] ?? ''))
        return { cells: splitter.cells, lineCount, hasStrayQuotes: splitter.hasStrayQuotes }
  }
  return { cells: first.split(delimiter), lineCount: 1, hasStrayQuotes: false }
}
