import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import { freshness, type Freshness } from '../api/freshness.ts'

/** Since the board was last confirmed. */
export interface Outage {
  /** Failed or pending attempts to connect. */
  readonly attempts: number
  /** Why the server refused the last attempt that it answered. */
  readonly refusal?: ProblemCode
  /** The server answers ordinary requests, but no socket opens: a proxy in front does not pass them on. */
  readonly noWebSocket?: true
}

/** Where the connection stands. Instants are monotonic ms of this page. */
export type Link =
  /** A socket is being opened. */
  | ({ readonly status: 'connecting' } & Outage)
  /** The socket is open and the board is asked for. */
  | ({ readonly status: 'joining'; readonly joinedAt: number } & Outage)
  /** Deltas follow the board. `isBehind`: a heartbeat has named a version that no delta has led to yet. */
  | { readonly status: 'live'; readonly joinedAt: number; readonly isBehind: boolean }
  /** Nothing happens until `retryAt`. */
  | ({ readonly status: 'waiting'; readonly retryAt: number } & Outage)
  /** Nobody has let this screen in, or its pairing was revoked: it connects no more and shows a pairing code. */
  | { readonly status: 'unpaired' }

/** What is known of the connection and of the age of the board. Instants without other word are monotonic ms. */
export interface ConnectionState {
  readonly openedAt: number
  readonly link: Link
  /** Start of the present attempt or the last good message, whichever is later. */
  readonly heardAt: number
  /** When the numbers on the screen were last known to be the server's. */
  readonly confirmedAt?: number
  /** The numbers are those that the page showed before it was reloaded. */
  readonly restored?: true
  /** Server clock (epoch ms) minus this page's monotonic clock. */
  readonly serverOffsetMs?: number
  /**
   * The server cannot read its database: the numbers are those of this instant, epoch ms by the server's clock.
   * Undefined: they are current.
   */
  readonly dataAsOf?: number
  /** The server's clock was set within the last day, by so many ms; negative: back. */
  readonly serverClockSetByMs?: number
  /** When each source last spoke, epoch ms by the server's clock, as the last heartbeat had it. */
  readonly sourceHeardAt: Readonly<Record<string, number>>
}

export function newConnection(openedAt: number): ConnectionState {
  return { openedAt, link: { status: 'connecting', attempts: 0 }, heardAt: openedAt, sourceHeardAt: {} }
}

const noOutage: Outage = { attempts: 0 }

/** What is wrong with the connection; nothing is while it is live or when the screen is unpaired. */
export function outageOf(link: Link): Outage {
  if (link.status === 'live' || link.status === 'unpaired') return noOutage
  const { attempts, refusal, noWebSocket } = link
  return { attempts, ...(refusal !== undefined && { refusal }), ...(noWebSocket !== undefined && { noWebSocket }) }
}

export interface ShownTime {
  readonly freshness: Freshness
  /** What is cut when the picture is lost: the connection to the server, or the server's to its database. */
  readonly cut?: 'connection' | 'database'
  /** Server time, epoch ms; undefined before the server has told it. */
  readonly serverNow?: number
  /** What counters count to: server time, standing still once the picture is lost. */
  readonly shownNow?: number
  /** Since the numbers were last known to be the server's, ms. */
  readonly ageMs?: number
}

export function shownTime(state: ConnectionState, now: number): ShownTime {
  const { confirmedAt, serverOffsetMs, dataAsOf } = state
  const current = freshness(confirmedAt, now)
  if (confirmedAt === undefined || serverOffsetMs === undefined) return { freshness: current }
  const serverNow = now + serverOffsetMs
  // The second that is shown may have begun before the numbers came.
  const ageMs = Math.max(0, now - confirmedAt)
  if (current === 'lost') {
    const frozenAt = Math.min(confirmedAt + serverOffsetMs, dataAsOf ?? Infinity)
    return { freshness: current, cut: 'connection', serverNow, shownNow: frozenAt, ageMs }
  }
  if (dataAsOf === undefined) return { freshness: current, serverNow, shownNow: serverNow, ageMs }
  const dataAgeMs = Math.max(0, serverNow - dataAsOf)
  return { freshness: 'lost', cut: 'database', serverNow, shownNow: dataAsOf, ageMs: dataAgeMs }
}
