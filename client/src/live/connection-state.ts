import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import type { Freshness } from './freshness.ts'
import { freshness } from './freshness.ts'

/** What is known of the line to the server. Instants without other word are monotonic ms of this page. */
export interface ConnectionState {
  readonly openedAt: number
  /** Failed or pending attempts since the line was last good. */
  readonly attempts: number
  /** When the next attempt starts; undefined while one is under way or the line is good. */
  readonly retryAt?: number
  /** Why the server refused the last attempt. */
  readonly refusal?: ProblemCode
  /** When the numbers on the screen were last known to be the server's. */
  readonly confirmedAt?: number
  /** The numbers are those that the page showed before it was loaded anew. */
  readonly restored?: true
  /** Server clock (epoch ms) minus this page's monotonic clock. */
  readonly serverOffsetMs?: number
  /** When each source last spoke, epoch ms by the server's clock, as the last pulse had it. */
  readonly sourceHeardAt: Readonly<Record<string, number>>
}

export function newConnection(openedAt: number): ConnectionState {
  return { openedAt, attempts: 0, sourceHeardAt: {} }
}

export interface ShownTime {
  readonly freshness: Freshness
  /** Server time, epoch ms; undefined before the server has told it. */
  readonly serverNow?: number
  /** What counters count to: server time, standing still once the picture is lost. */
  readonly shownNow?: number
  /** Since the numbers were last known to be the server's, ms. */
  readonly ageMs?: number
}

export function shownTime(state: ConnectionState, now: number): ShownTime {
  const { confirmedAt, serverOffsetMs } = state
  const current = freshness(confirmedAt, now)
  if (confirmedAt === undefined || serverOffsetMs === undefined) return { freshness: current }
  const counted = current === 'lost' ? confirmedAt : now
  return {
    freshness: current,
    serverNow: now + serverOffsetMs,
    shownNow: counted + serverOffsetMs,
    // The second that is shown may have begun before the numbers came.
    ageMs: Math.max(0, now - confirmedAt),
  }
}
