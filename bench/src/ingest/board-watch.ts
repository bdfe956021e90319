import { EventEmitter, once } from 'node:events'
import type { ClientToServer, ServerToClient } from '@stagewatch/shared/contract/socket.ts'
import type { Socket } from 'socket.io-client'
import { io } from 'socket.io-client'

const patienceMs = 60_000

/** A screen that shows the overview and tracks its position in the log. */
export class BoardWatch {
  readonly #deltas = new EventEmitter()
  #position = 0n

  private constructor(socket: Socket<ServerToClient, ClientToServer>) {
    socket.on('board:delta', ({ position }) => {
      this.#position = BigInt(position)
      this.#deltas.emit('delta')
    })
  }

  static async join(url: string, token: string): Promise<BoardWatch> {
    const socket: Socket<ServerToClient, ClientToServer> = io(url, { transports: ['websocket'], auth: { token } })
    const watch = new BoardWatch(socket)
    const answer = await socket.timeout(patienceMs).emitWithAck('board:join', { board: 'overview' })
    if (!answer.ok) throw new Error(`the board cannot be joined: ${answer.code}`)
    return watch
  }

  async reached(position: bigint): Promise<void> {
    while (this.#position < position) await once(this.#deltas, 'delta', { signal: AbortSignal.timeout(patienceMs) })
  }
}
