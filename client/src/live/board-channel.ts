import type { QueryClient } from '@tanstack/react-query'
import type { Board } from '@stagewatch/shared/contract/board.ts'
import { problemCode, type ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import {
  boardDelta,
  boardJoinAnswer,
  boardProblem,
  boardHeartbeat,
  protocolVersion,
  type BoardJoin,
  type ClientToServer,
  type ServerToClient,
} from '@stagewatch/shared/contract/socket.ts'
import { io, type Socket } from 'socket.io-client'
import { z } from 'zod'
import { BuildWatch } from './build-watch.ts'
import { boardKey, cachedBoard } from './board-query.ts'
import { compareHeartbeat, stepBoard } from './board-step.ts'
import type { ConnectionState } from './connection-state.ts'
import { transition, type ConnectionEffect, type ConnectionEvent } from './connection-transition.ts'
import type { ScreenSession } from './screen-session.ts'
import type { Store } from './store.ts'
import { SuspendDetector } from './suspend-detector.ts'

const answerWithinMs = 5_000
const tickMs = 1_000
const spokenProtocol = z.object({ protocol: z.int() })

export interface ChannelOptions {
  readonly boardId: string
  readonly site: string | undefined
  readonly key: string | undefined
  /** Name of the running script. */
  readonly build: string
  /** Session of a paired screen, which has a token instead of a key. */
  readonly screen: ScreenSession | undefined
  /** The period to replay. */
  readonly recording: BoardJoin['recording']
  readonly queries: QueryClient
  readonly connection: Store<ConnectionState>
}

/**
 * Keeps the cached board equal to the server's: dispatches socket events to the connection's state machine and carries
 * out the effects that it returns.
 */
export class BoardChannel {
  readonly #options: ChannelOptions
  readonly #socket: Socket<ServerToClient, ClientToServer>
  readonly #builds: BuildWatch
  readonly #ticks: ReturnType<typeof setInterval>
  readonly #sleep = new SuspendDetector(performance.now(), Date.now())
  #retry: ReturnType<typeof setTimeout> | undefined

  constructor(options: ChannelOptions) {
    this.#options = options
    this.#builds = new BuildWatch(options.build)
    const { key, screen, site } = options
    const auth = (offer: (handshake: object) => void): void => {
      const token = screen?.token() ?? key
      offer({ ...(token !== undefined && { token }), ...(site !== undefined && { site }) })
    }
    // Our own retries: they never wait longer than five seconds, keep their jitter, and are shown on the screen.
    this.#socket = io({ path: '/socket.io', transports: ['websocket'], reconnection: false, autoConnect: false, auth })
    this.#socket.on('connect', () => this.#dispatch({ type: 'opened' }))
    this.#socket.on('disconnect', (reason) => {
      // If we closed the socket ourselves, the reason is already known.
      if (reason !== 'io client disconnect') this.#dispatch({ type: 'closed' })
    })
    this.#socket.on('connect_error', (error) => this.#onRefusal(refusalOf(error)))
    this.#socket.on('board:delta', (message) => this.#onDelta(message))
    this.#socket.on('board:pulse', (message) => this.#onHeartbeat(message))
    this.#socket.on('board:problem', (message) => this.#onProblem(message))
    screen?.attach(this.#socket, () => this.#dispatch({ type: 'reconnect' }))
    this.#ticks = setInterval(() => {
      const sleptMs = this.#sleep.sleptMs(performance.now(), Date.now())
      this.#dispatch({ type: 'tick', sleptMs })
    }, tickMs)
    this.#dispatch({ type: 'connect' })
  }

  /** Called when this is no longer a paired screen. */
  close(): void {
    clearInterval(this.#ticks)
    this.#dispatch({ type: 'unpaired' })
    this.#socket.off()
  }

  #dispatch(event: ConnectionEvent): void {
    const { connection } = this.#options
    const moment = { now: performance.now(), chance: Math.random() }
    const { state, effects } = transition(connection.get(), event, moment)
    connection.set(state)
    for (const effect of effects) this.#run(effect)
  }

  #run(effect: ConnectionEffect): void {
    switch (effect.type) {
      case 'openSocket':
        this.#socket.connect()
        return
      case 'closeSocket':
        this.#socket.disconnect()
        return
      case 'join':
        this.#join()
        return
      case 'scheduleRetry':
        this.#retry = setTimeout(() => this.#dispatch({ type: 'connect' }), effect.delayMs)
        return
      case 'cancelRetry':
        clearTimeout(this.#retry)
        return
      case 'probe':
        void this.#probe()
        return
    }
  }

  #onRefusal(refusal: ProblemCode | undefined): void {
    if (refusal === 'unauthorized' && this.#options.screen?.refused() === true) this.#dispatch({ type: 'reconnect' })
    else this.#fail(refusal)
  }

  #fail(refusal?: ProblemCode): void {
    this.#dispatch({ type: 'failed', ...(refusal !== undefined && { refusal }) })
  }

  async #probe(): Promise<void> {
    if (await reachesSocketsByRequest()) this.#dispatch({ type: 'probed' })
  }

  #join(): void {
    const asked = this.#link()
    const isCurrent = (link = this.#link()) =>
      link.status === 'joining' && asked.status === 'joining' && link.joinedAt === asked.joinedAt
    this.#socket.timeout(answerWithinMs).emit('board:join', this.#request(), (silence, message) => {
      // Socket.IO also times out an ack when the socket closes, which is handled separately.
      if (!isCurrent()) return
      const answer = boardJoinAnswer.safeParse(message)
      if (silence !== null || !answer.success) this.#fail()
      // Validated, but not replaced by the parsed copy, which drops keys named `__proto__`.
      else if (message.ok) this.#show(message.snapshot)
      else this.#fail(message.code)
    })
  }

  /** A recording that was interrupted resumes where it stopped. */
  #request(): BoardJoin {
    const { boardId: board, recording } = this.#options
    const { version, asOf = 0 } = this.#board() ?? {}
    return {
      board,
      confirms: true,
      ...(version !== undefined && { version }),
      ...(recording !== undefined && {
        recording: asOf > recording.from && asOf < recording.to ? { ...recording, from: asOf } : recording,
      }),
    }
  }

  #onDelta(message: unknown): void {
    const board = this.#board()
    if (this.#link().status !== 'live' || board === undefined) return
    const delta = boardDelta.safeParse(message)
    if (delta.success && delta.data.board !== this.#options.boardId) return
    const step = delta.success ? stepBoard(board, delta.data) : { kind: 'gap' as const }
    if (step.kind === 'applied') this.#show(step.board)
    else if (step.kind === 'gap') this.#dispatch({ type: 'gap' })
  }

  #onHeartbeat(message: unknown): void {
    const spoken = spokenProtocol.safeParse(message)
    if (spoken.success && spoken.data.protocol > protocolVersion) this.#builds.noteProtocol(spoken.data.protocol)
    const board = this.#board()
    const heartbeat = boardHeartbeat.safeParse(message)
    if (!heartbeat.success || heartbeat.data.board !== this.#options.boardId) return
    if (this.#link().status !== 'live' || board === undefined) return
    const { at, sources, build, clockStep, dataAsOf, reducedMs } = heartbeat.data
    this.#builds.noteBuild(build)
    this.#dispatch({
      type: 'heartbeat',
      at,
      // A server whose database is readable again has not sent the board yet: it follows the heartbeat.
      dataAsOf: dataAsOf ?? board.dataAsOf,
      clockSetByMs: clockStep?.byMs,
      reducedMs,
      sourceLastReceivedAt: Object.fromEntries(Object.entries(sources).map(([source, ageMs]) => [source, at - ageMs])),
      board: compareHeartbeat(board, heartbeat.data),
    })
  }

  #onProblem(message: unknown): void {
    const problem = boardProblem.safeParse(message)
    if (problem.success && problem.data.board === this.#options.boardId) this.#fail(problem.data.code)
  }

  #show(board: Board): void {
    const { boardId, queries } = this.#options
    queries.setQueryData<Board>(boardKey(boardId), board)
    const { asOf, dataAsOf, epoch, version } = board
    this.#dispatch({ type: 'boardReceived', asOf, dataAsOf, isRecording: board.recording !== undefined })
    // The server sends no further deltas of the board until this ack arrives.
    this.#socket.emit('board:seen', { board: boardId, epoch, version })
  }

  #link(): ConnectionState['link'] {
    return this.#options.connection.get().link
  }

  #board(): Board | undefined {
    return cachedBoard(this.#options.queries, this.#options.boardId)
  }
}

/** When the server refuses a handshake, the reason is the error's message or `data.code`. */
function refusalOf(error: Error): ProblemCode | undefined {
  const data: unknown = 'data' in error ? error.data : undefined
  const code = typeof data === 'object' && data !== null && 'code' in data ? data.code : error.message
  return problemCode.safeParse(code).data
}

/** Socket.IO's refusal of the polling transport. */
const transportUnknown = z.object({ code: z.literal(0) })

/**
 * Whether ordinary requests reach the socket endpoint. If they do and no socket opens, a proxy in between does not
 * forward WebSocket connections.
 */
async function reachesSocketsByRequest(): Promise<boolean> {
  try {
    const answer = await fetch('/socket.io/?EIO=4&transport=polling', { cache: 'no-store' })
    return answer.ok || transportUnknown.safeParse(await answer.json()).success
  } catch {
    return false
  }
}
