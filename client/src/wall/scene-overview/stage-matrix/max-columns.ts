import type { WallLayout } from '../../wall-layout.ts'

const margin = 36
const gutter = 24
/** Label column and padding of the panel. */
const besides = 166
/** A narrower column cannot be read across the hall. */
const leastColumn = 89
const listWidth = 588
/** Width of what is next to the matrix on a 32:9 wall: numbers and a list of two columns. */
const besidesUltra = 760 + 1200 + 2 * gutter

/** Number of stages that fit in the matrix. More are shown in turn; the type size never shrinks. */
export function maxColumns({ kind, width }: WallLayout): number {
  const taken = { wide: listWidth + gutter, tall: listWidth + gutter, ultra: besidesUltra, portrait: 0 }[kind]
  return Math.max(2, Math.floor((width - 2 * margin - taken - besides) / leastColumn))
}
