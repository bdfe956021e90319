import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'
import { listen } from './push-target.ts'
import type { PushTarget } from './push-target.ts'

/** The lower bound: one encoding for all sockets, and nothing but frames. */
export async function startBareWs(): Promise<PushTarget> {
  const server = createServer()
  const sockets = new WebSocketServer({ server, perMessageDeflate: false })
  const port = await listen(server)
  return {
    port,
    push: (delta) => {
      const message = Buffer.from(JSON.stringify(delta))
      for (const socket of sockets.clients) socket.send(message, { binary: false })
    },
  }
}
