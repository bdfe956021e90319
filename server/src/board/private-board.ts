import type { BoardList, BoardRow } from '@stagewatch/shared/contract/board.ts'
import { maskedName } from '@stagewatch/shared/domain/access/masked-name.ts'
import type { Privacy } from '@stagewatch/shared/domain/access/privacy.ts'
import type { BoardNumbers } from './build-board.ts'

/** The board without what is not to be seen. */
export function privateBoard(board: BoardNumbers, privacy: Privacy): BoardNumbers {
  const { overdue, upcoming, newestBreach } = board
  return {
    ...board,
    privacy,
    overdue: privateList(overdue, privacy),
    upcoming: privateList(upcoming, privacy),
    ...(newestBreach && { newestBreach: { ...newestBreach, row: privateRow(newestBreach.row, privacy) } }),
  }
}

function privateList(list: BoardList, privacy: Privacy): BoardList {
  const rows = Object.entries(list.rows).map(([order, row]) => [order, privateRow(row, privacy)] as const)
  return { ...list, rows: Object.fromEntries(rows) }
}

/** Whoever has an order is not named; that somebody has it is said by `unclaimed`. */
function privateRow(row: BoardRow, { customers, people }: Privacy): BoardRow {
  const { customer, owner, ...rest } = row
  return {
    ...rest,
    ...(customer !== undefined && { customer: customers === 'masked' ? maskedName(customer) : customer }),
    ...(owner !== undefined && people === 'shown' && { owner }),
  }
}
