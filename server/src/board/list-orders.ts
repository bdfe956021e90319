import type { Board, BoardList, BoardRow } from '@stagewatch/shared/contract/board.ts'
import { shortNumber } from '@stagewatch/shared/domain/short-number.ts'
import { stageState } from '@stagewatch/shared/domain/stage-state.ts'
import type { OpenVisit } from '../engine/open-visits.ts'
import { smallest } from './smallest.ts'
import type { BoardSource } from './board-source.ts'

/** Ten pages of the wall; whoever wants more than that is at a desk. */
const overdueRows = 60
const upcomingRows = 12
const newestForMs = 10 * 60_000
const mergedWithinMs = 10_000

/** The open orders that a screen names. */
export function listOrders(
  source: BoardSource,
  now: number,
): Pick<Board, 'overdue' | 'upcoming'> & { newestBreach?: NonNullable<Board['newestBreach']> } {
  const overdue: OpenVisit[] = []
  const upcoming: OpenVisit[] = []
  for (const open of source.engine.open) {
    if (open.ledger.process !== source.process.definition.code) continue
    if (open.status.overdue) overdue.push(open)
    else if (open.status.atRisk) upcoming.push(open)
  }
  const newest = newestBreach(source, overdue, now)
  return {
    overdue: list(source, overdue, overdueRows, now),
    upcoming: list(source, upcoming, upcomingRows, now),
    ...(newest !== undefined && { newestBreach: newest }),
  }
}

function list(source: BoardSource, orders: readonly OpenVisit[], limit: number, now: number): BoardList {
  const rows = smallest(orders, limit, (a, b) => compareUrgency(a, b, now)).map((open) => boardRow(source, open))
  return {
    total: orders.length,
    order: rows.map((row) => row.order),
    rows: Object.fromEntries(rows.map((row) => [row.order, row])),
  }
}

/** Most overdue first, then by promise, then by number. */
function compareUrgency(a: OpenVisit, b: OpenVisit, now: number): number {
  return (
    overdueMs(b, now) - overdueMs(a, now) ||
    (a.state.facts.promisedAt ?? Number.MAX_VALUE) - (b.state.facts.promisedAt ?? Number.MAX_VALUE) ||
    (a.state.order < b.state.order ? -1 : 1)
  )
}

function overdueMs({ status }: OpenVisit, now: number): number {
  return status.dueAt === undefined ? (status.stoppedOverMs ?? 0) : now - status.dueAt
}

/** The order that turned overdue last, if that was a moment ago and its clock still runs. */
function newestBreach(
  source: BoardSource,
  overdue: readonly OpenVisit[],
  now: number,
): NonNullable<Board['newestBreach']> | undefined {
  let newest: OpenVisit | undefined
  for (const open of overdue) {
    const { dueAt } = open.status
    if (dueAt === undefined || dueAt < now - newestForMs) continue
    if (newest?.status.dueAt === undefined || newest.status.dueAt < dueAt) newest = open
  }
  const at = newest?.status.dueAt
  if (newest === undefined || at === undefined) return undefined
  const together = overdue.filter(
    (open) => open.ledger === newest.ledger && (open.status.dueAt ?? 0) > at - mergedWithinMs,
  )
  return { at, count: together.length, row: boardRow(source, newest) }
}

function boardRow(source: BoardSource, { state, visit, ledger, status }: OpenVisit): BoardRow {
  const { customer } = state.facts
  return {
    order: state.order,
    short: shortNumber(state.order),
    stage: visit.stage,
    state: stageState({ ...status, unknown: source.lateSourceOf(ledger) !== undefined }),
    unclaimed: visit.owner === undefined,
    // Only orders with a limit get into a list.
    limitMs: ledger.definition.targetMs ?? 1,
    ...(customer !== undefined && { customer }),
    ...(visit.owner !== undefined && { owner: visit.owner }),
    ...(visit.reason !== undefined && { reason: visit.reason }),
    ...(status.dueAt !== undefined && { dueAt: status.dueAt }),
    ...(status.stoppedOverMs !== undefined && { stoppedOverMs: status.stoppedOverMs }),
  }
}
