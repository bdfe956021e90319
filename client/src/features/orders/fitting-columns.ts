import { useSyncExternalStore } from 'react'
import { columnTraits, type ColumnId } from './order-columns.tsx'

/** In narrower windows each row is a card, which has room for everything. */
const leastTablePx = 900
/** Width of everything beside the table: the sidebar, the page margins and a scrollbar. */
const besidePx = 138
/** Width of the checkboxes that select orders. */
export const chooserPx = 44
/** Columns shrink to this ratio before one is omitted. */
export const leastRatio = 0.85

/** Columns that a narrow window omits, first to last. The order page and the exported file include them. */
const expendable: readonly ColumnId[] = [
  'priority',
  'waybill',
  'department',
  'quantity',
  'product',
  'customerClass',
  'amount',
  'age',
  'reason',
  'promise',
  'ended',
  'customer',
  'owner',
]

/** The columns that fit into a window of this width. */
export function columnsThatFit(columns: readonly ColumnId[], windowPx: number): readonly ColumnId[] {
  if (windowPx < leastTablePx) return columns
  let fitting = columns
  for (const id of expendable) {
    const width = fitting.reduce((sum, each) => sum + columnTraits[each].width, chooserPx)
    if (width * leastRatio <= windowPx - besidePx) break
    fitting = fitting.filter((each) => each !== id)
  }
  return fitting
}

/** The same for the current window. */
export function useFittingColumns(columns: readonly ColumnId[]): readonly ColumnId[] {
  const windowPx = useSyncExternalStore(subscribeToSize, () => window.innerWidth)
  return columnsThatFit(columns, windowPx)
}

function subscribeToSize(listener: () => void): () => void {
  window.addEventListener('resize', listener)
  return () => window.removeEventListener('resize', listener)
}
