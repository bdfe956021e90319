import type { Board } from '@stagewatch/shared/contract/board.ts'

type Stages = Pick<Board, 'bottleneck' | 'stageOrder' | 'stages'>

/** The stage of the focus scene: the bottleneck, or else the one with the largest share of overdue orders, if any. */
export function focusStage({ bottleneck, stageOrder, stages }: Stages): string | undefined {
  if (bottleneck !== undefined && bottleneck in stages) return bottleneck
  const share = (code: string): number => {
    const column = stages[code]
    return column === undefined || column.wip === 0 ? 0 : column.overdue / column.wip
  }
  const worst = stageOrder.toSorted((a, b) => share(b) - share(a))[0]
  return worst !== undefined && share(worst) > 0 ? worst : undefined
}
