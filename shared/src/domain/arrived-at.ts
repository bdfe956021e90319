import type { FoldedOrder } from './fold-state.ts'
import { firstEntered } from './stage-visit.ts'

/**
 * When the order entered its process, epoch ms. Facts may be older: without dates, a file of orders places them at the
 * beginning of time.
 */
export function arrivedAt({ placedAt, visits, firstAt }: FoldedOrder): number {
  return placedAt ?? firstEntered(visits)?.enteredAt ?? firstAt
}
