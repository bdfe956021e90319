import type { Server as HttpServer } from 'node:http'
import type { Database } from '@stagewatch/db/database.ts'
import { boardSeen } from '@stagewatch/shared/contract/socket.ts'
import type { QueryWatchAnswer } from '@stagewatch/shared/contract/live-query.ts'
import type { BoardJoinAnswer } from '@stagewatch/shared/contract/socket.ts'
import type { Logger } from 'pino'
import { Server } from 'socket.io'
import type { AccessRules } from '../access/caller.ts'
import { AppError } from '../platform/app-error.ts'
import type { ServedHosts } from '../platform/http/served-hosts.ts'
import type { ClockSteps } from '../platform/clock/clock-steps.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { databaseRefusal } from '../platform/database-refusal.ts'
import type { LoadMonitor } from '../platform/load/load-monitor.ts'
import { inTrace } from '../platform/tracing/active-span.ts'
import type { Tracer } from '../platform/tracing/active-span.ts'
import { refuseUnknownHost } from '../platform/http/served-host.ts'
import { Recordings } from './recordings/recordings.ts'
import type { Usage } from '../platform/collection-gauges.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import type { BoardRooms } from './board-rooms.ts'
import type { BoardServer, BoardSocket, ScreenChannel } from './board-socket.ts'
import { EventBudget, socketHandler } from './board-socket.ts'
import { joinBoard, leaveBoard } from './join-board.ts'
import type { JoinContext } from './join-board.ts'
import type { LiveQueries } from './live-queries.ts'
import { originAllowed } from '../platform/http/same-origin.ts'
import { SocketAuthorization } from './socket-authorization.ts'

export interface BoardSockets {
  /** Number of connected sockets. */
  readonly count: number
  /** Usage and limits of its caches. */
  readonly usage: Readonly<Record<string, Usage>>
  /** Sends a heartbeat to every screen that still has access, with the state of its board. */
  heartbeat(now: number): Promise<void>
  /** Disconnects clients that may no longer see what they show. */
  recheck(): Promise<void>
  close(): Promise<void>
}

export interface BoardSocketsOptions {
  readonly server: HttpServer
  readonly sites: SiteRegistry
  readonly rooms: BoardRooms
  readonly queries: LiveQueries
  readonly database: Database
  readonly clock: Clock
  readonly clockSteps: ClockSteps
  readonly load: LoadMonitor
  readonly access: AccessRules
  readonly screens: ScreenChannel
  /** Host names that the server accepts. */
  readonly hosts: ServedHosts
  readonly publicUrl: string | undefined
  /** See `clientBuild`. */
  readonly build: string
  readonly logger: Logger
  readonly tracer?: Tracer | undefined
}

/** The live side: screens join a board, receive its snapshot, and then its changes. */
export function openBoardSockets(options: BoardSocketsOptions): BoardSockets {
  const {
    server,
    sites,
    rooms,
    queries,
    database,
    clock,
    clockSteps,
    load,
    access,
    screens,
    hosts,
    publicUrl,
    build,
    logger,
    tracer,
  } = options
  const io: BoardServer = new Server(server, {
    path: '/socket.io',
    serveClient: false,
    // A single transport needs no sticky sessions, and every browser that can run the wall supports it.
    transports: ['websocket'],
    perMessageDeflate: false,
    maxHttpBufferSize: 64 * 1024,
    connectTimeout: 5_000,
    pingInterval: 5_000,
    pingTimeout: 10_000,
    // `cors` does not apply to WebSocket connections; this check does.
    allowRequest: (request, decide) => decide(null, originAllowed(request.headers, publicUrl)),
  })

  io.engine.use(refuseUnknownHost(hosts))

  const sockets = () => io.sockets.sockets.values()
  const authorization = new SocketAuthorization({ access, sites, screens, logger, sockets })
  const admit = async (socket: BoardSocket): Promise<void> => {
    load.require('sockets')
    await authorization.identify(socket)
    await screens.admit(socket)
  }
  io.use((socket, next) => {
    admit(socket).then(
      () => next(),
      (error: unknown) => next(connectError(refusalCode(error, logger))),
    )
  })

  const recordingFailed = (error: unknown): void => logger.error({ err: error }, 'a recording could not continue')
  const recordings = new Recordings()
  const context: JoinContext = { sites, database, clock, rooms, recordings, load, failed: recordingFailed }
  const failed = (error: unknown): void => logger.error({ err: error }, 'a socket message could not be handled')
  const connected = (socket: BoardSocket): void => {
    const budget = new EventBudget()
    socket.use((_event, next) => {
      if (budget.take(performance.now())) next()
      else socket.disconnect(true)
    })
    const onJoin = async (join: unknown, answer: unknown): Promise<void> => {
      const reply = typeof answer === 'function' ? (message: BoardJoinAnswer) => void answer(message) : () => undefined
      reply(
        await inTrace(tracer, 'socket board:join', {}, () => joinBoard(socket, join, context)).catch(
          (error: unknown) => ({
            ok: false as const,
            code: refusalCode(error, logger),
          }),
        ),
      )
    }
    const onSeen = (message: unknown): void => {
      const seen = boardSeen.safeParse(message)
      const { showing } = socket.data
      if (seen.success && seen.data.board === showing?.room.board) showing.feed.seen(seen.data)
    }
    socket.on('board:join', socketHandler(failed, onJoin))
    socket.on('board:seen', socketHandler(failed, onSeen))
    const onWatch = async (watch: unknown, answer: unknown): Promise<void> => {
      const reply = typeof answer === 'function' ? (message: QueryWatchAnswer) => void answer(message) : () => undefined
      reply(
        await inTrace(tracer, 'socket query:watch', {}, () => queries.watch(socket, watch)).then(
          (snapshot) => ({ ok: true as const, snapshot }),
          (error: unknown) => ({ ok: false as const, code: refusalCode(error, logger) }),
        ),
      )
    }
    socket.on('query:watch', socketHandler(failed, onWatch))
    socket.on(
      'query:unwatch',
      socketHandler(failed, (unwatch: unknown) => queries.unwatch(socket, unwatch)),
    )
    screens.attach(socket)
    authorization.connected(socket)
    socket.on(
      'disconnect',
      socketHandler(failed, () => {
        leaveBoard(socket, context)
        queries.leave(socket)
      }),
    )
    socket.on('error', (error) => logger.warn({ err: error }, 'socket error'))
  }
  io.on('connection', socketHandler(failed, connected))

  return {
    get count() {
      return io.sockets.sockets.size
    },
    get usage() {
      return { ...context.recordings.usage, ...queries.usage }
    },
    async heartbeat(now) {
      sendRecordingHeartbeats(context, build)
      queries.heartbeat(now, { build })
      const clockStep = clockSteps.recent
      const common = { build, ...(clockStep !== undefined && { clockStep }) }
      for (const pipeline of await sites.list()) {
        const site = pipeline.site.code
        for (const { boards } of pipeline.views()) {
          for (const { audience, heartbeat } of boards.heartbeats(now)) {
            rooms.heartbeat({ site, audience, board: heartbeat.board }, { ...heartbeat, ...common })
          }
          for (const { audience, ...problem } of boards.problems()) rooms.problem({ site, audience }, problem)
          boards.closeUnused((board, audience) => rooms.isShown({ site, audience, board }))
        }
        pipeline.closeUnusedViews(({ boards }) =>
          boards.audiences().some((audience) => rooms.isWatched({ site, audience })),
        )
      }
      // The notification of a change may be lost together with the listening session.
      void authorization.recheckAll().catch(failed)
    },
    recheck: () => authorization.recheckAll(),
    async close() {
      queries.close()
      await io.close()
    },
  }
}

/** Heartbeats of a recording carry the time that it shows. */
function sendRecordingHeartbeats({ recordings, rooms }: JoinContext, build: string): void {
  for (const recording of recordings) {
    const { id, view, now, site } = recording
    const problems = recording.problems()
    for (const { audience, heartbeat } of problems.length > 0 ? [] : view.boards.heartbeats(now)) {
      rooms.heartbeat({ site, audience: `${id}${audience}`, board: heartbeat.board }, { ...heartbeat, build })
    }
    for (const { audience, ...problem } of problems) rooms.problem({ site, audience: `${id}${audience}` }, problem)
  }
}

/** The error that a client receives as `connect_error`: the code as its message and also as data. */
function connectError(code: AppError['code']): Error {
  return Object.assign(new Error(code), { data: { code } })
}

function refusalCode(thrown: unknown, logger: Logger): AppError['code'] {
  const error = databaseRefusal(thrown)
  if (error instanceof AppError) return error.code
  logger.error({ err: error }, 'socket request failed')
  return 'internal'
}
