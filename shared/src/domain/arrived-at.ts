import type { FoldedOrder } from './fold-state.ts'
import { firstEntered } from './stage-visit.ts'

/** When the order came into its process, epoch ms. Facts may be older: a file of orders without dates says since ever. */
export function arrivedAt({ placedAt, visits, firstAt }: FoldedOrder): number {
  return placedAt ?? firstEntered(visits)?.enteredAt ?? firstAt
}
