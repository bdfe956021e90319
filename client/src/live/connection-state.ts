import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import { freshness, type Freshness } from '../api/freshness.ts'

/** Time since the board was last confirmed. */
export interface Outage {
  /** Failed or pending attempts to connect. */
  readonly attempts: number
  /** The refusal in the last answer of the server. */
  readonly refusal?: ProblemCode
  /** The server answers ordinary requests, but no socket opens: a proxy in between does not forward WebSockets. */
  readonly noWebSocket?: true
}

/** State of the connection. Instants are monotonic ms of this page. */
export type Link =
  /** A socket is being opened. */
  | ({ readonly status: 'connecting' } & Outage)
  /** The socket is open and the board has been requested. */
  | ({ readonly status: 'joining'; readonly joinedAt: number } & Outage)
  /** The board follows the deltas. `isBehind`: a heartbeat named a version that no delta has reached yet. */
  | { readonly status: 'live'; readonly joinedAt: number; readonly isBehind: boolean }
  /** Idle until `retryAt`. */
  | ({ readonly status: 'waiting'; readonly retryAt: number } & Outage)
  /** This screen was never paired, or its pairing was revoked. It stops connecting and shows a pairing code. */
  | { readonly status: 'unpaired' }

/** State of the connection and age of the board. Instants are monotonic ms unless stated otherwise. */
export interface ConnectionState {
  readonly openedAt: number
  readonly link: Link
  /** Start of the current attempt or time of the last valid message, whichever is later. */
  readonly lastMessageAt: number
  /** When the numbers on the screen were last confirmed to match the server's. */
  readonly confirmedAt?: number
  /** The numbers are those that the page showed before a reload. */
  readonly restored?: true
  /** Server clock (epoch ms) minus this page's monotonic clock. */
  readonly serverOffsetMs?: number
  /**
   * Time of the numbers if the server cannot read its database, epoch ms by the server's clock. Undefined if the
   * numbers are current.
   */
  readonly dataAsOf?: number
  /** By how much the server's clock was adjusted within the last day, ms; negative if it was set back. */
  readonly serverClockSetByMs?: number
  /** Interval of updates while the overloaded server sends them less often, ms. */
  readonly reducedMs?: number | undefined
  /** When each source last sent something, epoch ms by the server's clock, as of the last heartbeat. */
  readonly sourceLastReceivedAt: Readonly<Record<string, number>>
}

export function newConnection(openedAt: number): ConnectionState {
  return { openedAt, link: { status: 'connecting', attempts: 0 }, lastMessageAt: openedAt, sourceLastReceivedAt: {} }
}

const noOutage: Outage = { attempts: 0 }

/** Details of an outage; empty while the connection is live or the screen is unpaired. */
export function outageOf(link: Link): Outage {
  if (link.status === 'live' || link.status === 'unpaired') return noOutage
  const { attempts, refusal, noWebSocket } = link
  return { attempts, ...(refusal !== undefined && { refusal }), ...(noWebSocket !== undefined && { noWebSocket }) }
}

export interface ShownTime {
  readonly freshness: Freshness
  /** The lost link while the picture is out of date: to the server, or from the server to its database. */
  readonly lostLink?: 'connection' | 'database'
  /** Server time, epoch ms. Undefined until the server has reported it. */
  readonly serverNow?: number
  /** The time that counters use: server time, frozen while the picture is out of date. */
  readonly shownNow?: number
  /** Time since the numbers were last confirmed to match the server's, ms. */
  readonly ageMs?: number
}

export function shownTime(state: ConnectionState, now: number): ShownTime {
  const { confirmedAt, serverOffsetMs, dataAsOf } = state
  const current = freshness(confirmedAt, now)
  if (confirmedAt === undefined || serverOffsetMs === undefined) return { freshness: current }
  const serverNow = now + serverOffsetMs
  // The second being displayed may have started before the numbers arrived.
  const ageMs = Math.max(0, now - confirmedAt)
  if (current === 'lost') {
    const frozenAt = Math.min(confirmedAt + serverOffsetMs, dataAsOf ?? Infinity)
    return { freshness: current, lostLink: 'connection', serverNow, shownNow: frozenAt, ageMs }
  }
  if (dataAsOf === undefined) return { freshness: current, serverNow, shownNow: serverNow, ageMs }
  const dataAgeMs = Math.max(0, serverNow - dataAsOf)
  return { freshness: 'lost', lostLink: 'database', serverNow, shownNow: dataAsOf, ageMs: dataAgeMs }
}
