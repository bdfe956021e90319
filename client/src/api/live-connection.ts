import type { LiveTree, QueryWatch, QueryWatchAnswer } from '@stagewatch/shared/contract/live-query.ts'
import type { BoardDelta, BoardHeartbeat, ClientToServer, ServerToClient } from '@stagewatch/shared/contract/socket.ts'
import { applyChanges } from '@stagewatch/shared/domain/board-delta.ts'
import { io, type Socket } from 'socket.io-client'

const answerTimeoutMs = 10_000
/** Maximum delay before a retry after a temporary refusal. */
const retryAfterMs = 5_000
/** The pages that an overloaded or restarted server refuses do not all return at once. */
const retryDelayMs = () => retryAfterMs * (0.5 + Math.random() / 2)
/** Keeps the socket open during navigation: one page ends its watch before the next one starts its own. */
const closeAfterMs = 10_000

/** Receives the results of a watched query. */
export interface LiveListener {
  /** The whole current result; unchanged parts keep their identity. */
  readonly onTree: (tree: LiveTree) => void
}

/** State of the connection. Instants are monotonic ms of this page. */
export interface LiveConnectionState {
  /** When the server last confirmed that the displayed data is current. Undefined: not yet. */
  readonly confirmedAt: number | undefined
  /** Set while the server cannot read its database: the instant of the data, epoch ms of the server's clock. */
  readonly dataAsOf: number | undefined
  /** Interval of updates while the overloaded server sends them less often, ms. */
  readonly reducedMs?: number | undefined
}

interface Watch {
  readonly message: QueryWatch
  readonly listener: LiveListener
  /** Undefined until the server has responded. */
  shown: { readonly board: string; epoch: string; version: number; tree: LiveTree } | undefined
}

/**
 * The socket of the desk: pushes changes of the watched queries to the pages. All pages of a site share one; it is
 * open while at least one query is watched.
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
    // Rights changed or the server shut down. Unlike after a lost connection, the library does not reconnect by itself.
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

  /** Sends the result of the query to the listener, now and after each change. @returns a function that stops it. */
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
    // The shape needs no check here because server and client share the schema.
    watch.shown = { board, epoch, version, tree: tree as LiveTree }
    this.#confirmNow(undefined)
    watch.listener.onTree(watch.shown.tree)
  }

  /** Unsubscribes unless another page watches the same query. */
  #leave(board: string): void {
    if (this.#watchOf(board) === undefined) this.#socket.emit('query:unwatch', { board })
  }

  #askLater(watch: Watch): void {
    watch.shown = undefined
    setTimeout(() => {
      if (this.#watches.has(watch) && watch.shown === undefined && this.#socket.connected) void this.#ask(watch)
    }, retryDelayMs())
  }

  #reopenLater(): void {
    for (const watch of this.#watches) watch.shown = undefined
    if (this.#socket.active || this.#watches.size === 0) return
    setTimeout(() => this.#watches.size > 0 && this.#socket.connect(), retryDelayMs())
  }

  #take({ board, epoch, from, to, asOf, position, changes }: BoardDelta): void {
    for (const watch of this.#watches) {
      const { shown } = watch
      if (shown?.board !== board) continue
      if (shown.epoch !== epoch || shown.version !== from) {
        // A delta was missed.
        void this.#ask(watch)
        continue
      }
      shown.version = to
      shown.tree = applyChanges({ ...shown.tree, asOf, position }, changes)
      this.#confirmNow(this.#state.dataAsOf, this.#state.reducedMs)
      watch.listener.onTree(shown.tree)
    }
  }

  #confirm({ board, epoch, version, dataAsOf, reducedMs }: BoardHeartbeat): void {
    for (const watch of this.#watches) {
      const { shown } = watch
      if (shown?.board !== board) continue
      if (shown.epoch === epoch && shown.version === version) this.#confirmNow(dataAsOf, reducedMs)
      else void this.#ask(watch)
    }
  }

  #confirmNow(dataAsOf: number | undefined, reducedMs?: number): void {
    this.#state = { confirmedAt: performance.now(), dataAsOf, reducedMs }
  }
}
