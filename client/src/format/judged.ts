import type { Board, Kpis } from '@stagewatch/shared/contract/board.ts'

/** Why no open order is judged. `betweenStages`: limits are set, but every open order is in no stage. */
export type UnjudgedReason = 'noLimits' | 'betweenStages'

/** Whether a zero of overdue orders says nothing, because no open order is held against a limit. */
export function isUnjudged({ overdue, open }: Pick<Kpis, 'overdue' | 'open'>): boolean {
  return overdue.judged === 0 && open.count > 0
}

/** Whether a zero of stalled orders says nothing, because none of them ever becomes stalled. */
export function isNeverStalled({ stalled, open }: Pick<Kpis, 'stalled' | 'open'>): boolean {
  return stalled.judged === 0 && open.count > 0
}

/** Undefined: the number of overdue orders says what it seems to say. */
export function unjudgedReason({ kpis, stages }: Pick<Board, 'kpis' | 'stages'>): UnjudgedReason | undefined {
  if (!isUnjudged(kpis)) return undefined
  const columns = Object.values(stages)
  const hasLimits = columns.some(({ unjudged }) => unjudged === undefined)
  return hasLimits && columns.every(({ wip }) => wip === 0) ? 'betweenStages' : 'noLimits'
}

/** Stages that hold orders of which none has a limit, in the order of the process. */
export function stagesWithoutLimit({ stageOrder, stages }: Pick<Board, 'stageOrder' | 'stages'>): string[] {
  return stageOrder.filter((code) => stages[code]?.unjudged && (stages[code]?.wip ?? 0) > 0)
}

/** Whether some open orders are held against a limit and others are not. */
export function isPartlyJudged({ kpis, stages }: Pick<Board, 'kpis' | 'stages'>): boolean {
  return !isUnjudged(kpis) && Object.values(stages).some(({ withoutLimit = 0 }) => withoutLimit > 0)
}
