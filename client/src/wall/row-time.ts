import type { BoardRow } from '@stagewatch/shared/contract/board.ts'

type RowTime = Pick<BoardRow, 'dueAt' | 'overFrom' | 'stoppedOverMs'>

/** How far the order is past its limit, working ms; negative before the limit. */
export function overMs({ dueAt, overFrom, stoppedOverMs }: RowTime, now: number): number {
  return stoppedOverMs ?? now - (overFrom ?? dueAt ?? now)
}

export function leftMs(row: RowTime, now: number): number {
  return -overMs(row, now)
}
