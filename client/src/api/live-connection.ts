import type { LiveTree, QueryWatch, QueryWatchAnswer } from '@stagewatch/shared/contract/live-query.ts'
import type { BoardDelta, BoardHeartbeat, ClientToServer, ServerToClient } from '@stagewatch/shared/contract/socket.ts'
import { applyChanges } from '@stagewatch/shared/domain/board-delta.ts'
import { io, type Socket } from 'socket.io-client'

const answerTimeoutMs = 10_000
/** After a refusal that may pass. */
const retryAfterMs = 5_000
/** One page leaves its question before the next one asks. */
const closeAfterMs = 10_000

/** What a page is told of the question that it watches. */
export interface LiveListener {
  /** The whole answer as it is now; the parts that did not change keep their identity. */
  readonly onTree: (tree: LiveTree) => void
}

/** What is known of the connection. Instants are monotonic ms of this page. */
export interface LiveConnectionState {
  /** When the server last said that what is shown is current; undefined: not yet. */
  readonly confirmedAt: number | undefined
  /** The server cannot read its database: the numbers are of this instant, epoch ms by its clock. */
  readonly dataAsOf: number | undefined
}

interface Watch {
  readonly message: QueryWatch
  readonly listener: LiveListener
  /** Undefined: the server has not answered yet. */
  shown: { readonly board: string; epoch: string; version: number; tree: LiveTree } | undefined
}

/**
 * The socket of the desk: keeps pages told of what changes in their questions. One for all pages of a site; it is open
 * while there is a question.
 */
export class LiveConnection {
  readonly #socket: Socket<ServerToClient, ClientToServer>
  readonly #watches = new Set<Watch>()
  #state: LiveConnectionState = { confirmedAt: undefined, dataAsOf: undefined }

  constructor(site: string) {
    this.#socket = io({
      auth: { site },
      transports: ['websocket'],
      autoConnect: false,
      reconnectionDelayMax: retryAfterMs,
    })
    this.#socket.on('connect', () => {
      for (const watch of this.#watches) void this.#ask(watch)
    })
    // Rights have changed, or the server ends: unlike a lost connection the library does not open it again by itself.
    this.#socket.on('disconnect', () => this.#reopenLater())
    this.#socket.on('connect_error', () => this.#reopenLater())
    this.#socket.on('board:delta', (delta) => this.#take(delta))
    this.#socket.on('board:pulse', (heartbeat) => this.#confirm(heartbeat))
    this.#socket.on('board:problem', ({ board }) => {
      const watch = this.#watchOf(board)
      if (watch !== undefined) this.#askLater(watch)
    })
  }

  get state(): LiveConnectionState {
    return this.#state
  }

  /** From now on the listener is told what the answer is. @returns a function that ends it. */
  watch(message: QueryWatch, listener: LiveListener): () => void {
    const watch: Watch = { message, listener, shown: undefined }
    this.#watches.add(watch)
    if (this.#socket.connected) void this.#ask(watch)
    else this.#socket.connect()
    return () => {
      this.#watches.delete(watch)
      if (watch.shown !== undefined) this.#leave(watch.shown.board)
      setTimeout(() => this.#closeUnused(), closeAfterMs)
    }
  }

  #closeUnused(): void {
    if (this.#watches.size === 0) this.#socket.disconnect()
  }

  #watchOf(board: string): Watch | undefined {
    return [...this.#watches].find(({ shown }) => shown?.board === board)
  }

  async #ask(watch: Watch): Promise<void> {
    watch.shown = undefined
    const answer: QueryWatchAnswer | undefined = await this.#socket
      .timeout(answerTimeoutMs)
      .emitWithAck('query:watch', watch.message)
      .catch(() => undefined)
    if (answer?.ok !== true) return this.#askLater(watch)
    const { board, epoch, version, tree } = answer.snapshot
    if (!this.#watches.has(watch)) return this.#leave(board)
    // Its shape is the server's word: both sides share the schema.
    watch.shown = { board, epoch, version, tree: tree as LiveTree }
    this.#confirmNow(undefined)
    watch.listener.onTree(watch.shown.tree)
  }

  /** Two pages may ask the same. */
  #leave(board: string): void {
    if (this.#watchOf(board) === undefined) this.#socket.emit('query:unwatch', { board })
  }

  #askLater(watch: Watch): void {
    watch.shown = undefined
    setTimeout(() => {
      if (this.#watches.has(watch) && watch.shown === undefined && this.#socket.connected) void this.#ask(watch)
    }, retryAfterMs)
  }

  #reopenLater(): void {
    for (const watch of this.#watches) watch.shown = undefined
    if (this.#socket.active || this.#watches.size === 0) return
    setTimeout(() => this.#watches.size > 0 && this.#socket.connect(), retryAfterMs)
  }

  #take({ board, epoch, from, to, asOf, position, changes }: BoardDelta): void {
    for (const watch of this.#watches) {
      const { shown } = watch
      if (shown?.board !== board) continue
      if (shown.epoch !== epoch || shown.version !== from) {
        // Something was missed.
        void this.#ask(watch)
        continue
      }
      shown.version = to
      shown.tree = applyChanges({ ...shown.tree, asOf, position }, changes)
      this.#confirmNow(this.#state.dataAsOf)
      watch.listener.onTree(shown.tree)
    }
  }

  #confirm({ board, epoch, version, dataAsOf }: BoardHeartbeat): void {
    for (const watch of this.#watches) {
      const { shown } = watch
      if (shown?.board !== board) continue
      if (shown.epoch === epoch && shown.version === version) this.#confirmNow(dataAsOf)
      else void this.#ask(watch)
    }
  }

  #confirmNow(dataAsOf: number | undefined): void {
    this.#state = { confirmedAt: performance.now(), dataAsOf }
  }
}
