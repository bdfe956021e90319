import type { ClientToServer, ServerToClient } from '@stagewatch/shared/contract/socket.ts'
import type { Server, Socket } from 'socket.io'
import type { Caller } from '../access/caller.ts'
import type { Recording } from '../recording/recording.ts'
import type { RoomName } from './board-rooms.ts'
import type { ScreenFeed } from './screen-feed.ts'

/** What is known of a connected client. */
export interface SocketData {
  caller: Caller
  /** The board that it shows, as whom, and what it is sent of it. */
  showing?: Showing
}

export interface Showing {
  readonly room: RoomName
  readonly feed: ScreenFeed
  /** As which audience it joined: a recording has rooms of its own. */
  readonly audience: string
  readonly recording?: Recording
}

export type BoardServer = Server<ClientToServer, ServerToClient, Record<string, never>, SocketData>
export type BoardSocket = Socket<ClientToServer, ServerToClient, Record<string, never>, SocketData>
