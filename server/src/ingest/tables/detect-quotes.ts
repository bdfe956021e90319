import type { ByteSource } from './byte-source.ts'
import type { CsvDialect } from './csv-dialect.ts'
import { CsvRows } from './csv-rows.ts'
import type { QuoteStyle } from './table-facts.ts'
import { readLines } from './text-lines.ts'

/** A file with this many broken quotes does not use the style that is being tried. */
const maxBroken = 1000

/**
 * The quote style with which every row has the cells of the header. Quotes are doubled if nothing contradicts it, or if
 * no style fits: the lines that do not fit are then rejected one by one.
 */
export async function detectQuotes(source: ByteSource, encoding: string, dialect: CsvDialect): Promise<QuoteStyle> {
  const doubled = await tryQuotes(source, encoding, { ...dialect, quote: 'double' })
  const { clean, inHeader, stray, swallowed, unclosed, backslashes } = doubled.quotes
  const broken = stray + swallowed + unclosed
  if (broken === 0 && (backslashes === 0 || doubled.account.misfits === 0)) return 'double'
  if (backslashes > 0) {
    const { quotes, account } = await tryQuotes(source, encoding, { ...dialect, quote: 'backslash' })
    if (quotes.stray + quotes.swallowed + quotes.unclosed + account.misfits === 0) return 'backslash'
  }
  // Quotes that work in most lines, and backslashes before quotes, are no coincidence.
  if (inHeader || backslashes > 0 || clean >= broken) return 'double'
  const { account } = await tryQuotes(source, encoding, { ...dialect, quote: 'none' })
  return account.misfits === 0 ? 'none' : 'double'
}

async function tryQuotes(source: ByteSource, encoding: string, dialect: CsvDialect): Promise<CsvRows> {
  const rows = new CsvRows(dialect)
  let endsWell = true
  for await (const { lines, hasLineEnd } of readLines(source, encoding)) {
    rows.add(lines)
    endsWell = hasLineEnd
    const { stray, swallowed, unclosed } = rows.quotes
    if (stray + swallowed + unclosed > maxBroken || (dialect.quote !== 'double' && rows.account.misfits > 0))
      return rows
  }
  rows.end(endsWell)
  return rows
}
