import { useState } from 'react'
import { z } from 'zod'
import { columnIds, usualColumns, type ColumnId } from './order-columns.tsx'

/** Key in local storage. */
const storageKey = 'stagewatch-order-columns'
/** Ignores columns that a later version has removed. */
const stored = z.array(z.enum(columnIds).optional().catch(undefined))

/** The columns chosen in this browser, in the order of the table. */
export function useColumnChoice(): readonly [readonly ColumnId[], (columns: readonly ColumnId[]) => void] {
  const [columns, setColumns] = useState(readColumns)
  const choose = (chosen: readonly ColumnId[]): void => {
    setColumns(chosen)
    try {
      localStorage.setItem(storageKey, JSON.stringify(chosen))
    } catch {
      // Without storage, the default columns are shown next time.
    }
  }
  return [columns, choose]
}

function readColumns(): readonly ColumnId[] {
  try {
    const read = stored.parse(JSON.parse(localStorage.getItem(storageKey) ?? ''))
    const known = columnIds.filter((id) => id === 'order' || read.includes(id))
    return known.length > 1 ? known : usualColumns
  } catch {
    return usualColumns
  }
}
