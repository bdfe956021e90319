import type { ClientToServer, ServerToClient } from '@stagewatch/shared/contract/socket.ts'
import type { Server, Socket } from 'socket.io'
import type { Caller } from '../access/caller.ts'
import type { Recording } from './recordings/recording.ts'
import type { RoomName } from '../boards/board-publisher.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import type { ScreenFeed } from './screen-feed.ts'

/** State of a connected client. */
export interface SocketData {
  caller: Caller
  /** See `SocketAuthorization`. */
  identifiedIn?: number
  /** Client address, as far as its proxies are trusted. */
  address: string
  /** The board that it shows, its audience, and its feed. */
  showing?: Showing
  /** Its subscribed live queries, by board. */
  watching?: Map<string, Watching>
}

export interface Showing {
  readonly room: RoomName
  readonly feed: ScreenFeed
  /** The audience with which it joined; a recording has rooms of its own. */
  readonly audience: string
  readonly recording?: Recording
  /** Pipeline of the site at the time of joining. */
  readonly pipeline: SitePipeline
}

/** A live query that a client is subscribed to. */
export interface Watching {
  readonly room: RoomName
  /** Pipeline of the site at the time of subscribing. */
  readonly pipeline: SitePipeline
  /** The rights of its caller at the time of subscribing, see `rightsOf`. */
  readonly rights: string
}

export type BoardServer = Server<ClientToServer, ServerToClient, Record<string, never>, SocketData>
export type BoardSocket = Socket<ClientToServer, ServerToClient, Record<string, never>, SocketData>

/** Messages to paired screens over their sockets, in addition to the boards. */
export interface ScreenChannel {
  /** Runs before the socket is connected. @throws AppError `unauthorized` if its token has been revoked. */
  admit(socket: BoardSocket): Promise<void>
  attach(socket: BoardSocket): void
  /** Notifies every screen of its changes since the last call, including those made on other server instances. */
  look(): Promise<void>
}

/**
 * Wraps a handler of a socket's events. A packet may contain anything, and an exception or rejection of the handler
 * would end the server, so it is reported instead.
 */
export function socketHandler<Arguments extends unknown[]>(
  failed: (error: unknown) => void,
  handle: (...args: Arguments) => void | Promise<void>,
): (...args: Arguments) => void {
  return (...args) => {
    const handled = async (): Promise<void> => handle(...args)
    handled().catch(failed)
  }
}

const eventsPerWindow = 200
const windowMs = 5_000

/** Rate limit for the events of one client: a screen joins once, rejoins after a gap, and acknowledges each delta. */
export class EventBudget {
  #left = eventsPerWindow
  #windowEnds = 0

  /** @param now monotonic ms. */
  take(now: number): boolean {
    if (now >= this.#windowEnds) {
      this.#windowEnds = now + windowMs
      this.#left = eventsPerWindow
    }
    this.#left -= 1
    return this.#left >= 0
  }
}
