import type { TimeRow } from '@stagewatch/shared/contract/analysis.ts'
import type { TimeColumn, TimeSearch } from '../analysis-search.ts'

/** Column and direction of the sort. Undefined: the server's order. Numbers start with the largest, names with A. */
export function sortOf(
  sort: TimeSearch['sort'],
): { readonly column: TimeColumn; readonly isDown: boolean } | undefined {
  if (sort === undefined) return undefined
  const isTurned = sort.startsWith('-')
  const column = (isTurned ? sort.slice(1) : sort) as TimeColumn
  return { column, isDown: (column === 'name') === isTurned }
}

/** The next sort after a click on a column header: usual direction, reverse direction, server's order. */
export function nextSort(column: TimeColumn, sort: TimeSearch['sort']): TimeSearch['sort'] {
  if (sort === column) return `-${column}`
  return sort === `-${column}` ? undefined : column
}

/** Rows without a value come last in both directions. */
export function sortRows(
  rows: readonly TimeRow[],
  sort: TimeSearch['sort'],
  nameOf: (row: TimeRow) => string,
): readonly TimeRow[] {
  const by = sortOf(sort)
  if (by === undefined) return rows
  const sign = by.isDown ? -1 : 1
  if (by.column === 'name') return rows.toSorted((a, b) => sign * nameOf(a).localeCompare(nameOf(b)))
  const value = valueOf[by.column]
  return rows.toSorted((a, b) => {
    const [left, right] = [value(a), value(b)]
    if (left === undefined || right === undefined) return Number(left === undefined) - Number(right === undefined)
    return sign * (left - right)
  })
}

const valueOf: Readonly<Record<Exclude<TimeColumn, 'name'>, (row: TimeRow) => number | undefined>> = {
  total: ({ totalMs }) => totalMs,
  visits: ({ visits }) => visits,
  mean: ({ meanMs }) => meanMs,
  p50: ({ p50Ms }) => p50Ms,
  p90: ({ p90Ms }) => p90Ms,
  over: overShareOf,
}

/** Visits that exceeded their limit ÷ visits with a limit. Undefined: no visit had a limit. */
function overShareOf({ judged, breaches }: Pick<TimeRow, 'judged' | 'breaches'>): number | undefined {
  return judged === 0 ? undefined : breaches / judged
}
