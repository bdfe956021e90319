import type { QueryClient } from '@tanstack/react-query'
import type { Board } from '@stagewatch/shared/contract/board.ts'
import { problemCode, type ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import {
  boardDelta,
  boardJoinAnswer,
  boardPulse,
  protocolVersion,
  type BoardJoin,
  type ClientToServer,
  type ServerToClient,
} from '@stagewatch/shared/contract/socket.ts'
import { io, type Socket } from 'socket.io-client'
import { z } from 'zod'
import { BuildWatch } from './build-watch.ts'
import { boardKey } from './board-query.ts'
import { pulseFinds, stepBoard } from './board-step.ts'
import type { ConnectionState } from './connection-state.ts'
import { lostAfterMs } from './freshness.ts'
import { reloadOnce } from './reload-once.ts'
import { retryDelayMs } from './retry-delay.ts'
import type { ScreenLine } from './screen-line.ts'
import type { Store } from './store.ts'

const answerWithinMs = 5_000
const watchEveryMs = 1_000
const joinAgainAfterMs = 1_000
const spokenProtocol = z.object({ protocol: z.int() })

export interface ChannelOptions {
  readonly boardId: string
  readonly site: string | undefined
  readonly key: string | undefined
  /** Name of the script that runs. */
  readonly build: string
  /** Of a paired screen, which has a token instead of a key. */
  readonly screen: ScreenLine | undefined
  /** The past that is shown again. */
  readonly recording: BoardJoin['recording']
  readonly queries: QueryClient
  readonly connection: Store<ConnectionState>
}

/** Keeps the cached board equal to the server's, for ever. Whatever goes wrong ends in joining again. */
export class BoardChannel {
  readonly #options: ChannelOptions
  readonly #socket: Socket<ServerToClient, ClientToServer>
  readonly #builds: BuildWatch
  readonly #watch: ReturnType<typeof setInterval>
  #retry: ReturnType<typeof setTimeout> | undefined
  #joining = false
  #closed = false
  /** A pulse has named a version that we do not have, and no delta has come since. */
  #behind = false
  /** Monotonic ms of the last join; a gap right after one is answered by a pause, not by joining in a circle. */
  #joinedAt = Number.NEGATIVE_INFINITY
  /** Monotonic ms; start of the present attempt or the last good word, whichever is later. */
  #heardAt = performance.now()

  constructor(options: ChannelOptions) {
    this.#options = options
    this.#builds = new BuildWatch(options.build)
    const { key, screen, site } = options
    const auth = (offer: (handshake: object) => void): void => {
      const token = screen?.token() ?? key
      offer({ ...(token !== undefined && { token }), ...(site !== undefined && { site }) })
    }
    // Our own retries: they never grow longer than five seconds, keep their jitter, and are shown on the screen.
    this.#socket = io({ path: '/socket.io', transports: ['websocket'], reconnection: false, autoConnect: false, auth })
    this.#socket.on('connect', () => this.#join())
    this.#socket.on('disconnect', () => this.#scheduleRetry())
    this.#socket.on('connect_error', (error) => this.#onRefusal(refusalOf(error)))
    this.#socket.on('board:delta', (message) => this.#onDelta(message))
    this.#socket.on('board:pulse', (message) => this.#onPulse(message))
    screen?.attach(this.#socket, () => this.#reconnect())
    this.#watch = setInterval(() => this.#giveUpOnSilence(), watchEveryMs)
    this.#connect()
  }

  close(): void {
    this.#closed = true
    clearInterval(this.#watch)
    this.#socket.off()
    this.#socket.disconnect()
    clearTimeout(this.#retry)
  }

  #connect(): void {
    this.#heardAt = performance.now()
    const { retryAt: _, ...state } = this.#options.connection.get()
    this.#options.connection.set({ ...state, attempts: state.attempts + 1 })
    this.#socket.connect()
  }

  #reconnect(): void {
    if (this.#closed) return
    this.#socket.disconnect()
    clearTimeout(this.#retry)
    this.#retry = undefined
    this.#connect()
  }

  #onRefusal(refusal: ProblemCode | undefined): void {
    if (refusal === 'unauthorized' && this.#options.screen?.refused() === true) this.#reconnect()
    else this.#fail(refusal)
  }

  #join(): void {
    if (this.#joining) return
    this.#joining = true
    this.#behind = false
    this.#joinedAt = performance.now()
    this.#socket.timeout(answerWithinMs).emit('board:join', this.#request(), (silence, message) => {
      this.#joining = false
      const answer = boardJoinAnswer.safeParse(message)
      if (silence !== null || !answer.success) this.#fail()
      else if (answer.data.ok) this.#show(answer.data.snapshot)
      else this.#fail(answer.data.code)
    })
  }

  /** A recording that was cut goes on where it was. */
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

  #rejoin(): void {
    if (performance.now() - this.#joinedAt < joinAgainAfterMs) this.#fail()
    else this.#join()
  }

  #onDelta(message: unknown): void {
    const board = this.#board()
    if (this.#joining || board === undefined) return
    const delta = boardDelta.safeParse(message)
    if (delta.success && delta.data.board !== this.#options.boardId) return
    const step = delta.success ? stepBoard(board, delta.data) : { kind: 'gap' as const }
    if (step.kind === 'applied') this.#show(step.board)
    else if (step.kind === 'gap') this.#rejoin()
  }

  #onPulse(message: unknown): void {
    const spoken = spokenProtocol.safeParse(message)
    if (spoken.success && spoken.data.protocol > protocolVersion) void reloadOnce(`protocol ${spoken.data.protocol}`)
    const board = this.#board()
    const pulse = boardPulse.safeParse(message)
    if (!pulse.success || pulse.data.board !== this.#options.boardId || this.#joining || board === undefined) return
    const { at, sources, build } = pulse.data
    this.#builds.hear(build)
    const heard = Object.entries(sources).map(([source, ageMs]) => [source, at - ageMs])
    const { connection } = this.#options
    connection.set({
      ...connection.get(),
      serverOffsetMs: at - performance.now(),
      sourceHeardAt: Object.fromEntries(heard),
    })
    const found = pulseFinds(board, pulse.data)
    if (found === 'current') this.#confirm()
    else if (found === 'gap' || this.#behind) this.#rejoin()
    else this.#behind = true
  }

  #show(board: Board): void {
    this.#options.queries.setQueryData<Board>(boardKey(this.#options.boardId), board)
    const { connection } = this.#options
    const state = connection.get()
    // The time of a recording goes faster than that of a pulse.
    if (state.serverOffsetMs === undefined || board.recording !== undefined) {
      connection.set({ ...state, serverOffsetMs: board.asOf - performance.now() })
    }
    // The server sends nothing more of the board until it knows that this has arrived.
    const { epoch, version } = board
    this.#socket.emit('board:seen', { board: this.#options.boardId, epoch, version })
    this.#confirm()
  }

  #confirm(): void {
    this.#behind = false
    this.#heardAt = performance.now()
    const { refusal: _, retryAt: __, restored: ___, ...state } = this.#options.connection.get()
    this.#options.connection.set({ ...state, attempts: 0, confirmedAt: this.#heardAt })
  }

  /** A line may be open and say nothing, or only things that do not fit: after a while it is as good as cut. */
  #giveUpOnSilence(): void {
    if (this.#retry === undefined && performance.now() - this.#heardAt > lostAfterMs) this.#fail()
  }

  #fail(refusal?: ProblemCode): void {
    const { connection } = this.#options
    if (refusal !== undefined) connection.set({ ...connection.get(), refusal })
    this.#socket.disconnect()
    this.#scheduleRetry()
  }

  #scheduleRetry(): void {
    if (this.#retry !== undefined || this.#closed) return
    this.#joining = false
    const { connection } = this.#options
    const delayMs = retryDelayMs(connection.get().refusal, Math.random())
    connection.set({ ...connection.get(), retryAt: performance.now() + delayMs })
    this.#retry = setTimeout(() => {
      this.#retry = undefined
      this.#connect()
    }, delayMs)
  }

  #board(): Board | undefined {
    return this.#options.queries.getQueryData<Board>(boardKey(this.#options.boardId))
  }
}

/** A handshake that the server refuses names its reason as the message or in `data.code`. */
function refusalOf(error: Error): ProblemCode | undefined {
  const data: unknown = 'data' in error ? error.data : undefined
  const code = typeof data === 'object' && data !== null && 'code' in data ? data.code : error.message
  return problemCode.safeParse(code).data
}
