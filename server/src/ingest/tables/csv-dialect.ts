import { CellSplitter } from './cell-splitter.ts'
import type { SampledRow } from './find-header.ts'
import { commonWidth, findHeader, isHeaderLike } from './find-header.ts'
import type { QuoteStyle } from './table-facts.ts'
import type { TableOptions } from './table-file.ts'

/** How the text of a table is to be cut into rows and cells. */
export interface CsvDialect {
  readonly delimiter: string
  readonly quote: QuoteStyle
  readonly header: readonly string[]
  /** Lines before the header, blank ones included. */
  readonly preambleLines: number
  readonly headerLines: number
  /** Something besides a header stands where it was looked for. */
  readonly looksLikeData: boolean
}

const delimiters = [',', ';', '\t', '|'] as const
const maxSampledRows = 100

interface SampledLines extends SampledRow {
  /** The first is 0. */
  readonly line: number
  readonly lineCount: number
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
  const candidates = (wanted === undefined ? delimiters : [wanted]).map((delimiter) => {
    const rows = sampleRows(lines, begin, delimiter, quote)
    return { delimiter, rows, ...commonWidth(rows) }
  })
  const best = candidates.toSorted((a, b) => b.count - a.count || b.width - a.width)[0]
  if (best === undefined || best.rows.length === 0) return undefined
  const header = options.skipLines === undefined ? findHeader(best.rows) : best.rows[0]
  if (header === undefined) return undefined
  return {
    delimiter: best.delimiter,
    quote,
    header: header.cells.map((name) => name.trim()),
    preambleLines: header.line,
    headerLines: header.lineCount,
    looksLikeData: !isHeaderLike(header.cells),
  }
}

/** Excel writes `sep=;` before the header. */
function separatorLine(line: string | undefined): string | undefined {
  return line === undefined ? undefined : /^"?sep=(.)"?$/i.exec(line)?.[1]
}

/** Rows that are not blank. A quoted cell that does not end soon is taken for a text with a quote in it. */
function sampleRows(lines: readonly string[], begin: number, delimiter: string, quote: QuoteStyle): SampledLines[] {
  const rows: SampledLines[] = []
  for (let line = begin; line < lines.length && rows.length < maxSampledRows;) {
    const row = sampleRow(lines, line, delimiter, quote)
    if (row.cells.some((cell) => cell.trim() !== '')) rows.push(row)
    line += row.lineCount
  }
  return rows
}

const maxHeaderLines = 30

function sampleRow(lines: readonly string[], line: number, delimiter: string, quote: QuoteStyle): SampledLines {
  const first = lines[line] ?? ''
  if (quote !== 'none' && first.includes('"')) {
    const splitter = new CellSplitter(delimiter, quote)
    for (let lineCount = 1; lineCount <= maxHeaderLines && line + lineCount <= lines.length; lineCount++)
      if (splitter.add(lines[line + lineCount - 1] ?? '')) return { cells: splitter.cells, line, lineCount }
  }
  return { cells: first.split(delimiter), line, lineCount: 1 }
}
