import type { EventFrame } from './event-frame.ts'
import type { FeedConnection } from './screen-feed.ts'

/** As much of an engine.io socket as is needed here. */
interface FrameSocket {
  /** `writable`: the operating system has taken all that was written. */
  readonly transport: { readonly writable: boolean }
  write(packet: string, options: EventFrame['options']): unknown
}

/**
 * The line of a socket, which knows about how much of what was written waits to be taken: it asks before it writes,
 * because to be called back for each message costs time for every screen and serves only the few that do not read.
 */
export class SocketConnection implements FeedConnection {
  readonly #socket: FrameSocket
  /** Written since everything had been taken. */
  #writtenBytes = 0

  constructor(socket: FrameSocket) {
    this.#socket = socket
  }

  get waitingBytes(): number {
    return this.#socket.transport.writable ? 0 : this.#writtenBytes
  }

  write({ packet, options }: EventFrame): void {
    this.#writtenBytes = this.waitingBytes + packet.length
    this.#socket.write(packet, options)
  }
}
