import type { Board } from '@stagewatch/shared/contract/board.ts'

export interface LateSource {
  readonly code: string
  /** The stages that receive events from it, in column order. */
  readonly stages: readonly string[]
  readonly silentMs: number
}

/**
 * The late source that has been silent for the longest time. `lastReceivedAt` is the time of each source in the last
 * heartbeat, epoch ms; the board's own value may be older.
 */
export function longestSilence(
  board: Pick<Board, 'sources' | 'stages' | 'stageOrder'>,
  lastReceivedAt: Readonly<Record<string, number>>,
  now: number,
): LateSource | undefined {
  return Object.entries(board.sources)
    .filter(([, source]) => source.late)
    .map(([code, source]) => ({
      code,
      stages: board.stageOrder.filter((stage) => board.stages[stage]?.lateSource === code),
      silentMs: now - Math.max(source.lastReceivedAt, lastReceivedAt[code] ?? 0),
    }))
    .toSorted((a, b) => b.silentMs - a.silentMs)[0]
}
