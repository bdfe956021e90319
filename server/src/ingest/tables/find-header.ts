export interface SampledRow {
  readonly cells: readonly string[]
  readonly line: number
}

const maxPreambleRows = 50

/** The number of cells, two or more, that most rows have. */
export function commonWidth(rows: readonly SampledRow[]): { readonly width: number; readonly count: number } {
  const counts = new Map<number, number>()
  for (const { cells } of rows) if (cells.length > 1) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1)
  let [width, count] = [1, 0]
  for (const [candidate, rowCount] of counts)
    if (rowCount > count || (rowCount === count && candidate > width)) [width, count] = [candidate, rowCount]
  return { width, count }
}

/**
 * The header of a table: its first row, unless that is too narrow for the table or holds data; then the first row of
 * texts that is as wide as the table. The rows are those that are not blank; `width` is that of most of them.
 */
export function findHeader<Row extends SampledRow>(rows: readonly Row[], width: number): Row | undefined {
  const [first] = rows
  if (first === undefined || width < 2) return first
  const filled = countFilled(first.cells)
  if (isHeaderLike(first.cells) && filled > width / 2) return first
  const header = rows
    .slice(0, maxPreambleRows)
    .find(({ cells }) => cells.length >= width && isHeaderLike(cells) && 2 * countFilled(cells) > width)
  return header ?? first
}

function countFilled(cells: readonly string[]): number {
  return cells.filter((cell) => cell.trim() !== '').length
}

/** Different names, none of which is a number or a time. */
export function isHeaderLike(cells: readonly string[]): boolean {
  const names = cells.map((cell) => cell.trim()).filter((name) => name !== '')
  if (names.length === 0 || (cells.length > 1 && names.length < 2)) return false
  return !names.some((name) => dataLike.test(name))
}

/** Numbers, dates and clock times, and texts of nothing but signs. */
const dataLike = /^[\p{P}\p{S}]+$|^[-+]?[\d.,\s]+$|^\d{1,4}[-./年]\d{1,2}[-./月]\d{1,4}|^\d{1,2}:\d{2}/u
