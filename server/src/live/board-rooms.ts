import type { BoardDelta, BoardProblem, BoardHeartbeat } from '@stagewatch/shared/contract/socket.ts'
import type { DeltaSink, RoomName } from '../boards/board-publisher.ts'
import { DeltaLog } from './delta-log.ts'
import { eventFrame } from './event-frame.ts'
import { ScreenFeed } from './screen-feed.ts'
import type { FeedConnection } from './screen-feed.ts'

interface Room {
  readonly log: DeltaLog
  /** By client id. */
  readonly feeds: Map<string, ScreenFeed>
}

/** The viewers of each board. A message is serialized once for the whole room. */
export class BoardRooms implements DeltaSink {
  readonly #rooms = new Map<string, Room>()

  /** Feeds the board to the client from now on, replacing an earlier feed of the same room. */
  join(name: RoomName, client: string, line: FeedConnection, confirms: boolean): ScreenFeed {
    const room = this.#rooms.get(keyOf(name)) ?? { log: new DeltaLog(), feeds: new Map<string, ScreenFeed>() }
    this.#rooms.set(keyOf(name), room)
    const feed = new ScreenFeed(line, room.log, confirms)
    room.feeds.set(client, feed)
    return feed
  }

  leave(name: RoomName, client: string): void {
    const room = this.#rooms.get(keyOf(name))
    room?.feeds.delete(client)
    if (room?.feeds.size === 0) this.#rooms.delete(keyOf(name))
  }

  /** Whether anybody views this board as this audience. */
  isShown(name: RoomName): boolean {
    return this.#rooms.has(keyOf(name))
  }

  /** Whether anybody views any board as this audience. */
  isWatched({ site, audience }: Pick<RoomName, 'site' | 'audience'>): boolean {
    const start = keyOf({ site, audience, board: '' })
    return this.#rooms.keys().some((key) => key.startsWith(start))
  }

  delta(name: RoomName, delta: BoardDelta): void {
    const room = this.#rooms.get(keyOf(name))
    if (room === undefined) return
    room.log.add(delta)
    const frame = eventFrame('board:delta', delta)
    for (const feed of room.feeds.values()) feed.delta(frame)
  }

  heartbeat(name: RoomName, heartbeat: BoardHeartbeat): void {
    this.#send(name, 'board:pulse', heartbeat)
  }

  problem(name: Omit<RoomName, 'board'>, problem: BoardProblem): void {
    this.#send({ ...name, board: problem.board }, 'board:problem', problem)
  }

  /** Both messages are repeated with the next heartbeat, so a client that misses one loses nothing. */
  #send(name: RoomName, event: 'board:pulse' | 'board:problem', message: unknown): void {
    const room = this.#rooms.get(keyOf(name))
    if (room === undefined) return
    const frame = eventFrame(event, message)
    for (const feed of room.feeds.values()) feed.heartbeat(frame)
  }
}

/** The board is last, so that the keys of all rooms of an audience share a prefix. */
function keyOf({ site, audience, board }: RoomName): string {
  return `${JSON.stringify([site, audience])}${board}`
}
