import type { WallLayout } from '../../wall-layout.ts'

const margin = 36
const gutter = 24
/** Label column and padding of the panel. */
const besides = 166
/** A narrower column cannot be read across the hall. */
const leastColumn = 89
const listWidth = 588
/** What stands beside the matrix of a wall of 32:9: numbers and a list of two columns. */
const besidesUltra = 760 + 1200 + 2 * gutter

/** How many stages the matrix has room for; more take turns, never smaller type. */
export function mostColumns({ kind, width }: WallLayout): number {
  const taken = { wide: listWidth + gutter, tall: listWidth + gutter, ultra: besidesUltra, portrait: 0 }[kind]
  return Math.max(2, Math.floor((width - 2 * margin - taken - besides) / leastColumn))
}
