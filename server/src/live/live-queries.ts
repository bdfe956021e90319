import { queryUnwatch, queryWatch } from '@stagewatch/shared/contract/live-query.ts'
import type { LiveSnapshot } from '@stagewatch/shared/contract/live-query.ts'
import { audienceKey } from '@stagewatch/shared/domain/access/audience.ts'
import { audienceOf, requireAction } from '../access/caller.ts'
import type { Caller } from '../access/caller.ts'
import type { RoomName } from '../boards/board-publisher.ts'
import { AppError } from '../platform/app-error.ts'
import type { LoadMonitor } from '../platform/load/load-monitor.ts'
import { shedWorkOf } from '../access/shed-work.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import type { BoardRooms } from './board-rooms.ts'
import type { BoardSocket } from './board-socket.ts'
import { LiveQuery } from './live-query.ts'
import { parseLiveQuery } from './live-query-kinds.ts'
import type { LiveQueryDefinition, LiveQueryContext, Topic } from './live-query-kinds.ts'
import { isShown, rightsOf } from './socket-authorization.ts'
import { SocketConnection } from './socket-connection.ts'

/** A page subscribes to one query, and one or two may still be closing while another page opens. */
const maxOfSocket = 8
const maxQueries = 500

export interface LiveQueriesOptions extends LiveQueryContext {
  readonly rooms: BoardRooms
  readonly dataAsOf: () => number | undefined
  readonly load: LoadMonitor
  readonly failed: (error: unknown) => void
}

interface Watched {
  readonly key: string
  readonly question: LiveQueryDefinition
  readonly query: LiveQuery
  readonly room: RoomName
  readonly watchers: Set<string>
}

/** Live queries of desk pages, each answered once for all its subscribers. */
export class LiveQueries {
  readonly #options: LiveQueriesOptions
  readonly #byKey = new Map<string, Watched>()
  readonly #byBoard = new Map<string, Watched>()

  constructor(options: LiveQueriesOptions) {
    this.#options = options
  }

  get usage() {
    return { live_queries: { size: this.#byKey.size, limit: maxQueries } }
  }

  /** @throws AppError if the query is malformed, not permitted, or cannot be answered. */
  async watch(socket: BoardSocket, message: unknown): Promise<LiveSnapshot> {
    const parsed = queryWatch.safeParse(message)
    if (!parsed.success) throw new AppError('bad_request', 'the query is malformed')
    const { caller } = socket.data
    const question = parseLiveQuery(parsed.data, caller)
    requireAction(caller, question.action)
    this.#options.load.require(shedWorkOf('GET', question.action))
    const pipeline = await this.#options.sites.get(caller.site)
    const audience = audienceKey(audienceOf(caller, pipeline.privacy.now))
    const watched = this.#find(question, caller, pipeline, audience)
    // Added before there is an answer, so that the query is not closed in the meantime.
    watched.watchers.add(socket.id)
    const watching = (socket.data.watching ??= new Map())
    const { board } = watched.query
    try {
      if (!watching.has(board) && watching.size >= maxOfSocket) {
        throw new AppError('overloaded', 'too many queries at once')
      }
      // Counted immediately, because a client may send many queries before the first one is answered.
      watching.set(board, { room: watched.room, pipeline, rights: rightsOf(caller) })
      await watched.query.ready()
      // Rights may have changed in the meantime, so the current ones are checked.
      const isSame = rightsOf(socket.data.caller) === rightsOf(caller)
      if (!isSame || !(await isShown({ site: caller.site, audience }, socket.data.caller, this.#options.sites))) {
        throw new AppError('forbidden', 'the rights have changed')
      }
      if (socket.disconnected) throw new AppError('forbidden', 'the socket has disconnected')
    } catch (error) {
      watching.delete(board)
      this.#leave(watched, socket.id)
      throw error
    }
    // The snapshot is taken in the same event loop turn as the join, so that the next delta continues from it.
    this.#options.rooms.join(watched.room, socket.id, new SocketConnection(socket.conn), false)
    return watched.query.snapshot()
  }

  unwatch(socket: BoardSocket, message: unknown): void {
    const parsed = queryUnwatch.safeParse(message)
    if (parsed.success) this.#stop(socket, parsed.data.board)
  }

  /** Must be called when the socket has disconnected. */
  leave(socket: BoardSocket): void {
    for (const board of socket.data.watching?.keys() ?? []) this.#stop(socket, board)
  }

  /** Must be called when data of the site has changed. */
  invalidate(site: string, changed: Topic = 'orders'): void {
    for (const { room, question, query } of this.#byKey.values()) {
      if (room.site !== site || !question.topics.includes(changed)) continue
      question.changed?.(changed)
      query.invalidate()
    }
  }

  /** Must be called every two seconds. */
  heartbeat(now: number, common: { readonly build: string }): void {
    const { rooms } = this.#options
    for (const { room, query } of this.#byKey.values()) {
      query.refresh()
      if (query.problem === undefined) rooms.heartbeat(room, { ...query.heartbeat(now), ...common })
      else rooms.problem(room, { board: room.board, code: query.problem })
    }
  }

  close(): void {
    for (const { query } of this.#byKey.values()) query.close()
  }

  #stop(socket: BoardSocket, board: string): void {
    const watched = this.#byBoard.get(board)
    if (watched === undefined || socket.data.watching?.delete(board) !== true) return
    this.#options.rooms.leave(watched.room, socket.id)
    this.#leave(watched, socket.id)
  }

  #leave(watched: Watched, client: string): void {
    watched.watchers.delete(client)
    if (watched.watchers.size > 0) return
    watched.query.close()
    this.#byKey.delete(watched.key)
    this.#byBoard.delete(watched.query.board)
  }

  #find(question: LiveQueryDefinition, caller: Caller, pipeline: SitePipeline, audience: string): Watched {
    const { site } = caller
    const key = JSON.stringify([site, audience, question.key])
    const known = this.#byKey.get(key)
    if (known !== undefined) return known
    if (this.#byKey.size >= maxQueries) {
      throw new AppError('overloaded', 'too many different queries are being watched')
    }
    const { clock, rooms, dataAsOf, load, failed } = this.#options
    const { signature } = question
    const query: LiveQuery = new LiveQuery({
      // The first subscriber's rights are used, because others of the same audience get the same answer.
      answer: () => question.answer(this.#options, caller),
      ...(signature !== undefined && { signature: () => signature(pipeline) }),
      clock,
      dataAsOf,
      cadence: load,
      failed,
      send: (delta) => rooms.delta({ site, audience, board: query.board }, delta),
    })
    const watched = {
      key,
      question,
      query,
      room: { site, audience, board: query.board },
      watchers: new Set<string>(),
    }
    this.#byKey.set(key, watched)
    this.#byBoard.set(query.board, watched)
    return watched
  }
}
