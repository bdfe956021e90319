import type { Board, BoardRow } from '@stagewatch/shared/contract/board.ts'

export interface StageRows {
  readonly overdue: readonly BoardRow[]
  readonly upcoming: readonly BoardRow[]
}

/** The listed orders of a stage. The board names the longest overdue of all stages, so some may not be among them. */
export function stageRows({ overdue, upcoming }: Pick<Board, 'overdue' | 'upcoming'>, stage: string): StageRows {
  return { overdue: rowsOf(overdue, stage), upcoming: rowsOf(upcoming, stage) }
}

function rowsOf({ order, rows }: Board['overdue'], stage: string): BoardRow[] {
  return order.flatMap((each) => rows[each] ?? []).filter((row) => row.stage === stage)
}
