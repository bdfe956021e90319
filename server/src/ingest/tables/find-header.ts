export interface SampledRow {
  readonly cells: readonly string[]
  readonly line: number
}

const maxPreambleRows = 50

/** The most common number of cells, two or more. */
export function commonWidth(rows: readonly SampledRow[]): { readonly width: number; readonly count: number } {
  const counts = new Map<number, number>()
  for (const { cells } of rows) if (cells.length > 1) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1)
  let [width, count] = [1, 0]
  for (const [candidate, rowCount] of counts)
    if (rowCount > count || (rowCount === count && candidate > width)) [width, count] = [candidate, rowCount]
  return { width, count }
}

/**
 * The header of a table: its first row, unless that is too narrow for the table or contains data; then the first row of
 * texts that is as wide as the table.
 * @param rows the rows that are not blank.
 * @param width the most common width.
 */
export function findHeader<Row extends SampledRow>(rows: readonly Row[], width: number): Row | undefined {
  const [first] = rows
  if (first === undefined || width < 2) return first
  const used = usedColumns(rows, width)
  if (isHeaderLike(first.cells) && 2 * countFilled(first.cells) > used) return first
  const header = rows
    .slice(0, maxPreambleRows)
    .find(({ cells }) => cells.length >= width && isHeaderLike(cells) && 2 * countFilled(cells) > used)
  return header ?? first
}

/** Number of columns without those that are empty in every row, as before the first bar of a line such as `| A | B |`. */
function usedColumns(rows: readonly SampledRow[], width: number): number {
  const whole = rows.filter(({ cells }) => cells.length >= width)
  return Array.from({ length: width }, (_, i) => i).filter((i) => whole.some(({ cells }) => cells[i]?.trim() !== ''))
    .length
}

function countFilled(cells: readonly string[]): number {
  return cells.filter((cell) => cell.trim() !== '').length
}

/** Whether the cells are distinct names, none of which is a number or a time. */
export function isHeaderLike(cells: readonly string[]): boolean {
  const names = cells.map((cell) => cell.trim()).filter((name) => name !== '')
  if (names.length === 0 || (cells.length > 1 && names.length < 2)) return false
  return !names.some((name) => dataLike.test(name))
}

/** Numbers, dates, clock times, and texts of punctuation only. */
const dataLike = /^[\p{P}\p{S}]+$|^[-+]?[\d.,\s]+$|^\d{1,4}[-./年]\d{1,2}[-./月]\d{1,4}|^\d{1,2}:\d{2}/u
