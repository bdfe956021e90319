import type { BoardSeen } from '@stagewatch/shared/contract/socket.ts'
import type { DeltaLog } from './delta-log.ts'
import { eventFrame } from './event-frame.ts'
import type { EventFrame } from './event-frame.ts'

/** What a line has not yet taken is kept for it by the server; so much of that and no more. */
const maxWaitingBytes = 256 * 1024

/** A line to one client, as far as feeding it goes. */
export interface FeedConnection {
  /** Of what was written, as much as the line has not yet taken. */
  readonly waitingBytes: number
  write(frame: EventFrame): void
}

/**
 * Feeds one board to one client. A screen confirms what it has seen: until it has, nothing more is sent to it, and
 * then one message that leads to what is newest. A client that does not confirm is sent every delta while its line
 * takes them. Either way a client that has stopped reading costs a bounded amount of memory, and delays nobody.
 */
export class ScreenFeed {
  readonly #line: FeedConnection
  readonly #log: DeltaLog
  readonly #confirms: boolean
  /** Something was sent that the screen has not confirmed. */
  #unseen: boolean
  /** Something was held back. */
  #behind = false

  /** @param confirms the client was sent a snapshot and will confirm it, and all that comes. */
  constructor(line: FeedConnection, log: DeltaLog, confirms: boolean) {
    this.#line = line
    this.#log = log
    this.#confirms = confirms
    this.#unseen = confirms
  }

  /** A delta for all who show the board, which stands in the log already. */
  delta(frame: EventFrame): void {
    if (this.#unseen || this.#line.waitingBytes >= maxWaitingBytes) this.#behind = true
    else this.#send(frame)
  }

  /**
   * A message that may be left out: the next one says the same and more. A client that did not read, and reads again,
   * is told with it what is newest.
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

  /** The screen has shown this version. */
  seen(at: Pick<BoardSeen, 'epoch' | 'version'>): void {
    if (!this.#confirms) return
    this.#unseen = false
    this.#behind = false
    const missed = this.#log.since(at)
    if (missed !== undefined) this.#send(eventFrame('board:delta', missed))
  }

  #send(frame: EventFrame): void {
    this.#unseen = this.#confirms
    this.#line.write(frame)
  }
}
