import { createServer } from 'node:http'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { createApp } from '@stagewatch/server/app.ts'
import { systemClock } from '@stagewatch/server/platform/clock/clock.ts'
import { openBoardSockets } from '@stagewatch/server/live/board-sockets.ts'
import { ScreenSockets } from '@stagewatch/server/screens/screen-sockets.ts'
import { mainSite } from '@stagewatch/server/platform/site.ts'
import type { BoardDelta } from '@stagewatch/shared/contract/socket.ts'
import { audienceKey, everybody } from '@stagewatch/shared/domain/access/audience.ts'
import { pino } from 'pino'
import { Server } from 'socket.io'
import { startListening } from './start-listening.ts'

/**
 * A server that pushes deltas of 30 kB twenty times a second, run with `--expose-gc`. `product` uses the product's
 * sockets. `plain` emits to every socket without regard to how much it has read, the behaviour that the product avoids.
 */
export type FromPushing =
  | { readonly is: 'listening'; readonly port: number }
  | { readonly is: 'using'; readonly bytes: number }

const everyMs = 50
const filling = 'x'.repeat(30_000)

function tell(message: FromPushing): void {
  process.send?.(message)
}

async function startProduct(): Promise<{ port: number; push: (delta: BoardDelta) => void }> {
  const database = await openTestDatabase()
  const logger = pino({ level: 'silent' })
  const { http, sites, rooms, queries, access, hosts, ...app } = await createApp({
    database,
    clock: systemClock,
    logger,
    readsOpen: true,
  })
  await http.ready()
  const { server } = http
  const screens = new ScreenSockets(app.screens, logger)
  const { clockSteps, load } = app
  const rest = { screens, hosts, clockSteps, load, publicUrl: undefined, build: 'test', logger }
  openBoardSockets({ server, sites, rooms, queries, database, clock: systemClock, access, ...rest })
  const port = await startListening(http.server)
  return {
    port,
    push: (delta) => rooms.delta({ site: mainSite, audience: audienceKey(everybody), board: delta.board }, delta),
  }
}

async function startPlain(): Promise<{ port: number; push: (delta: BoardDelta) => void }> {
  const server = createServer()
  const io = new Server(server, { transports: ['websocket'], pingInterval: 5_000, pingTimeout: 10_000 })
  io.on('connection', (socket) => {
    socket.on('board:join', (_join: unknown, answer: unknown) => {
      if (typeof answer === 'function') answer({ ok: true })
    })
  })
  const port = await startListening(server)
  return {
    port,
    push: (delta) => {
      for (const socket of io.sockets.sockets.values()) socket.emit('board:delta', delta)
    },
  }
}

const { port, push } = process.argv[2] === 'plain' ? await startPlain() : await startProduct()
let version = 0
setInterval(() => {
  version += 1
  const asOf = Math.round(performance.timeOrigin + performance.now())
  const changes = [{ path: ['filling'], value: filling }]
  push({ board: 'overview', epoch: 'test', from: version - 1, to: version, asOf, position: '', changes })
}, everyMs)
process.on('message', () => {
  // Garbage must not count as memory that is retained for screens.
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  tell({ is: 'using', bytes: heapUsed + external })
})
process.on('disconnect', () => process.exit())
tell({ is: 'listening', port })
