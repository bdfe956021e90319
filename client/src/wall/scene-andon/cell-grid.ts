import type { LayoutKind } from '../wall-layout.ts'

export interface CellGrid {
  readonly columns: number
  /** The two numbers stand beside each other, because the cell is wide and low. */
  readonly beside: boolean
}

const shortName = /^\p{Script=Han}{1,3}$/u

/** How the cells stand: in one row if every name is short, else in rows of wider cells, never in smaller type. */
export function cellGrid(names: readonly string[], kind: LayoutKind): CellGrid {
  const isShort = names.every((name) => shortName.test(name))
  const count = Math.max(1, names.length)
  if (kind === 'portrait') return { columns: Math.min(count, isShort ? 5 : 3), beside: !isShort }
  if (kind === 'ultra') return { columns: Math.ceil(count / 2), beside: false }
  return isShort ? { columns: count, beside: false } : { columns: Math.ceil(count / 2), beside: true }
}
