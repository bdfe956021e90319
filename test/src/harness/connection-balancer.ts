import { once } from 'node:events'
import type { Socket } from 'node:net'
import { connect, createServer } from 'node:net'

/** Distributes connections over the ports of server instances, without looking at what they carry. */
export interface ConnectionBalancer {
  /** Without a trailing slash. */
  readonly url: string
  /** New connections go to these ports; existing ones stay where they are. */
  use(ports: readonly number[]): void
  close(): Promise<void>
}

/** A connection that a port refuses goes to the next one. */
export async function openConnectionBalancer(): Promise<ConnectionBalancer> {
  const sockets = new Set<Socket>()
  let used: readonly number[] = []
  let turn = 0
  const track = (socket: Socket): Socket => {
    sockets.add(socket)
    return socket.on('close', () => sockets.delete(socket))
  }
  const server = createServer((near) => {
    track(near).on('error', () => undefined)
    turn += 1
    const ports = used.map((_, i) => used[(turn + i) % used.length] ?? 0)
    void joinFirst(near, ports, track)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    use: (ports) => void (used = ports),
    async close() {
      server.close()
      for (const socket of sockets) socket.destroy()
      await once(server, 'close')
    },
  }
}

async function joinFirst(near: Socket, ports: readonly number[], track: (socket: Socket) => Socket): Promise<void> {
  for (const port of ports) {
    const far = track(connect(port, '127.0.0.1'))
    try {
      await once(far, 'connect')
    } catch {
      continue
    }
    far.on('error', () => undefined)
    near.pipe(far).pipe(near)
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
    return
  }
  near.destroy()
}
