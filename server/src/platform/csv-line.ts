/** What a spreadsheet takes for a formula, or leads on to one; the wide forms are those of Chinese keyboards. */
const formulaStart = /^[=+\-@\t\r\n＝＋－＠]/u
const needsQuotes = /[",\r\n]/

/**
 * A line of a CSV file by RFC 4180. A text that a spreadsheet would carry out as a formula is set behind an apostrophe,
 * which shows it as it is; numbers are written as they are. Undefined: an empty cell.
 */
export function csvLine(cells: readonly (string | number | undefined)[]): string {
  return `${cells.map(cellText).join(',')}\r\n`
}

function cellText(cell: string | number | undefined): string {
  if (cell === undefined) return ''
  if (typeof cell === 'number') return String(cell)
  const text = formulaStart.test(cell) ? `'${cell}` : cell
  return needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
