import type { Board } from '@stagewatch/shared/contract/board.ts'

export interface LateSource {
  readonly code: string
  /** The stages that it feeds, in column order. */
  readonly stages: readonly string[]
  readonly silentMs: number
}

/**
 * The source that has been silent for the longest of those that are late. `heardAt` is what the last heartbeat told of
 * each, epoch ms; the board's own figure may be older.
 */
export function longestSilence(
  board: Pick<Board, 'sources' | 'stages' | 'stageOrder'>,
  heardAt: Readonly<Record<string, number>>,
  now: number,
): LateSource | undefined {
  return Object.entries(board.sources)
    .filter(([, source]) => source.late)
    .map(([code, source]) => ({
      code,
      stages: board.stageOrder.filter((stage) => board.stages[stage]?.lateSource === code),
      silentMs: now - Math.max(source.lastReceivedAt, heardAt[code] ?? 0),
    }))
    .toSorted((a, b) => b.silentMs - a.silentMs)[0]
}
