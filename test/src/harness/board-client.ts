import type { Board } from '@stagewatch/shared/contract/board.ts'
import type {
  BoardDelta,
  BoardHeartbeat,
  BoardJoinAnswer,
  ClientToServer,
  ServerToClient,
} from '@stagewatch/shared/contract/socket.ts'
import { applyChanges } from '@stagewatch/shared/domain/board-delta.ts'
import type { Socket } from 'socket.io-client'
import { io } from 'socket.io-client'

export interface BoardClientOptions {
  readonly url: string
  readonly site?: string
  readonly token?: string
  readonly board?: string
}

/**
 * A screen without a display: joins a board, applies its deltas, and joins again when one is missing or the connection
 * was lost.
 */
export class BoardClient {
  readonly deltas: BoardDelta[] = []
  readonly heartbeats: BoardHeartbeat[] = []
  joinCount = 0
  readonly #socket: Socket<ServerToClient, ClientToServer>
  readonly #id: string
  #shown: Board | undefined
  #toLose = 0
  #hasConnected = false
  readonly #waiting = new Set<(board: Board) => void>()
  #retry: NodeJS.Timeout | undefined

  constructor({ url, site, token, board = 'overview' }: BoardClientOptions) {
    this.#id = board
    this.#socket = io(url, {
      auth: { site, token },
      transports: ['websocket'],
      forceNew: true,
      reconnectionDelay: 100,
      reconnectionDelayMax: 500,
    })
    this.#socket.on('board:delta', (delta) => this.#record(delta))
    this.#socket.on('board:pulse', (heartbeat) => void this.heartbeats.push(heartbeat))
    this.#socket.on('connect', () => {
      // Emits before the first connection are buffered and sent with it.
      if (this.#hasConnected && this.joinCount > 0) this.#joinAgain()
      this.#hasConnected = true
    })
    // After a refusal, in contrast to a failure, the library does not reconnect by itself.
    this.#socket.on('connect_error', () => {
      if (!this.#socket.active) this.#retry = setTimeout(() => this.#socket.connect(), 200)
    })
  }

  /** @throws with the code of a refusal. */
  async join(): Promise<Board> {
    this.joinCount += 1
    this.#shown = undefined
    const answer: BoardJoinAnswer = await this.#socket.timeout(10_000).emitWithAck('board:join', { board: this.#id })
    if (!answer.ok) throw new Error(answer.code)
    return this.#show(answer.snapshot)
  }

  /** The board as currently shown. */
  get shown(): Board | undefined {
    return this.#shown
  }

  /** The board as shown, once it has at least this version. */
  shownAt(version: number): Promise<Board> {
    return this.until((board) => board.version >= version)
  }

  /** The board as shown, once it meets the condition. */
  until(isWanted: (board: Board) => boolean): Promise<Board> {
    return new Promise((resolve) => {
      const look = (board: Board): void => {
        if (!isWanted(board)) return
        this.#waiting.delete(look)
        resolve(board)
      }
      this.#waiting.add(look)
      if (this.#shown !== undefined) look(this.#shown)
    })
  }

  /** Drops the next deltas. */
  lose(count: number): void {
    this.#toLose += count
  }

  close(): void {
    clearTimeout(this.#retry)
    this.#socket.disconnect()
  }

  #record(delta: BoardDelta): void {
    if (this.#toLose > 0) {
      this.#toLose -= 1
      return
    }
    this.deltas.push(delta)
    const shown = this.#shown
    // Deltas that arrive before the snapshot are contained in it.
    if (shown === undefined || delta.to <= shown.version) return
    const { epoch, from, to, asOf, position, changes } = delta
    if (epoch !== shown.epoch || from !== shown.version) this.#joinAgain()
    else this.#show({ ...applyChanges(shown, changes), version: to, asOf, position })
  }

  /** Repeats until it succeeds, because the server may die in the meantime. */
  #joinAgain(): void {
    this.join().catch(() => {
      if (this.#socket.connected) this.#retry = setTimeout(() => this.#joinAgain(), 200)
    })
  }

  #show(board: Board): Board {
    this.#shown = board
    for (const look of this.#waiting) look(board)
    return board
  }
}
