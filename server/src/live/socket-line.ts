import type { EventFrame } from './event-frame.ts'
import type { FeedLine } from './screen-feed.ts'

/** As much of an engine.io socket as is needed here. */
interface FrameSocket {
  write(packet: string, options: EventFrame['options'], taken: () => void): unknown
}

/** The line of a socket, which knows how much of what was written the operating system has not yet taken. */
export class SocketLine implements FeedLine {
  readonly #socket: FrameSocket
  readonly #taken: () => void
  /** Lengths of the messages that wait, in the order in which they were written. */
  readonly #lengths: number[] = []
  #waitingBytes = 0

  /** @param drained all that waited has been taken. */
  constructor(socket: FrameSocket, drained: () => void) {
    this.#socket = socket
    this.#taken = () => {
      this.#waitingBytes -= this.#lengths.shift() ?? 0
      if (this.#lengths.length === 0) drained()
    }
  }

  get waitingBytes(): number {
    return this.#waitingBytes
  }

  write({ packet, options }: EventFrame): void {
    this.#lengths.push(packet.length)
    this.#waitingBytes += packet.length
    this.#socket.write(packet, options, this.#taken)
  }
}
