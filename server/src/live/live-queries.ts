import { treeOfOrders, queryUnwatch, queryWatch } from '@stagewatch/shared/contract/live-query.ts'
import type { LiveQueryKind, LiveSnapshot, LiveTree, QueryWatch } from '@stagewatch/shared/contract/live-query.ts'
import { orderPartQuery, ordersQuery } from '@stagewatch/shared/contract/orders.ts'
import type { OrdersAnswer } from '@stagewatch/shared/contract/orders.ts'
import { overviewQuery } from '@stagewatch/shared/contract/overview.ts'
import type { OverviewAnswer } from '@stagewatch/shared/contract/overview.ts'
import type { Action } from '@stagewatch/shared/domain/access/action.ts'
import { audienceKey } from '@stagewatch/shared/domain/access/audience.ts'
import { normalIdentifier } from '@stagewatch/shared/domain/identifier.ts'
import type { z } from 'zod'
import { audienceOf, requireAction } from '../access/caller.ts'
import type { Caller } from '../access/caller.ts'
import type { RoomName } from '../boards/board-publisher.ts'
import { AppError } from '../platform/app-error.ts'
import { answerOrder, answerOrders, answerOverview } from '../query/answers.ts'
import type { AnswerContext } from '../query/answers.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import type { BoardRooms } from './board-rooms.ts'
import type { BoardSocket } from './board-socket.ts'
import { LiveQuery } from './live-query.ts'
import { isShown } from './socket-authorization.ts'
import { SocketConnection } from './socket-connection.ts'

/** A page shows one question, and one or two are still being left while another page opens. */
const maxOfSocket = 8
const maxQueries = 500
const minuteMs = 60_000

export interface LiveQueriesOptions extends AnswerContext {
  readonly rooms: BoardRooms
  readonly dataAsOf: () => number | undefined
  readonly failed: (error: unknown) => void
}

interface Watched {
  readonly key: string
  readonly query: LiveQuery
  readonly room: RoomName
  readonly watchers: Set<string>
}

/** A question, checked and narrowed to what its caller may ask. */
interface Question {
  readonly action: Action
  /** Who ask the same as the same audience share the answer. */
  readonly key: unknown
  readonly answer: (context: AnswerContext, caller: Caller) => Promise<LiveTree>
  readonly signature?: (pipeline: SitePipeline) => string
}

/** The questions that pages of the desk keep being told about, each answered once for all who ask it. */
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

  /** @throws AppError when the question is none, may not be asked, or cannot be answered. */
  async watch(socket: BoardSocket, message: unknown): Promise<LiveSnapshot> {
    const parsed = queryWatch.safeParse(message)
    if (!parsed.success) throw new AppError('bad_request', 'the question is malformed')
    const question = questionOf(parsed.data)
    const { caller } = socket.data
    requireAction(caller, question.action)
    const pipeline = await this.#options.sites.get(caller.site)
    const audience = audienceKey(audienceOf(caller, pipeline.privacy.now))
    const watched = this.#find(question, caller, pipeline, audience)
    // Counted before there is an answer, so that nobody else lets go of the question meanwhile.
    watched.watchers.add(socket.id)
    const watching = (socket.data.watching ??= new Map())
    const { board } = watched.query
    try {
      if (!watching.has(board) && watching.size >= maxOfSocket) {
        throw new AppError('overloaded', 'too many questions at once', { retryAfterS: 1 })
      }
      // Counted from now on: a client may ask many questions before the first is answered.
      watching.set(board, { room: watched.room, pipeline })
      await watched.query.ready()
      // Rights may have changed meanwhile: whoever watches from now on is judged by what holds now.
      requireAction(socket.data.caller, question.action)
      if (!(await isShown({ site: caller.site, audience }, socket.data.caller, this.#options.sites))) {
        throw new AppError('forbidden', 'the rights have changed')
      }
      if (socket.disconnected) throw new AppError('forbidden', 'the socket has gone')
    } catch (error) {
      watching.delete(board)
      this.#leave(watched, socket.id)
      throw error
    }
    // The snapshot is taken in the same turn in which the room is joined: the next delta leads on from it.
    this.#options.rooms.join(watched.room, socket.id, new SocketConnection(socket.conn), false)
    return watched.query.snapshot()
  }

  unwatch(socket: BoardSocket, message: unknown): void {
    const parsed = queryUnwatch.safeParse(message)
    if (parsed.success) this.#stop(socket, parsed.data.board)
  }

  /** The socket has gone. */
  leave(socket: BoardSocket): void {
    for (const board of socket.data.watching?.keys() ?? []) this.#stop(socket, board)
  }

  /** Something of the site has changed. */
  invalidate(site: string): void {
    for (const { room, query } of this.#byKey.values()) if (room.site === site) query.invalidate()
  }

  /** To be called every two seconds. */
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

  #find(question: Question, caller: Caller, pipeline: SitePipeline, audience: string): Watched {
    const { site } = caller
    const key = JSON.stringify([site, audience, question.key])
    const known = this.#byKey.get(key)
    if (known !== undefined) return known
    if (this.#byKey.size >= maxQueries) {
      throw new AppError('overloaded', 'too many different questions are being watched', { retryAfterS: 30 })
    }
    const { clock, rooms, dataAsOf, failed } = this.#options
    const { signature } = question
    const query: LiveQuery = new LiveQuery({
      // Whoever asks first stands for all: to others of the same audience it answers the same.
      answer: () => question.answer(this.#options, caller),
      ...(signature !== undefined && { signature: () => signature(pipeline) }),
      clock,
      dataAsOf,
      failed,
      send: (delta) => rooms.delta({ site, audience, board: query.board }, delta),
    })
    const watched = { key, query, room: { site, audience, board: query.board }, watchers: new Set<string>() }
    this.#byKey.set(key, watched)
    this.#byBoard.set(query.board, watched)
    return watched
  }
}

/** @throws AppError `bad_request` */
function questionOf({ kind, order, search }: QueryWatch): Question {
  const parameters = parametersOf(search)
  const kinds: Readonly<Record<LiveQueryKind, () => Question>> = {
    overview: () => {
      const { site: _site, ...query } = parse(overviewQuery, parameters)
      const answer = async (context: AnswerContext, caller: Caller): Promise<LiveTree> =>
        overviewByMinute(await answerOverview(context, caller, query))
      return { action: 'numbers.read', key: [kind, query], answer }
    },
    orders: () => {
      const { site: _site, ...query } = parse(ordersQuery, parameters)
      const answer = async (context: AnswerContext, caller: Caller): Promise<LiveTree> =>
        treeOfOrders(ordersByMinute(await answerOrders(context, caller, query)))
      return { action: 'orders.read', key: [kind, query], answer }
    },
    order: () => {
      const { site: _site, ...part } = parse(orderPartQuery, parameters)
      const name = order === undefined ? undefined : normalIdentifier(order)
      if (name === undefined) throw new AppError('bad_request', 'the question names no order')
      return {
        action: 'orders.read',
        key: [kind, name, part],
        answer: (context, caller) => answerOrder(context, caller, name, part),
        signature: ({ engine, catalog }) => {
          const known = engine.order(name)
          return JSON.stringify([known?.eventCount, engine.open.get(known?.openSlot)?.status, catalog.rulesVersion])
        },
      }
    },
  }
  return kinds[kind]()
}

/** As a web server reads a query string: what is named several times is a list. */
function parametersOf(search: string): Record<string, string | string[]> {
  const parameters = new URLSearchParams(search)
  return Object.fromEntries(
    [...new Set(parameters.keys())].map((name) => {
      const values = parameters.getAll(name)
      return [name, values.length === 1 ? (values[0] ?? '') : values]
    }),
  )
}

function parse<Schema extends z.ZodType>(schema: Schema, parameters: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(parameters)
  if (!parsed.success) throw new AppError('bad_request', 'the question is malformed')
  return parsed.data
}

/** Durations that grow with time are told to the minute, so that they travel once a minute and not with every answer. */
function toMinute(ms: number): number {
  return Math.floor(ms / minuteMs) * minuteMs
}

function ordersByMinute({ orders, ...answer }: OrdersAnswer): OrdersAnswer {
  return {
    ...answer,
    orders: orders.map((order) => ({
      ...order,
      ageMs: toMinute(order.ageMs),
      ...(order.overdueMs !== undefined && { overdueMs: toMinute(order.overdueMs) }),
    })),
  }
}

function overviewByMinute(answer: OverviewAnswer): OverviewAnswer {
  const { lateness } = answer
  return {
    ...answer,
    to: toMinute(answer.to),
    lateness: {
      ...lateness,
      overdueMs: toMinute(lateness.overdueMs),
      departments: lateness.departments.map((one) => ({ ...one, overdueMs: toMinute(one.overdueMs) })),
    },
  }
}
