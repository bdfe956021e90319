import type { Board } from '@stagewatch/shared/contract/board.ts'

const shownForMs = 600_000

/** A breach counts as new for ten minutes. */
export function isNewest(breach: NonNullable<Board['newestBreach']>, now: number): boolean {
  return now - breach.at < shownForMs
}
