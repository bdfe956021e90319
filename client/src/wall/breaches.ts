import type { Board, BoardRow } from '@stagewatch/shared/contract/board.ts'

type Breaches = Pick<Board, 'newestBreach' | 'kpis'>

/** An order that has taken this many times its limit is shown at once. */
const criticalRatio = 2

/**
 * The order whose stage must be shown at once: an order that has just turned overdue and has already taken twice its
 * limit, or any newly overdue order while the plant has more overdue orders than its ceiling. `now`: server time, epoch
 * ms.
 */
export function criticalBreach(before: Breaches | undefined, after: Breaches, now: number): BoardRow | undefined {
  const newest = after.newestBreach
  if (before === undefined || newest === undefined || !isNewer(before.newestBreach, newest)) return undefined
  const { row } = newest
  const takenRatio = 1 + overMs(row, now) / row.limitMs
  const { count, ceiling } = after.kpis.overdue
  return takenRatio >= criticalRatio || count > ceiling ? row : undefined
}

function isNewer(before: Board['newestBreach'], after: NonNullable<Board['newestBreach']>): boolean {
  return before === undefined || (after.row.order !== before.row.order && after.at >= before.at)
}

const newForMs = 600_000

/** A breach counts as new for ten minutes. */
export function isNewest(breach: NonNullable<Board['newestBreach']>, now: number): boolean {
  return now - breach.at < newForMs
}

type RowTime = Pick<BoardRow, 'dueAt' | 'overFrom' | 'stoppedOverMs'>

/** How far the order is past its limit, working ms; negative before the limit. */
export function overMs({ dueAt, overFrom, stoppedOverMs }: RowTime, now: number): number {
  return stoppedOverMs ?? now - (overFrom ?? dueAt ?? now)
}

export function leftMs(row: RowTime, now: number): number {
  return -overMs(row, now)
}
