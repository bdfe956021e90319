import { setTimeout as sleep } from 'node:timers/promises'
import type { EventRow } from '../ingest/files/event-row.ts'
import { FileEvents } from '../ingest/files/file-event.ts'
import { directionUnknown } from '../ingest/files/row-direction.ts'
import type { Terminal } from './command.ts'
import type { SendEvents } from '../ingest/imports/event-sender.ts'
import { openProgress } from './progress.ts'
import type { ReplayClock } from './replay-clock.ts'
import { replayedAt, shiftRow } from './replay-clock.ts'
import type { ReplayOptions } from './replay-options.ts'
import type { RowTally } from '../ingest/imports/row-tally.ts'

const maxEventsPerRequest = 2000
/** Events due within this interval are sent together. */
const gatherMs = 100
/** Timers are limited to about 24 days. */
const longestSleepMs = 3_600_000

interface ReplayParts {
  readonly send: SendEvents
  readonly tally: RowTally
  readonly terminal: Terminal
}

/**
 * Sends each row when it is due. Rows that become due while a request is in flight are sent together in the next one.
 */
export async function replayRows(rows: readonly EventRow[], options: ReplayOptions, parts: ReplayParts): Promise<void> {
  const { send, tally, terminal } = parts
  const clock: ReplayClock = { recordedFrom: rows[0]?.occurredAt ?? 0, startedAt: Date.now(), speed: options.speed }
  // The rows are sorted by time, regardless of their order in the file.
  const files = new FileEvents(options, { stages: [], direction: directionUnknown })
  const progress = openProgress(terminal, 'replaying')
  try {
    let at = 0
    for (let next = rows[at]; next !== undefined && !terminal.stopped.aborted; next = rows[at]) {
      await sleepUntil(replayedAt(clock, next.occurredAt), terminal.stopped)
      const due = dueRows(rows, at, clock, Date.now())
      if (due.length === 0) continue
      at += due.length
      const events = due.map((row) => files.of(options.shiftToNow ? shiftRow(row, clock) : row))
      countResults(due, await send(events), tally)
      progress.update(at / rows.length, `${at} events`)
    }
  } finally {
    progress.close()
  }
}

function dueRows(rows: readonly EventRow[], from: number, clock: ReplayClock, now: number): readonly EventRow[] {
  const next = rows.slice(from, from + maxEventsPerRequest)
  const later = next.findIndex((row) => replayedAt(clock, row.occurredAt) > now)
  return later < 0 ? next : next.slice(0, later)
}

function countResults(rows: readonly EventRow[], results: Awaited<ReturnType<SendEvents>>, tally: RowTally): void {
  for (const [i, { row, order, stage }] of rows.entries()) {
    const result = results[i]
    tally.countRead(order, stage)
    if (result?.status === 'rejected')
      tally.countRejected(row, { ...result, field: result.field ?? '' }, undefined, 'row')
    else if (result !== undefined) tally.countTaken(result.status)
  }
}

async function sleepUntil(at: number, stopped: AbortSignal): Promise<void> {
  const ms = Math.min(Math.max(at - Date.now(), gatherMs), longestSleepMs)
  // A stop interrupts the sleep, and the loop then checks for it.
  await sleep(ms, undefined, { signal: stopped }).catch(() => {})
}
