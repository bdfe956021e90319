import type { BoardDelta, BoardPulse } from '@stagewatch/shared/contract/socket.ts'
import { DeltaLog } from './delta-log.ts'
import { eventFrame } from './event-frame.ts'
import { ScreenFeed } from './screen-feed.ts'
import type { FeedLine } from './screen-feed.ts'

/** Which board, and as whom it is shown: see `audienceKey`. */
export interface RoomName {
  readonly site: string
  readonly audience: string
  readonly board: string
}

interface Room {
  readonly log: DeltaLog
  /** By the client that is fed. */
  readonly feeds: Map<string, ScreenFeed>
}

/** Who is shown which board. A message is written once for all of a room. */
export class BoardRooms {
  readonly #rooms = new Map<string, Room>()

  /** Feeds the board to the client from now on, in place of what it was fed of the same room before. */
  join(name: RoomName, client: string, line: FeedLine, confirms: boolean): ScreenFeed {
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

  /** Whether anybody is shown a board as this audience. */
  isWatched({ site, audience }: Pick<RoomName, 'site' | 'audience'>): boolean {
    const start = keyOf({ site, audience, board: '' })
    return this.#rooms.keys().some((key) => key.startsWith(start))
  }

  /** Sends deltas to those who are shown boards of the site. */
  sender(site: string): (delta: BoardDelta, audience: string) => void {
    return (delta, audience) => this.#delta({ site, audience, board: delta.board }, delta)
  }

  #delta(name: RoomName, delta: BoardDelta): void {
    const room = this.#rooms.get(keyOf(name))
    if (room === undefined) return
    room.log.add(delta)
    const frame = eventFrame('board:delta', delta)
    for (const feed of room.feeds.values()) feed.delta(frame)
  }

  pulse(name: RoomName, pulse: BoardPulse): void {
    const room = this.#rooms.get(keyOf(name))
    if (room === undefined) return
    const frame = eventFrame('board:pulse', pulse)
    for (const feed of room.feeds.values()) feed.pulse(frame)
  }
}

/** The board comes last, so that all rooms of an audience begin alike. */
function keyOf({ site, audience, board }: RoomName): string {
  return `${JSON.stringify([site, audience])}${board}`
}
