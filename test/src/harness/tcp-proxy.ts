import { once } from 'node:events'
import type { Socket } from 'node:net'
import { connect, createServer } from 'node:net'

/** A network connection that can fail. */
export interface TcpProxy {
  readonly port: number
  /** From now on, drops everything in both directions without closing connections. */
  swallow(): void
  /** Closes every connection, and accepts new ones. */
  cut(): void
  close(): Promise<void>
}

/** Forwards connections to a port of this machine. */
export async function openTcpProxy(toPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  let swallows = false
  const track = (socket: Socket): Socket => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    return socket.on('close', () => sockets.delete(socket))
  }
  const cut = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  const server = createServer((near) => {
    track(near)
    if (swallows) return
    const far = track(connect(toPort, '127.0.0.1'))
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('data', (chunk) => (swallows ? undefined : to.write(chunk)))
      from.on('close', () => (swallows ? undefined : to.destroy()))
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    port: address.port,
    swallow: () => (swallows = true),
    cut() {
      swallows = false
      cut()
    },
    async close() {
      server.close()
      cut()
      await once(server, 'close')
    },
  }
}
