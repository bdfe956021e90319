import type { ChildProcess } from 'node:child_process'
import { fork } from 'node:child_process'
import { nextMessage } from '../next-message.ts'
import type { FromClients, FromServer, ToServer } from './fan-out-message.ts'

export interface FanOutRun {
  readonly messagesPerS: number
  /** CPU time of the pushing process including its threads. */
  readonly cpuUsPerMessage: number
}

/** A pushing process, and a process of clients connected to it. */
export class FanOut {
  readonly #server: ChildProcess
  readonly #clients: ChildProcess
  readonly #sockets: number

  private constructor(server: ChildProcess, clients: ChildProcess, sockets: number) {
    this.#server = server
    this.#clients = clients
    this.#sockets = sockets
    clients.on('message', (message: FromClients) => {
      if (message.is === 'received') this.#tellServer({ do: 'received', rounds: message.rounds })
    })
  }

  static async start(kind: 'ws' | 'board', sockets: number): Promise<FanOut> {
    const server = fork(new URL('push-server.ts', import.meta.url), [kind])
    const { port } = await nextMessage<FromServer, 'listening'>(server, 'listening')
    const clients = fork(new URL('socket-clients.ts', import.meta.url), [kind, String(port), String(sockets)])
    await nextMessage<FromClients, 'connected'>(clients, 'connected')
    return new FanOut(server, clients, sockets)
  }

  async push(rounds: number): Promise<FanOutRun> {
    const pushed = nextMessage<FromServer, 'pushed'>(this.#server, 'pushed')
    this.#tellServer({ do: 'push', rounds })
    const { elapsedMs, cpuMs } = await pushed
    const messages = rounds * this.#sockets
    return { messagesPerS: messages / (elapsedMs / 1000), cpuUsPerMessage: (cpuMs * 1000) / messages }
  }

  close(): void {
    this.#clients.kill()
    this.#server.kill()
  }

  #tellServer(message: ToServer): void {
    this.#server.send(message)
  }
}
