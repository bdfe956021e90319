import type { Board, BoardList, StageFocus } from '@stagewatch/shared/contract/board.ts'
import { ageingBins } from '@stagewatch/shared/domain/ageing-bins.ts'
import { overMs } from '../breaches.ts'

/** Content of the focus scene. `isPart`: the board lists only some of the stage's orders. */
export interface ShownFocus extends Omit<StageFocus, 'reasons'> {
  readonly reasons?: StageFocus['reasons']
  readonly isPart: boolean
}

/** The details of the stage if the board contains them, or else what the site-wide lists contain about it. */
export function shownFocus(
  board: Pick<Board, 'focus' | 'overdue' | 'upcoming'>,
  stage: string,
  now: number,
): ShownFocus {
  const full = board.focus?.[stage]
  if (full !== undefined) return { ...full, isPart: false }
  const [overdue, upcoming] = [ofStage(board.overdue, stage), ofStage(board.upcoming, stage)]
  const rows = [...Object.values(overdue.rows), ...Object.values(upcoming.rows)]
  const ageing = ageingBins(rows.map((row) => ({ overMs: overMs(row, now), state: row.state })))
  return { overdue, upcoming, ageing, isPart: true }
}

function ofStage({ order, rows }: BoardList, stage: string): BoardList {
  const own = order.flatMap((each) => rows[each] ?? []).filter((row) => row.stage === stage)
  return {
    total: own.length,
    order: own.map((row) => row.order),
    rows: Object.fromEntries(own.map((row) => [row.order, row])),
  }
}
