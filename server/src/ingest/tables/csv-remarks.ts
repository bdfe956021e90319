import { plural, shownText } from '../../platform/english-text.ts'
import type { CsvDialect } from './csv-dialect.ts'
import type { FoundEncoding } from './byte-patterns.ts'
import type { RowAccount } from './row-account.ts'
import type { TableRemark } from './table-remarks.ts'
import { garbledRemark } from './table-remarks.ts'

/** What the user should know about how a text was read. */
export function csvRemarks(rows: RowAccount, dialect: CsvDialect, encoding: FoundEncoding): readonly TableRemark[] {
  const { remarks } = rows
  const found = [
    encodingRemark(encoding),
    remarks.remark(
      'damaged_text',
      (count, places) =>
        `${plural(count, 'character')} could not be read as ${encoding.name} (${places}); if they are many, choose another encoding with --encoding`,
      { encoding: encoding.name },
    ),
    headerRemark(rows, dialect),
    quoteRemark(dialect),
    remarks.remark(
      'stray_quotes',
      (count, places) =>
        `${plural(count, 'row')} with quotes that are not doubled in the middle of cells (${places}); if they were read wrongly, use --quote none or --quote backslash`,
    ),
    remarks.remark(
      'swallowed_lines',
      (count, places) =>
        `${plural(count, 'line')} rejected because a quote opens and does not close in its row (${places}); --quote none if quotes are ordinary characters in this file, --quote double if the lines belong to a cell`,
    ),
    remarks.remark(
      'cut_off',
      (_count, places) => `the file ends in the middle of a row (${places}); copy or export it again`,
    ),
    rows.unevenRemark(),
    garbledRemark(remarks),
    trailingRemark(rows),
    ...rows.commonRemarks(),
  ]
  return found.filter((remark) => remark !== undefined)
}

function encodingRemark({ name, certainty, alternative }: FoundEncoding): TableRemark | undefined {
  if (certainty !== 'doubtful') return undefined
  return {
    code: 'encoding_doubtful',
    count: 1,
    lines: [],
    params: { encoding: name, alternative: alternative ?? '' },
    text: `the encoding is a guess: read as ${name}, may be ${alternative ?? 'another'}; check a text that is not ASCII, and choose with --encoding`,
  }
}

function headerRemark({ lines }: RowAccount, dialect: CsvDialect): TableRemark | undefined {
  const { preambleLines, looksLikeData, header } = dialect
  const line = preambleLines + 1
  if (looksLikeData)
    return {
      code: 'no_header',
      count: 1,
      lines: [line],
      params: { header: shownText(header.join(', ')) },
      text: `line ${line} was taken as the header but looks like data (${shownText(header.join(', '))}); a file needs a line with the names of its columns`,
    }
  if (lines.preamble === 0) return undefined
  return {
    code: 'preamble_skipped',
    count: lines.preamble,
    lines: [line],
    text: `the header was found in line ${line}; ${plural(lines.preamble, 'line')} before it skipped (--skip-lines chooses how many)`,
  }
}

function quoteRemark({ quote, isQuoteChosen }: CsvDialect): TableRemark | undefined {
  if (isQuoteChosen) return undefined
  if (quote === 'none')
    return {
      code: 'quotes_not_used',
      count: 1,
      lines: [],
      text: 'quotes were read as ordinary characters, because else rows would not have the cells of the header (--quote double if they enclose cells)',
    }
  if (quote === 'backslash')
    return {
      code: 'backslash_quotes',
      count: 1,
      lines: [],
      text: 'quotes within cells were read as following a backslash (--quote double if they do not)',
    }
  return undefined
}

function trailingRemark({ remarks, lines }: RowAccount): TableRemark | undefined {
  return remarks.remark(
    'trailing_lines',
    (_count, places) => `${plural(lines.trailing, 'line')} of totals or notes after the last row not read (${places})`,
    { trailing: lines.trailing },
  )
}
