import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import { outageOf, type ConnectionState, type Outage } from './connection-state.ts'
import { lostAfterMs } from '../api/freshness.ts'

/** A gap right after a join waits before it joins again; an immediate join could loop forever. */
const rejoinAfterMs = 1_000
/** The first attempt may fail for many reasons, such as a server restart. */
const probeAtAttempt = 2

/** Events of the connection. */
export type ConnectionEvent =
  /** Open the connection: the page starts, or the pause before a retry is over. */
  | { readonly type: 'connect' }
  /** Reopen the connection at once, with other credentials. */
  | { readonly type: 'reconnect' }
  | { readonly type: 'opened' }
  /** The socket was closed by the server or in transit. */
  | { readonly type: 'closed' }
  /** The attempt failed. Without a refusal, nothing usable was received. */
  | { readonly type: 'failed'; readonly refusal?: ProblemCode }
  /** Ordinary requests reach the socket endpoint. */
  | { readonly type: 'probed' }
  /** The answer to a join, or the board after a delta. */
  | ({ readonly type: 'boardReceived'; readonly isRecording: boolean } & BoardTime)
  /** The board fetched over HTTP, requested at `requestedAt`, monotonic ms. */
  | ({ readonly type: 'boardFetched'; readonly requestedAt: number } & BoardTime)
  /** The board that the page showed before a reload. `serverNow`: epoch ms. */
  | { readonly type: 'boardRestored'; readonly ageMs: number; readonly serverNow: number }
  /** A message does not follow from the board; a new snapshot is needed. */
  | { readonly type: 'gap' }
  | {
      readonly type: 'heartbeat'
      /** Server time, epoch ms. */
      readonly at: number
      readonly dataAsOf: number | undefined
      readonly clockSetByMs: number | undefined
      /** See `ConnectionState`. */
      readonly reducedMs: number | undefined
      readonly sourceLastReceivedAt: Readonly<Record<string, number>>
      /** How the heartbeat compares with the board on screen. */
      readonly board: 'current' | 'ahead' | 'gap'
    }
  /** A second has passed. `sleptMs`: how long the monotonic clock stopped while the server's continued. */
  | { readonly type: 'tick'; readonly sleptMs: number }
  /** This is no longer a paired screen. */
  | { readonly type: 'unpaired' }

interface BoardTime {
  /** Epoch ms by the server's clock. */
  readonly asOf: number
  readonly dataAsOf: number | undefined
}

/** Side effects to carry out after a transition. */
export type ConnectionEffect =
  | { readonly type: 'openSocket' }
  | { readonly type: 'closeSocket' }
  | { readonly type: 'join' }
  | { readonly type: 'scheduleRetry'; readonly delayMs: number }
  | { readonly type: 'cancelRetry' }
  /** Check whether ordinary requests reach the socket endpoint. */
  | { readonly type: 'probe' }

/** `now`: monotonic ms. `chance`: 0..1, spreads the retries of many screens over time. */
export interface Moment {
  readonly now: number
  readonly chance: number
}

export interface Transition {
  readonly state: ConnectionState
  readonly effects: readonly ConnectionEffect[]
}

/** The connection after an event, and the effects to carry out. Every failure ends in another join. */
export function transition(state: ConnectionState, event: ConnectionEvent, moment: Moment): Transition {
  const { link } = state
  const { now } = moment
  // Only a reload leaves this state.
  if (link.status === 'unpaired') return { state, effects: [] }
  switch (event.type) {
    case 'connect':
      return connect(state, now)
    case 'reconnect':
      return reconnect(state, now)
    case 'opened':
      return link.status === 'joining' ? { state, effects: [] } : join(state, now)
    case 'closed':
      return waitForRetry(state, outageOf(link), moment)
    case 'failed':
      return fail(state, event.refusal, moment)
    case 'probed':
      // A socket may have opened in the meantime.
      return link.status !== 'live' && link.attempts >= probeAtAttempt
        ? { state: { ...state, link: { ...link, noWebSocket: true } }, effects: [] }
        : { state, effects: [] }
    case 'boardReceived': {
      if (link.status !== 'joining' && link.status !== 'live') return { state, effects: [] }
      // Time in a recording runs faster than the time of heartbeats.
      const serverOffsetMs =
        state.serverOffsetMs === undefined || event.isRecording ? event.asOf - now : state.serverOffsetMs
      const { dataAsOf: _, ...known } = state
      return { state: confirm({ ...known, ...dataTime(event), serverOffsetMs }, link.joinedAt, now), effects: [] }
    }
    case 'boardFetched': {
      if (link.status === 'live') return { state, effects: [] }
      const { requestedAt, asOf } = event
      const { dataAsOf: _, restored: __, ...known } = state
      return {
        state: { serverOffsetMs: asOf - requestedAt, ...known, ...dataTime(event), confirmedAt: requestedAt },
        effects: [],
      }
    }
    case 'boardRestored': {
      const { ageMs, serverNow } = event
      return {
        state: { ...state, restored: true, confirmedAt: now - ageMs, serverOffsetMs: serverNow - now },
        effects: [],
      }
    }
    case 'gap':
      return link.status === 'live' ? rejoin(state, link.joinedAt, moment) : { state, effects: [] }
    case 'heartbeat':
      return onHeartbeat(state, event, moment)
    case 'tick':
      if (event.sleptMs > 0) return reconnect(afterSleep(state, event.sleptMs), now)
      // A connection without messages, or with only invalid ones, counts as lost.
      return link.status !== 'waiting' && now - state.lastMessageAt > lostAfterMs
        ? fail(state, undefined, moment)
        : { state, effects: [] }
    case 'unpaired':
      return {
        state: { ...state, link: { status: 'unpaired' } },
        effects: [{ type: 'cancelRetry' }, { type: 'closeSocket' }],
      }
  }
}

function connect(state: ConnectionState, now: number): Transition {
  const outage = outageOf(state.link)
  return {
    state: { ...state, lastMessageAt: now, link: { status: 'connecting', ...outage, attempts: outage.attempts + 1 } },
    effects: [{ type: 'openSocket' }],
  }
}

function reconnect(state: ConnectionState, now: number): Transition {
  const { state: next, effects } = connect(state, now)
  return { state: next, effects: [{ type: 'cancelRetry' }, { type: 'closeSocket' }, ...effects] }
}

function join(state: ConnectionState, now: number): Transition {
  return {
    state: { ...state, link: { status: 'joining', joinedAt: now, ...outageOf(state.link) } },
    effects: [{ type: 'join' }],
  }
}

function rejoin(state: ConnectionState, joinedAt: number, moment: Moment): Transition {
  return moment.now - joinedAt < rejoinAfterMs ? fail(state, undefined, moment) : join(state, moment.now)
}

function fail(state: ConnectionState, refusal: ProblemCode | undefined, moment: Moment): Transition {
  const outage = outageOf(state.link)
  const isProbed = refusal === undefined && state.link.status === 'connecting' && state.link.attempts === probeAtAttempt
  const { state: next, effects } = waitForRetry(state, refusal === undefined ? outage : { ...outage, refusal }, moment)
  return {
    state: next,
    effects: [...(isProbed ? ([{ type: 'probe' }] as const) : []), { type: 'closeSocket' }, ...effects],
  }
}

function waitForRetry(state: ConnectionState, outage: Outage, { now, chance }: Moment): Transition {
  // Late messages of the previous attempt do not restart a running pause.
  if (state.link.status === 'waiting') return { state: { ...state, link: { ...state.link, ...outage } }, effects: [] }
  const delayMs = retryDelayMs(outage.refusal, chance)
  return {
    state: { ...state, link: { status: 'waiting', retryAt: now + delayMs, ...outage } },
    effects: [{ type: 'scheduleRetry', delayMs }],
  }
}

function onHeartbeat(
  state: ConnectionState,
  event: Extract<ConnectionEvent, { type: 'heartbeat' }>,
  moment: Moment,
): Transition {
  const { link, dataAsOf: _, serverClockSetByMs: __, ...known } = state
  if (link.status !== 'live') return { state, effects: [] }
  const { at, clockSetByMs, reducedMs, sourceLastReceivedAt, board } = event
  const next: ConnectionState = {
    ...known,
    link,
    ...dataTime(event),
    ...(clockSetByMs !== undefined && { serverClockSetByMs: clockSetByMs }),
    // Updated by every heartbeat, because the two clocks drift apart over months.
    serverOffsetMs: at - moment.now,
    sourceLastReceivedAt,
    reducedMs,
  }
  if (board === 'current') return { state: confirm(next, link.joinedAt, moment.now), effects: [] }
  // The delta may still be queued on the server. It is lost if the next heartbeat still finds the client behind.
  if (board === 'gap' || link.isBehind) return rejoin(next, link.joinedAt, moment)
  return { state: { ...next, link: { ...link, isBehind: true } }, effects: [] }
}

function confirm(state: ConnectionState, joinedAt: number, now: number): ConnectionState {
  const { restored: _, ...known } = state
  return { ...known, link: { status: 'live', joinedAt, isBehind: false }, lastMessageAt: now, confirmedAt: now }
}

function dataTime({ dataAsOf }: { readonly dataAsOf: number | undefined }): Pick<ConnectionState, 'dataAsOf'> {
  return dataAsOf === undefined ? {} : { dataAsOf }
}

function afterSleep(state: ConnectionState, sleptMs: number): ConnectionState {
  const { confirmedAt, serverOffsetMs } = state
  return {
    ...state,
    ...(confirmedAt !== undefined && { confirmedAt: confirmedAt - sleptMs }),
    ...(serverOffsetMs !== undefined && { serverOffsetMs: serverOffsetMs + sleptMs }),
  }
}

/** Refusals for which a quick retry would not help and would count as guessing keys. */
const patient: ReadonlySet<ProblemCode> = new Set(['unauthorized', 'forbidden', 'rate_limited'])

/**
 * One to five seconds, without a limit on attempts; twelve times as long for a refused key. `chance` in 0..1 spreads
 * the screens.
 */
export function retryDelayMs(refusal: ProblemCode | undefined, chance: number): number {
  const delayMs = 1_000 + chance * 4_000
  return refusal !== undefined && patient.has(refusal) ? delayMs * 12 : delayMs
}
