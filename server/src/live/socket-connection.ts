import type { EventFrame } from './event-frame.ts'
import type { FeedConnection } from './screen-feed.ts'

/** The part of an Engine.IO socket that is used here. */
interface FrameSocket {
  /** `writable`: the operating system has accepted everything written. */
  readonly transport: { readonly writable: boolean }
  write(packet: string, options: EventFrame['options']): unknown
}

/**
 * The connection of a socket, with the approximate number of bytes that wait to be accepted. `writable` is polled
 * before each write, because a callback per message would cost time for every screen to serve only the few that do not
 * read.
 */
export class SocketConnection implements FeedConnection {
  readonly #socket: FrameSocket
  /** Bytes written since the last time everything had been accepted. */
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
