import { board } from '@stagewatch/shared/contract/board.ts'
import type { BoardList, BoardRow } from '@stagewatch/shared/contract/board.ts'
import { maskedName, maskedText } from '@stagewatch/shared/domain/access/masked-name.ts'
import type { Privacy } from '@stagewatch/shared/domain/access/audience.ts'
import type { BoardContent } from './board-publisher.ts'
import type { BoardNumbers } from './build-board.ts'

/** The board with its rows masked according to the privacy settings. */
export function privateBoard(numbers: BoardNumbers, privacy: Privacy): BoardNumbers {
  const { overdue, upcoming, newestBreach, focus = {} } = numbers
  const viewOfFocus = Object.entries(focus).map(([stage, shown]) => {
    const lists = { overdue: viewOfList(shown.overdue, privacy), upcoming: viewOfList(shown.upcoming, privacy) }
    return [stage, { ...shown, ...lists }] as const
  })
  return {
    ...numbers,
    privacy,
    overdue: viewOfList(overdue, privacy),
    upcoming: viewOfList(upcoming, privacy),
    focus: Object.fromEntries(viewOfFocus),
    ...(newestBreach && { newestBreach: { ...newestBreach, row: viewOfRow(newestBreach.row, privacy) } }),
  }
}

/** Event texts that the board shows: customers, people and reasons. */
export function* shownTexts({ overdue, upcoming, newestBreach, focus = {} }: BoardNumbers): Generator<string> {
  const focused = Object.values(focus)
  const lists = [overdue, upcoming, ...focused.flatMap((stage) => [stage.overdue, stage.upcoming])]
  const rows = lists.flatMap((list) => Object.values(list.rows))
  for (const { customer, owner, reason } of newestBreach === undefined ? rows : [...rows, newestBreach.row]) {
    if (customer !== undefined) yield customer
    if (owner !== undefined) yield owner
    if (reason !== undefined) yield reason
  }
  for (const { reason } of focused.flatMap(({ reasons }) => reasons)) if (reason !== undefined) yield reason
}

const content = board.omit({ board: true, epoch: true, version: true })

/**
 * The public part of a board, over HTTP and sockets: the fields of its schema and no others. Deltas are differences of
 * two of these.
 */
export function publicContent(built: BoardContent): BoardContent {
  return content.parse(built)
}

function viewOfList(list: BoardList, privacy: Privacy): BoardList {
  const rows = Object.entries(list.rows).map(([order, row]) => [order, viewOfRow(row, privacy)] as const)
  return { total: list.total, order: list.order, rows: Object.fromEntries(rows) }
}

/** The owner is not named; `unclaimed` tells whether there is one. */
function viewOfRow(row: BoardRow, privacy: Privacy): BoardRow {
  const { acknowledged, customer, owner, reason, dueAt, overFrom, stoppedOverMs } = row
  return {
    order: row.order,
    short: row.short,
    stage: row.stage,
    state: row.state,
    unclaimed: row.unclaimed,
    limitMs: row.limitMs,
    ...(acknowledged !== undefined && { acknowledged }),
    ...(customer !== undefined && { customer: privacy.customers === 'masked' ? maskedName(customer) : customer }),
    ...(owner !== undefined && privacy.people === 'shown' && { owner }),
    ...(reason !== undefined && { reason: maskedText(reason, { customers: [customer], people: [owner] }, privacy) }),
    ...(dueAt !== undefined && { dueAt }),
    ...(overFrom !== undefined && { overFrom }),
    ...(stoppedOverMs !== undefined && { stoppedOverMs }),
  }
}
