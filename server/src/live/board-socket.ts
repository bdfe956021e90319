import type { ClientToServer, ServerToClient } from '@stagewatch/shared/contract/socket.ts'
import type { Action } from '@stagewatch/shared/domain/access/action.ts'
import type { Server, Socket } from 'socket.io'
import type { Caller } from '../access/caller.ts'
import type { Recording } from './recordings/recording.ts'
import type { RoomName } from '../boards/board-publisher.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import type { ScreenFeed } from './screen-feed.ts'

/** What is known of a connected client. */
export interface SocketData {
  caller: Caller
  /** See `SocketAuthorization`. */
  identifiedIn?: number
  /** Where it comes from, as far as its proxies are trusted. */
  address: string
  /** The board that it shows, as whom, and what it is sent of it. */
  showing?: Showing
  /** The questions that it is being told about, by their boards. */
  watching?: Map<string, Watching>
}

export interface Showing {
  readonly room: RoomName
  readonly feed: ScreenFeed
  /** As which audience it joined: a recording has rooms of its own. */
  readonly audience: string
  readonly recording?: Recording
  /** Of the site as it was read when it joined. */
  readonly pipeline: SitePipeline
}

/** A question whose answers a client is being sent. */
export interface Watching {
  readonly room: RoomName
  /** Of the site as it was read when it began. */
  readonly pipeline: SitePipeline
  /** What one has to be allowed to do. */
  readonly action: Action
}

export type BoardServer = Server<ClientToServer, ServerToClient, Record<string, never>, SocketData>
export type BoardSocket = Socket<ClientToServer, ServerToClient, Record<string, never>, SocketData>

/** What paired screens are told over their sockets, beside the boards. */
export interface ScreenChannel {
  /** Before the socket hears that it is connected. @throws AppError `unauthorized` when its token has died. */
  admit(socket: BoardSocket): Promise<void>
  attach(socket: BoardSocket): void
  /** Tells every screen what has changed of it since, here or on another server instance. */
  look(): Promise<void>
}

/**
 * A handler of a socket's events. A packet may hold anything, and what a handler throws, or rejects with, would end the
 * process: it is reported instead.
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

/** How many events one client may send: a screen joins once, and again when it has missed something, and says of
 * each delta that it has seen it. */
export class EventBudget {
  #left = eventsPerWindow
  #windowEnds = 0

  /** @param now ms of a clock that only goes forward. */
  take(now: number): boolean {
    if (now >= this.#windowEnds) {
      this.#windowEnds = now + windowMs
      this.#left = eventsPerWindow
    }
    this.#left -= 1
    return this.#left >= 0
  }
}
