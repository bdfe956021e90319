import type { LayoutKind } from '../wall-layout.ts'

export interface CellGrid {
  readonly columns: number
  /** The two numbers are side by side, because the cell is wide and low. */
  readonly beside: boolean
}

const shortName = /^\p{Script=Han}{1,3}$/u

/** A number of four or more digits is too wide for a narrow cell. */
const longNumber = 1000

/**
 * Layout of the cells: one row if every name and number is short, else rows of wider cells; the type size never
 * shrinks. `mostOpen`: the largest number of open orders in a stage.
 */
export function cellGrid(names: readonly string[], mostOpen: number, kind: LayoutKind): CellGrid {
  const isShort = mostOpen < longNumber && names.every((name) => shortName.test(name))
  const count = Math.max(1, names.length)
  if (kind === 'portrait') return { columns: Math.min(count, isShort ? 5 : 3), beside: !isShort }
  if (kind === 'ultra') return { columns: Math.ceil(count / 2), beside: false }
  return isShort ? { columns: count, beside: false } : { columns: Math.ceil(count / 2), beside: true }
}
