import type { EventRow } from '../ingest/files/event-row.ts'

/** Maps the time of a recording to the time of its replay, epoch ms. */
export interface ReplayClock {
  /** The first instant of the recording. */
  readonly recordedFrom: number
  readonly startedAt: number
  /** How many times faster than recorded. */
  readonly speed: number
}

/** When a recorded instant is replayed. */
export function replayedAt(clock: ReplayClock, recordedAt: number): number {
  return clock.startedAt + Math.round((recordedAt - clock.recordedFrom) / clock.speed)
}

/** The row as if it happened in the replay. A replay later is another happening, and so has other identities. */
export function shiftRow(row: EventRow, clock: ReplayClock): EventRow {
  const { eventId, startedAt, promisedAt } = row
  return {
    ...row,
    occurredAt: replayedAt(clock, row.occurredAt),
    startedAt: startedAt === undefined ? undefined : replayedAt(clock, startedAt),
    promisedAt: promisedAt === undefined ? undefined : replayedAt(clock, promisedAt),
    eventId: eventId === undefined ? undefined : `${clock.startedAt}.${eventId}`,
  }
}
