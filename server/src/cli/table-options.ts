import type { QuoteStyle } from '../ingest/tables/table-facts.ts'
import type { TableOptions } from '../ingest/tables/table-file.ts'
import { isEncoding } from '../ingest/tables/open-table.ts'
import { UsageError } from './command.ts'

/** How a file is to be read, where that is not left to be found out. */
export const tableOptions = {
  encoding: { type: 'string' },
  delimiter: { type: 'string' },
  quote: { type: 'string' },
  'skip-lines': { type: 'string' },
  sheet: { type: 'string' },
} as const

export const tableHelp = `  --encoding NAME       of the file, such as gb18030 or windows-1252 (default: found out)
  --delimiter CHAR      between the cells: a character, or tab (default: found out)
  --quote STYLE         quotes within a quoted cell are doubled (double) or follow a
                        backslash (backslash), or nothing is quoted (none)
  --skip-lines N        lines before the header (default: found out)
  --sheet NAME          of a workbook (default: the first that is not hidden)`

type TableValues = { readonly [Name in keyof typeof tableOptions]?: string | undefined }

const quoteStyles: readonly QuoteStyle[] = ['double', 'backslash', 'none']
const delimiterNames: Readonly<Record<string, string>> = {
  tab: '\t',
  [String.raw`\t`]: '\t',
  comma: ',',
  semicolon: ';',
  pipe: '|',
  space: ' ',
}
const maxSkippedLines = 10_000

/** @throws UsageError */
export function readTableOptions(values: TableValues): TableOptions {
  const { encoding, delimiter, quote, sheet, 'skip-lines': skipLines } = values
  if (encoding !== undefined && !isEncoding(encoding))
    throw new UsageError(
      `--encoding takes a name such as utf-8, gb18030, big5, shift_jis or windows-1252, not ${encoding}`,
    )
  return {
    encoding,
    delimiter: delimiter === undefined ? undefined : readDelimiter(delimiter),
    quote: quote === undefined ? undefined : readQuote(quote),
    skipLines: skipLines === undefined ? undefined : readSkipLines(skipLines),
    sheet,
  }
}

function readDelimiter(text: string): string {
  const delimiter = delimiterNames[text.toLowerCase()] ?? text
  if (delimiter.length !== 1 || delimiter === '"' || delimiter === '\n' || delimiter === '\r')
    throw new UsageError(`--delimiter takes one character, or tab, not ${JSON.stringify(text)}`)
  return delimiter
}

function readQuote(text: string): QuoteStyle {
  const style = quoteStyles.find((known) => known === text)
  if (style === undefined) throw new UsageError(`--quote takes ${quoteStyles.join(', ')}, not ${text}`)
  return style
}

function readSkipLines(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > maxSkippedLines)
    throw new UsageError(`--skip-lines takes a number up to ${maxSkippedLines}, not ${text}`)
  return Number(text)
}
