import { CellSplitter } from './cell-splitter.ts'
import type { SampledRow } from './find-header.ts'
import { commonWidth, findHeader, isHeaderLike } from './find-header.ts'
import type { QuoteStyle } from './table-facts.ts'
import type { TableOptions } from './table-file.ts'

/** How the text of a table is to be cut into rows and cells. */
export interface CsvDialect {
  readonly delimiter: string
  readonly quote: QuoteStyle
  /** A person says so; then lines that look like rows may belong to a cell. */
  readonly isQuoteChosen: boolean
  readonly header: readonly string[]
  /** Lines before the header, blank ones included. */
  readonly preambleLines: number
  readonly headerLines: number
  /** Something besides a header stands where it was looked for. */
  readonly looksLikeData: boolean
}

const delimiters = [',', ';', '\t', '|'] as const
const maxSampledRows = 100
const maxLinesOfRow = 30

interface SampledLines extends SampledRow {
  /** The first is 0. */
  readonly line: number
  readonly lineCount: number
  /** A quote closes a cell that something else than the delimiter follows. */
  readonly hasStrayQuotes: boolean
}

/**
 * Finds delimiter and header in the first lines of a text. The delimiter is the one by which most rows have equally
 * many cells. The header is the first row, unless that is too narrow for the table or holds data; then it is the first
 * row of texts that is as wide as the table. Undefined: there is nothing but blank lines.
 */
export function detectDialect(lines: readonly string[], options: TableOptions): CsvDialect | undefined {
  const skipped = options.skipLines ?? 0
  const separator = options.skipLines === undefined ? separatorLine(lines[0]) : undefined
  const wanted = options.delimiter ?? separator
  const begin = separator === undefined ? skipped : 1
  const quote = options.quote ?? 'double'
  // Quotes after a backslash, read as doubled ones, end cells too early, and then any delimiter may fit better.
  const hasBackslashes = options.quote === undefined && lines.some((line) => line.includes(String.raw`\"`))
  const styles: readonly QuoteStyle[] = hasBackslashes ? ['double', 'backslash'] : [quote]
  const candidates = (wanted === undefined ? delimiters : [wanted]).flatMap((delimiter) =>
    styles.map((style) => {
      const sample = (maxLines: number) => sampleRows(lines.slice(begin), { begin, delimiter, quote: style, maxLines })
      const rows = sample(maxLinesOfRow)
      // Line by line too, because a quote that is none makes one row of many.
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
 * The width that most rows have, and their share of all: rows of one line are more than rows of several. Where quotes
 * do not close as they would before the right delimiter, a row speaks half as much for its own.
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
  /** Lines before the first. */
  readonly begin: number
  readonly delimiter: string
  readonly quote: QuoteStyle
  /** A quoted cell that does not end within so many lines is taken for a text with a quote in it. */
  readonly maxLines: number
}

/** Rows that are not blank. */
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
