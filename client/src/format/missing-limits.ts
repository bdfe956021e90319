import type { Board, Kpis } from '@stagewatch/shared/contract/board.ts'

/** Why no open order is evaluated. `betweenStages`: limits are set, but every open order is between stages. */
export type MissingLimitReason = 'noLimits' | 'betweenStages'

/** Whether a count of zero overdue orders is meaningless because no open order has a limit. */
export function isWithoutLimits({ overdue, open }: Pick<Kpis, 'overdue' | 'open'>): boolean {
  return overdue.judged === 0 && open.count > 0
}

/** Whether a count of zero stalled orders is meaningless because no open order can become stalled. */
export function cannotStall({ stalled, open }: Pick<Kpis, 'stalled' | 'open'>): boolean {
  return stalled.judged === 0 && open.count > 0
}

/** Undefined if the number of overdue orders can be taken at face value. */
export function missingLimitReason({ kpis, stages }: Pick<Board, 'kpis' | 'stages'>): MissingLimitReason | undefined {
  if (!isWithoutLimits(kpis)) return undefined
  const columns = Object.values(stages)
  const hasLimits = columns.some(({ unjudged }) => unjudged === undefined)
  return hasLimits && columns.every(({ wip }) => wip === 0) ? 'betweenStages' : 'noLimits'
}

/** Stages that hold orders, none of which has a limit, in process order. */
export function stagesWithoutLimit({ stageOrder, stages }: Pick<Board, 'stageOrder' | 'stages'>): string[] {
  return stageOrder.filter((code) => stages[code]?.unjudged && (stages[code]?.wip ?? 0) > 0)
}

/** Whether some open orders are evaluated against a limit and others are not. */
export function hasOrdersWithoutLimit({ kpis, stages }: Pick<Board, 'kpis' | 'stages'>): boolean {
  return !isWithoutLimits(kpis) && Object.values(stages).some(({ withoutLimit = 0 }) => withoutLimit > 0)
}
