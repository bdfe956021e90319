import type { BoardSeen } from '@stagewatch/shared/contract/socket.ts'
import type { DeltaLog } from './delta-log.ts'
import { eventFrame } from './event-frame.ts'
import type { EventFrame } from './event-frame.ts'

/** Limit for data that is buffered because the connection has not accepted it yet. */
const maxWaitingBytes = 256 * 1024

/** The part of a client's connection that a feed needs. */
export interface FeedConnection {
  /** Bytes written that the connection has not accepted yet. */
  readonly waitingBytes: number
  write(frame: EventFrame): void
}

/**
 * Feeds one board to one client. A client that confirms receives nothing more until it has confirmed the last message,
 * and then one delta to the newest version. Any other client receives every delta as long as its connection accepts
 * them. In both cases, a client that stops reading costs a limited amount of memory and delays nobody.
 */
export class ScreenFeed {
  readonly #line: FeedConnection
  readonly #log: DeltaLog
  readonly #confirms: boolean
  /** A message was sent that the screen has not confirmed. */
  #unseen: boolean
  /** A delta was held back. What a client that confirms has missed is determined by the version it confirms. */
  #behind = false

  /** @param confirms the client received a snapshot, and will confirm it and all later messages. */
  constructor(line: FeedConnection, log: DeltaLog, confirms: boolean) {
    this.#line = line
    this.#log = log
    this.#confirms = confirms
    this.#unseen = confirms
  }

  /** Sends a delta for all viewers of the board, which is already in the log. */
  delta(frame: EventFrame): void {
    if (this.#unseen || this.#line.waitingBytes >= maxWaitingBytes) this.#behind = true
    else this.#send(frame)
  }

  /**
   * Sends a message that may be skipped, because the next one replaces it. If the client missed deltas and reads again,
   * the newest delta is sent first.
   */
  heartbeat(frame: EventFrame): void {
    if (this.#line.waitingBytes > 0) return
    const { newest } = this.#log
    if (this.#behind && !this.#confirms && newest !== undefined) {
      this.#behind = false
      this.#send(eventFrame('board:delta', newest))
    }
    this.#line.write(frame)
  }

  /** Called when the screen has shown this version. */
  seen(at: Pick<BoardSeen, 'epoch' | 'version'>): void {
    if (!this.#confirms) return
    this.#unseen = false
    const missed = this.#log.since(at)
    if (missed !== undefined) this.#send(eventFrame('board:delta', missed))
  }

  #send(frame: EventFrame): void {
    this.#unseen = this.#confirms
    this.#line.write(frame)
  }
}
