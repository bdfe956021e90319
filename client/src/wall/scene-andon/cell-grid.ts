import type { LayoutKind } from '../wall-layout.ts'

export interface CellGrid {
  readonly columns: number
  /** The two numbers stand beside each other, because the cell is wide and low. */
  readonly beside: boolean
}

const shortName = /^\p{Script=Han}{1,3}$/u

/** Of four digits and more is too wide for a narrow cell. */
const longNumber = 1000

/**
 * How the cells stand: in one row if every name and number is short, else in rows of wider cells, never in smaller type.
 * `mostOpen`: the largest number of them.
 */
export function cellGrid(names: readonly string[], mostOpen: number, kind: LayoutKind): CellGrid {
  const isShort = mostOpen < longNumber && names.every((name) => shortName.test(name))
  const count = Math.max(1, names.length)
  if (kind === 'portrait') return { columns: Math.min(count, isShort ? 5 : 3), beside: !isShort }
  if (kind === 'ultra') return { columns: Math.ceil(count / 2), beside: false }
  return isShort ? { columns: count, beside: false } : { columns: Math.ceil(count / 2), beside: true }
}
