import type { Board, BoardList, BoardRow } from '@stagewatch/shared/contract/board.ts'
import { shortNumber } from '@stagewatch/shared/domain/short-number.ts'
import { stageState } from '@stagewatch/shared/domain/stage-state.ts'
import { pastTargetMs } from '@stagewatch/shared/domain/visit-status.ts'
import type { OpenVisit } from '../engine/open-visits.ts'
import { smallest } from './smallest.ts'
import type { BoardSource } from './board-source.ts'

/** Ten pages of the wall; whoever wants more than that is at a desk. */
const overdueRows = 60
const upcomingRows = 12
const newestForMs = 10 * 60_000
const mergedWithinMs = 10_000

/** An open order with how far past its limit its clock is, working ms. */
interface Ranked {
  readonly open: OpenVisit
  readonly overMs: number
}

/** The open orders that a screen names. */
export function listOrders(
  source: BoardSource,
  now: number,
): Pick<Board, 'overdue' | 'upcoming'> & { newestBreach?: NonNullable<Board['newestBreach']> } {
  const ranked = (open: OpenVisit): Ranked => ({
    open,
    overMs: pastTargetMs(open.visit, open.state, open.terms, now) ?? 0,
  })
  const { engine } = source
  const { stages } = source.process
  const overdue = stages.flatMap((stage) => engine.open.overdueIn(stage).map(ranked))
  const upcoming = stages.flatMap((stage) => engine.open.atRiskIn(stage).map(ranked))
  const newest = newestBreach(source, overdue, now)
  return {
    overdue: list(source, overdue, overdueRows, now),
    upcoming: list(source, upcoming, upcomingRows, now),
    ...(newest !== undefined && { newestBreach: newest }),
  }
}

function list(source: BoardSource, orders: readonly Ranked[], limit: number, now: number): BoardList {
  const rows = smallest(orders, limit, compareUrgency).map((order) => boardRow(source, order, now))
  return {
    total: orders.length,
    order: rows.map((row) => row.order),
    rows: Object.fromEntries(rows.map((row) => [row.order, row])),
  }
}

/** Most overdue first, then by promise, then by number. */
function compareUrgency(a: Ranked, b: Ranked): number {
  const [first, second] = [a.open.state, b.open.state]
  return (
    b.overMs - a.overMs ||
    (first.facts.promisedAt ?? Number.MAX_VALUE) - (second.facts.promisedAt ?? Number.MAX_VALUE) ||
    (first.order < second.order ? -1 : 1)
  )
}

/** The order that turned overdue last, if that was a moment ago and it is not on hold. */
function newestBreach(
  source: BoardSource,
  overdue: readonly Ranked[],
  now: number,
): NonNullable<Board['newestBreach']> | undefined {
  let newest: Ranked | undefined
  for (const ranked of overdue) {
    const { dueAt, onHold } = ranked.open.status
    if (dueAt === undefined || onHold || dueAt < now - newestForMs) continue
    if (newest?.open.status.dueAt === undefined || newest.open.status.dueAt < dueAt) newest = ranked
  }
  const at = newest?.open.status.dueAt
  if (newest === undefined || at === undefined) return undefined
  const { ledger } = newest.open
  const together = overdue.filter(
    ({ open }) => open.ledger === ledger && !open.status.onHold && (open.status.dueAt ?? 0) > at - mergedWithinMs,
  )
  return { at, count: together.length, row: boardRow(source, newest, now) }
}

function boardRow(source: BoardSource, { open, overMs }: Ranked, now: number): BoardRow {
  const { state, visit, ledger, terms, status } = open
  const { customer } = state.facts
  return {
    order: state.order,
    short: shortNumber(state.order),
    stage: visit.stage,
    state: stageState({ ...status, unknown: source.lateSourceOf(ledger) !== undefined }),
    unclaimed: visit.owner === undefined,
    // Only orders with a limit get into a list.
    limitMs: terms.targetMs ?? 1,
    ...(customer !== undefined && { customer }),
    ...(visit.owner !== undefined && { owner: visit.owner }),
    ...(visit.reason !== undefined && { reason: visit.reason }),
    ...(status.dueAt !== undefined && { dueAt: status.dueAt }),
    ...rowClock(open, overMs, now),
  }
}

/** How the screen goes on counting. While the clock runs, both ends move alike, so that the row stays as it is. */
function rowClock(
  { terms, status }: OpenVisit,
  overMs: number,
  now: number,
): Pick<BoardRow, 'overFrom' | 'stoppedOverMs'> {
  if (status.onHold || !terms.calendar.isWorking(now)) return { stoppedOverMs: overMs }
  const overFrom = now - overMs
  return overFrom === status.dueAt ? {} : { overFrom }
}
