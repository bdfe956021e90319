import type { EventFrame } from './event-frame.ts'
import type { FeedLine } from './screen-feed.ts'

/** As much of an engine.io socket as is needed here. */
interface FrameSocket {
  write(packet: string, options: EventFrame['options'], taken: () => void): unknown
}

/** The line of a socket, which knows how many messages the operating system has not yet taken from it. */
export class SocketLine implements FeedLine {
  readonly #socket: FrameSocket
  readonly #taken: () => void
  #waiting = 0

  /** @param drained all that waited has been taken. */
  constructor(socket: FrameSocket, drained: () => void) {
    this.#socket = socket
    this.#taken = () => {
      this.#waiting -= 1
      if (this.#waiting === 0) drained()
    }
  }

  get waiting(): number {
    return this.#waiting
  }

  write({ packet, options }: EventFrame): void {
    this.#waiting += 1
    this.#socket.write(packet, options, this.#taken)
  }
}
