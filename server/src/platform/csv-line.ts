/** Characters that start a formula in a spreadsheet, or lead to one; full-width forms come from Chinese keyboards. */
const formulaStart = /^[=+\-@\t\r\n＝＋－＠]/u
const needsQuotes = /[",\r\n]/

/**
 * A line of a CSV file by RFC 4180. Text that a spreadsheet would run as a formula gets an apostrophe in front, so that
 * it is shown literally; numbers are written unchanged. Undefined is an empty cell.
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
