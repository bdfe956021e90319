import type { BoardRow } from '@stagewatch/shared/contract/board.ts'

/** How far past its limit the order is, ms; negative before it. On hold the clock stands still. */
export function overMs({ dueAt, stoppedOverMs }: Pick<BoardRow, 'dueAt' | 'stoppedOverMs'>, now: number): number {
  return dueAt === undefined ? (stoppedOverMs ?? 0) : now - dueAt
}

export function leftMs(row: Pick<BoardRow, 'dueAt' | 'stoppedOverMs'>, now: number): number {
  return -overMs(row, now)
}
