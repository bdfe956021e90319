import type { EventRow } from '../ingest/files/event-row.ts'

/** Maps the time of a recording to the time of its replay. Instants are epoch ms. */
export interface ReplayClock {
  /** First instant of the recording. */
  readonly recordedFrom: number
  readonly startedAt: number
  /** Factor relative to the recorded speed. */
  readonly speed: number
}

/** The instant when a recorded instant is replayed. */
export function replayedAt(clock: ReplayClock, recordedAt: number): number {
  return clock.startedAt + Math.round((recordedAt - clock.recordedFrom) / clock.speed)
}

/**
 * Shifts a row to the time of the replay. Each replay is a separate occurrence, so its events have other identities.
 */
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
