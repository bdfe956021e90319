import type { Board, BoardList, BoardRow } from '@stagewatch/shared/contract/board.ts'
import { stageState } from '@stagewatch/shared/domain/stage-state.ts'
import type { StageState } from '@stagewatch/shared/domain/stage-state.ts'
import { pastTargetMs } from '@stagewatch/shared/domain/visit-status.ts'
import type { OpenVisit } from '../engine/open-visits.ts'
import type { StageAggregates } from '../engine/stage-aggregates.ts'
import { smallest } from '../platform/smallest.ts'
import type { BoardSource } from './board-source.ts'

/** Ten pages of the wall; longer lists are for the desk. */
const overdueRows = 60
const upcomingRows = 12
const newestForMs = 10 * 60_000
const mergedWithinMs = 10_000

/** An open order with the time past its limit, working ms. */
export interface RankedOrder {
  readonly open: OpenVisit
  readonly overMs: number
}

/** The orders of a stage that are past their limit or close to it. */
export interface RankedStage {
  readonly stage: StageAggregates
  readonly overdue: readonly RankedOrder[]
  readonly atRisk: readonly RankedOrder[]
}

export function rankStages({ engine, process }: BoardSource, now: number): RankedStage[] {
  return process.stages.map((stage) => ({
    stage,
    overdue: engine.open.overdueIn(stage).map((open) => rankedOrder(open, now)),
    atRisk: engine.open.atRiskIn(stage).map((open) => rankedOrder(open, now)),
  }))
}

export function rankedOrder(open: OpenVisit, now: number): RankedOrder {
  return { open, overMs: pastTargetMs(open.visit, open.state, open.sla, now) ?? 0 }
}

/** The open orders that a screen lists. */
export function listOrders(
  source: BoardSource,
  ranked: readonly RankedStage[],
  now: number,
): Pick<Board, 'overdue' | 'upcoming'> & { newestBreach?: NonNullable<Board['newestBreach']> } {
  const overdue = ranked.flatMap((stage) => stage.overdue)
  const upcoming = ranked.flatMap((stage) => stage.atRisk)
  const newest = newestBreach(source, overdue, now)
  return {
    overdue: urgentList(source, overdue, overdueRows, now),
    upcoming: urgentList(source, upcoming, upcomingRows, now),
    ...(newest !== undefined && { newestBreach: newest }),
  }
}

/** The most urgent of the orders, at most `limit` of them. */
export function urgentList(source: BoardSource, orders: readonly RankedOrder[], limit: number, now: number): BoardList {
  const rows = smallest(orders, limit, compareUrgency).map((order) => boardRow(source, order, now))
  return {
    total: orders.length,
    order: rows.map((row) => row.order),
    rows: Object.fromEntries(rows.map((row) => [row.order, row])),
  }
}

/** Most overdue first, then by promise date, then by number. */
function compareUrgency(a: RankedOrder, b: RankedOrder): number {
  const [first, second] = [a.open.state, b.open.state]
  return (
    b.overMs - a.overMs ||
    (first.attributes.promisedAt ?? Number.MAX_VALUE) - (second.attributes.promisedAt ?? Number.MAX_VALUE) ||
    (first.order < second.order ? -1 : 1)
  )
}

/**
 * The order that turned overdue most recently, if it did so within `newestForMs` and is not on hold; the most urgent
 * one if there are several.
 */
function newestBreach(
  source: BoardSource,
  overdue: readonly RankedOrder[],
  now: number,
): NonNullable<Board['newestBreach']> | undefined {
  let newest: RankedOrder | undefined
  let at = -Infinity
  for (const ranked of overdue) {
    const { dueAt, onHold } = ranked.open.status
    if (dueAt === undefined || onHold || dueAt < now - newestForMs) continue
    // The iteration order differs between server instances, so ties need a defined winner.
    const isNewer = dueAt > at || (dueAt === at && newest !== undefined && compareUrgency(ranked, newest) < 0)
    if (!isNewer) continue
    newest = ranked
    at = dueAt
  }
  if (newest === undefined) return undefined
  const { aggregates } = newest.open
  const together = overdue.filter(
    ({ open }) =>
      open.aggregates === aggregates && !open.status.onHold && (open.status.dueAt ?? 0) > at - mergedWithinMs,
  )
  return { at, count: together.length, row: boardRow(source, newest, now) }
}

function boardRow(source: BoardSource, { open, overMs }: RankedOrder, now: number): BoardRow {
  const { state, visit, sla, status } = open
  const { customer } = state.attributes
  return {
    order: state.order,
    short: source.engine.shortNumbers.of(state.order),
    stage: visit.stage,
    state: rowState(source, open),
    unclaimed: visit.owner === undefined,
    ...(visit.acknowledged !== undefined && { acknowledged: true as const }),
    // Only orders with a limit are listed.
    limitMs: sla.targetMs ?? 1,
    ...(customer !== undefined && { customer }),
    ...(visit.owner !== undefined && { owner: visit.owner }),
    ...(visit.reason !== undefined && { reason: visit.reason }),
    ...(status.dueAt !== undefined && { dueAt: status.dueAt }),
    ...rowClock(open, overMs, now),
  }
}

export function rowState(source: BoardSource, { aggregates, status }: OpenVisit): StageState {
  return stageState({ ...status, unknown: source.lateSourceOf(aggregates) !== undefined })
}

/** How the screen continues counting. While the clock runs, both values move together, so the row does not change. */
function rowClock(
  { sla, status }: OpenVisit,
  overMs: number,
  now: number,
): Pick<BoardRow, 'overFrom' | 'stoppedOverMs'> {
  if (status.onHold || !sla.calendar.isWorking(now)) return { stoppedOverMs: overMs }
  const overFrom = now - overMs
  return overFrom === status.dueAt ? {} : { overFrom }
}
