import type { Server as HttpServer } from 'node:http'
import type { Database } from '@stagewatch/db/database.ts'
import { DatabaseUnavailableError } from '@stagewatch/db/database-unavailable.ts'
import { boardSeen } from '@stagewatch/shared/contract/socket.ts'
import type { BoardDelta, BoardJoinAnswer } from '@stagewatch/shared/contract/socket.ts'
import { audienceKey } from '@stagewatch/shared/domain/access/audience.ts'
import type { Logger } from 'pino'
import { Server } from 'socket.io'
import { audienceOf } from '../access/audience-of.ts'
import type { AccessRules } from '../access/caller.ts'
import { AppError } from '../app-error.ts'
import type { Clock } from '../clock/clock.ts'
import { databaseRefusal } from '../database-refusal.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import { BoardRooms } from './board-rooms.ts'
import type { BoardServer, BoardSocket } from './board-socket.ts'
import { EventBudget } from './event-budget.ts'
import { identifyScreen } from './identify-screen.ts'
import { joinBoard, leaveBoard } from './join-board.ts'
import type { JoinContext } from './join-board.ts'
import { originAllowed } from './origin-allowed.ts'
import type { ScreenSockets } from './screen-sockets.ts'

export interface BoardSockets {
  /** How many are connected. */
  readonly count: number
  /** Sends a delta to the screens that are shown the board like this audience. */
  send(site: string, delta: BoardDelta, audience: string): void
  /** Tells every screen that the server is there, and what it should be showing, if it may still look. */
  pulse(now: number): Promise<void>
  close(): Promise<void>
}

export interface BoardSocketsOptions {
  readonly server: HttpServer
  readonly sites: SiteRegistry
  readonly database: Database
  readonly clock: Clock
  readonly access: AccessRules
  readonly screens: ScreenSockets
  readonly publicUrl: string | undefined
  /** See `clientBuild`. */
  readonly build: string
  readonly logger: Logger
}

/** The live side: screens join a board, get its snapshot, and then what changes. */
export function openBoardSockets(options: BoardSocketsOptions): BoardSockets {
  const { server, sites, database, clock, access, screens, publicUrl, build, logger } = options
  const io: BoardServer = new Server(server, {
    path: '/socket.io',
    serveClient: false,
    // One transport needs no sticky sessions, and every browser that can show the wall has it.
    transports: ['websocket'],
    perMessageDeflate: false,
    maxHttpBufferSize: 64 * 1024,
    connectTimeout: 5_000,
    pingInterval: 5_000,
    pingTimeout: 10_000,
    // `cors` does not hold for WebSocket connections; this does.
    allowRequest: (request, decide) => decide(null, originAllowed(request.headers, publicUrl)),
  })

  io.use((socket, next) => {
    admitSocket(socket, access, screens).then(
      () => next(),
      (error: unknown) => next(connectError(refusalCode(error, logger))),
    )
  })

  const rooms = new BoardRooms()
  const failed = (error: unknown): void => logger.error({ err: error }, 'a recording could not go on')
  const context: JoinContext = { sites, database, clock, rooms, recordings: new Set(), failed }
  io.on('connection', (socket) => {
    const budget = new EventBudget()
    socket.use((_event, next) => {
      if (budget.take(performance.now())) next()
      else socket.disconnect(true)
    })
    // A packet may hold anything, and whatever a handler throws would end the process.
    socket.on('board:join', (join: unknown, answer: unknown) => {
      const reply = typeof answer === 'function' ? (message: BoardJoinAnswer) => void answer(message) : () => undefined
      joinBoard(socket, join, context).then(reply, (error: unknown) =>
        reply({ ok: false, code: refusalCode(error, logger) }),
      )
    })
    socket.on('board:seen', (message: unknown) => {
      const seen = boardSeen.safeParse(message)
      const { showing } = socket.data
      if (seen.success && seen.data.board === showing?.room.board) showing.feed.seen(seen.data)
    })
    screens.attach(socket)
    socket.on('disconnect', () => leaveBoard(socket, context))
    socket.on('error', (error) => logger.warn({ err: error }, 'socket error'))
  })

  return {
    get count() {
      return io.sockets.sockets.size
    },
    send(site, delta, audience) {
      rooms.sender(site)(delta, audience)
    },
    async pulse(now) {
      pulseRecordings(context, build)
      for (const pipeline of await sites.list()) {
        const site = pipeline.site.code
        for (const { boards } of pipeline.views()) {
          for (const { audience, pulse } of boards.pulses(now)) {
            rooms.pulse({ site, audience, board: pulse.board }, { ...pulse, build })
          }
        }
        pipeline.closeUnusedViews(({ boards }) =>
          boards.audiences().some((audience) => rooms.isWatched({ site, audience })),
        )
      }
      for (const socket of io.sockets.sockets.values()) void recheckSocket(socket, access, sites, logger)
    },
    close: () => io.close(),
  }
}

/** A recording's time is that of what it shows. */
function pulseRecordings({ recordings, rooms }: JoinContext, build: string): void {
  for (const { id, view, now, site } of recordings) {
    for (const { audience, pulse } of view.boards.pulses(now)) {
      rooms.pulse({ site, audience: `${id}${audience}`, board: pulse.board }, { ...pulse, build })
    }
  }
}

async function admitSocket(socket: BoardSocket, access: AccessRules, screens: ScreenSockets): Promise<void> {
  socket.data.caller = await identifyScreen(socket.handshake, access)
  await screens.admit(socket)
}

/** A key may be revoked, and a role or a screen be changed, while somebody looks on: then the client starts afresh. */
async function recheckSocket(
  socket: BoardSocket,
  access: AccessRules,
  sites: SiteRegistry,
  logger: Logger,
): Promise<void> {
  try {
    const caller = await identifyScreen(socket.handshake, access)
    socket.data.caller = caller
    const { showing } = socket.data
    const audience = audienceOf(caller, (await sites.get(caller.site)).privacy.now)
    if (showing !== undefined && showing.audience !== audienceKey(audience)) socket.disconnect(true)
  } catch (error) {
    if (error instanceof AppError) socket.disconnect(true)
    // While the database is away nothing can be said against a screen.
    else if (!(error instanceof DatabaseUnavailableError))
      logger.warn({ err: error }, 'a screen could not be checked again')
  }
}

/** What a client gets as `connect_error`: the code as message and, for those who look for it, as data. */
function connectError(code: AppError['code']): Error {
  return Object.assign(new Error(code), { data: { code } })
}

function refusalCode(thrown: unknown, logger: Logger): AppError['code'] {
  const error = databaseRefusal(thrown)
  if (error instanceof AppError) return error.code
  logger.error({ err: error }, 'socket request failed')
  return 'internal'
}
