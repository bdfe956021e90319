import { useSyncExternalStore } from 'react'
import { columnTraits, type ColumnId } from './order-columns.tsx'

/** Below, a row is a card that has room for everything. */
const leastTablePx = 900
/** Beside the table: the sidebar, the margins of the page and a scroll bar. */
const besidePx = 138
/** Of the boxes by which orders are chosen. */
export const chooserPx = 44
/** So far columns give way before one is left out. */
export const leastRatio = 0.85

/** What a narrow window can do without, first to last: the page of the order has it, and so has the file. */
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

/** The columns for which a window of this width has room. */
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

/** The same for the window as it is. */
export function useFittingColumns(columns: readonly ColumnId[]): readonly ColumnId[] {
  const windowPx = useSyncExternalStore(subscribeToSize, () => window.innerWidth)
  return columnsThatFit(columns, windowPx)
}

function subscribeToSize(listener: () => void): () => void {
  window.addEventListener('resize', listener)
  return () => window.removeEventListener('resize', listener)
}
