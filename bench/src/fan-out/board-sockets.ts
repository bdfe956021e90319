import { createServer } from 'node:http'
import { Server } from 'socket.io'
import { listen } from './push-target.ts'
import type { PushTarget } from './push-target.ts'

/** socket.io with the settings of the product. */
export async function startBoardSockets(): Promise<PushTarget> {
  const server = createServer()
  const io = new Server(server, { transports: ['websocket'], perMessageDeflate: false })
  io.on('connection', (socket) => void socket.join('board:main'))
  const port = await listen(server)
  return { port, push: (delta) => io.to('board:main').emit('board:delta', delta) }
}
