import type { Board } from '@stagewatch/shared/contract/board.ts'

const dayMs = 24 * 3_600_000
/** Longer than the longest holidays, so that nothing happens for so long only where nothing is sent. */
const oldAfterDays = 14

export interface OldData {
  /** Epoch ms, within the last day on which something happened. */
  readonly endsOn: number
  readonly days: number
}

/** Where what is shown ends long ago, as that of an imported file does; undefined: it is of today, or is a recording. */
export function oldData(
  { lastMovedOn, recording }: Pick<Board, 'lastMovedOn' | 'recording'>,
  now: number,
): OldData | undefined {
  if (lastMovedOn === undefined || recording !== undefined) return undefined
  const days = Math.floor((now - lastMovedOn) / dayMs)
  return days < oldAfterDays ? undefined : { endsOn: lastMovedOn, days }
}
