const dayMs = 24 * 3_600_000
/** Longer than any holiday, so that only a site without incoming events is quiet for this long. */
const oldAfterDays = 14

/** Replays an imported file as if it happened now. */
export const replayCommand = 'stagewatch replay FILE --shift-to-now'

export interface OldData {
  /** Epoch ms, within the last day that has an event. */
  readonly endsOn: number
  readonly days: number
}

/**
 * When the displayed data ends, if that is long ago, as in an imported file. Undefined if it is current or a recording.
 * @param lastMovedOn start of the last day on which an order moved, epoch ms.
 */
export function oldData(
  { lastMovedOn, recording }: { readonly lastMovedOn?: number | undefined; readonly recording?: object | undefined },
  now: number,
): OldData | undefined {
  if (lastMovedOn === undefined || recording !== undefined) return undefined
  const days = Math.floor((now - lastMovedOn) / dayMs)
  return days < oldAfterDays ? undefined : { endsOn: lastMovedOn, days }
}
