import type { Server as HttpServer } from 'node:http'
import { DatabaseUnavailableError } from '@stagewatch/db/database-unavailable.ts'
import { boardJoin } from '@stagewatch/shared/contract/socket.ts'
import type { BoardDelta, BoardJoinAnswer, ClientToServer, ServerToClient } from '@stagewatch/shared/contract/socket.ts'
import type { Logger } from 'pino'
import { Server } from 'socket.io'
import type { Socket } from 'socket.io'
import type { AccessRules, Caller } from '../access/caller.ts'
import { AppError } from '../app-error.ts'
import { databaseRefusal } from '../database-refusal.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import { EventBudget } from './event-budget.ts'
import { eventFrame } from './event-frame.ts'
import { identifyScreen } from './identify-screen.ts'
import { originAllowed } from './origin-allowed.ts'
import type { ScreenSockets } from './screen-sockets.ts'

type BoardServer = Server<ClientToServer, ServerToClient, Record<string, never>, { caller: Caller }>
type BoardSocket = Socket<ClientToServer, ServerToClient, Record<string, never>, { caller: Caller }>

export interface BoardSockets {
  /** How many are connected. */
  readonly count: number
  /** Sends a delta to the screens that show the board. */
  send(site: string, delta: BoardDelta): void
  /** Tells every screen that the server is there, and what it should be showing, if it may still look. */
  pulse(now: number): Promise<void>
  close(): Promise<void>
}

export interface BoardSocketsOptions {
  readonly server: HttpServer
  readonly sites: SiteRegistry
  readonly access: AccessRules
  readonly screens: ScreenSockets
  readonly publicUrl: string | undefined
  /** See `clientBuild`. */
  readonly build: string
  readonly logger: Logger
}

/** The live side: screens join a board, get its snapshot, and then what changes. */
export function openBoardSockets(options: BoardSocketsOptions): BoardSockets {
  const { server, sites, access, screens, publicUrl, build, logger } = options
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

  io.on('connection', (socket) => {
    const budget = new EventBudget()
    socket.use((_event, next) => {
      if (budget.take(performance.now())) next()
      else socket.disconnect(true)
    })
    // A packet may hold anything, and whatever a handler throws would end the process.
    socket.on('board:join', (join: unknown, answer: unknown) => {
      const reply = typeof answer === 'function' ? (message: BoardJoinAnswer) => void answer(message) : () => undefined
      joinBoard(socket, join, sites).then(reply, (error: unknown) =>
        reply({ ok: false, code: refusalCode(error, logger) }),
      )
    })
    screens.attach(socket)
    socket.on('error', (error) => logger.warn({ err: error }, 'socket error'))
  })

  return {
    get count() {
      return io.sockets.sockets.size
    },
    send(site, delta) {
      broadcast(io, room(site, delta.board), 'board:delta', delta)
    },
    async pulse(now) {
      for (const { site, boards } of await sites.list()) {
        for (const pulse of boards.pulses(now)) {
          broadcast(io, room(site.code, pulse.board), 'board:pulse', { ...pulse, build })
        }
      }
      for (const socket of io.sockets.sockets.values()) void recheckSocket(socket, access, logger)
    },
    close: () => io.close(),
  }
}

function broadcast<Name extends keyof ServerToClient>(
  { sockets: { adapter, sockets } }: BoardServer,
  toRoom: string,
  event: Name,
  ...[message]: Parameters<ServerToClient[Name]>
): void {
  const screens = adapter.rooms.get(toRoom)
  if (screens === undefined) return
  const { packet, options } = eventFrame(event, message)
  for (const id of screens) sockets.get(id)?.conn.write(packet, options)
}

function room(site: string, board: string): string {
  return `board:${site}:${board}`
}

async function admitSocket(socket: BoardSocket, access: AccessRules, screens: ScreenSockets): Promise<void> {
  socket.data.caller = await identifyScreen(socket.handshake, access)
  await screens.admit(socket)
}

/** A key may be revoked while its screen looks on. */
async function recheckSocket(socket: BoardSocket, access: AccessRules, logger: Logger): Promise<void> {
  try {
    await identifyScreen(socket.handshake, access)
  } catch (error) {
    if (error instanceof AppError) socket.disconnect(true)
    // While the database is away nothing can be said against a screen.
    else if (!(error instanceof DatabaseUnavailableError))
      logger.warn({ err: error }, 'a screen could not be checked again')
  }
}

async function joinBoard(socket: BoardSocket, join: unknown, sites: SiteRegistry): Promise<BoardJoinAnswer> {
  const parsed = boardJoin.safeParse(join)
  if (!parsed.success) return { ok: false, code: 'bad_request' }
  const { site, boards } = await sites.get(socket.data.caller.site)
  const publisher = boards.find(parsed.data.board)
  if (publisher === undefined) return { ok: false, code: 'unknown_board' }
  // The snapshot is taken in the same turn in which the room is joined: the next delta leads on from it.
  await socket.join(room(site.code, publisher.board))
  return { ok: true, snapshot: publisher.snapshot() }
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
