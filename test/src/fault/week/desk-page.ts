import type { LiveTree, QueryWatchAnswer } from '@stagewatch/shared/contract/live-query.ts'
import type { BoardDelta, BoardHeartbeat, ClientToServer, ServerToClient } from '@stagewatch/shared/contract/socket.ts'
import { applyChanges } from '@stagewatch/shared/domain/board-delta.ts'
import type { Socket } from 'socket.io-client'
import { io } from 'socket.io-client'

const retryMs = 300
const answerWithinMs = 10_000

/** A page of the desk without a display: the list of overdue orders, kept current over the socket. */
export class DeskPage {
  readonly #socket: Socket<ServerToClient, ClientToServer>
  #shown: { readonly board: string; readonly epoch: string; version: number; tree: LiveTree } | undefined
  #retry: NodeJS.Timeout | undefined

  constructor(url: string, token: string) {
    this.#socket = io(url, { auth: { token }, transports: ['websocket'], forceNew: true, reconnectionDelayMax: 1_000 })
    this.#socket.on('connect', () => void this.#ask())
    this.#socket.on('connect_error', () => {
      if (!this.#socket.active) this.#retry = setTimeout(() => this.#socket.connect(), retryMs)
    })
    // The library does not reconnect by itself when the server has closed the connection.
    this.#socket.on('disconnect', () => {
      this.#shown = undefined
      if (!this.#socket.active) this.#retry = setTimeout(() => this.#socket.connect(), retryMs)
    })
    this.#socket.on('board:delta', (delta) => this.#take(delta))
    this.#socket.on('board:pulse', (heartbeat) => this.#compare(heartbeat))
  }

  /** The list as it is shown; undefined: it is being asked for. */
  get tree(): LiveTree | undefined {
    return this.#shown?.tree
  }

  close(): void {
    clearTimeout(this.#retry)
    this.#socket.disconnect()
  }

  async #ask(): Promise<void> {
    this.#shown = undefined
    const message = { kind: 'orders', search: 'status=overdue&limit=500' } as const
    const answer: QueryWatchAnswer | undefined = await this.#socket
      .timeout(answerWithinMs)
      .emitWithAck('query:watch', message)
      .catch(() => undefined)
    if (answer?.ok === true) this.#shown = { ...answer.snapshot, tree: answer.snapshot.tree as LiveTree }
    else if (this.#socket.connected) this.#retry = setTimeout(() => void this.#ask(), retryMs)
  }

  #take({ board, epoch, from, to, asOf, position, changes }: BoardDelta): void {
    const shown = this.#shown
    if (shown?.board !== board) return
    if (shown.epoch !== epoch || shown.version !== from) return void this.#ask()
    shown.tree = applyChanges({ ...shown.tree, asOf, position }, changes)
    shown.version = to
  }

  #compare({ board, epoch, version }: BoardHeartbeat): void {
    const shown = this.#shown
    if (shown?.board === board && (shown.epoch !== epoch || shown.version < version)) void this.#ask()
  }
}
