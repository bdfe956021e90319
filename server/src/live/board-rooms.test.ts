import type { BoardDelta } from '@stagewatch/shared/contract/socket.ts'
import { protocolVersion } from '@stagewatch/shared/contract/socket.ts'
import { describe, expect, it } from 'vitest'
import { BoardRooms } from './board-rooms.ts'
import type { EventFrame } from './event-frame.ts'

const room = { site: 'main', audience: 'all', board: 'overview' }

/** A client that accepts every message; `sent` lists the event names. */
class Client {
  readonly waitingBytes = 0
  readonly sent: string[] = []

  write({ packet }: EventFrame): void {
    this.sent.push((JSON.parse(packet.slice(1)) as [string])[0])
  }
}

function delta(to: number): BoardDelta {
  return { board: 'overview', epoch: 'a', from: to - 1, to, asOf: to, position: '', changes: [] }
}

const heartbeat = {
  protocol: protocolVersion,
  board: 'overview',
  epoch: 'a',
  version: 1,
  at: 0,
  sources: {},
  build: 'wall-1.js',
}

describe('a room', () => {
  it('sends everything to those who are in it, and nothing to those who are in another', () => {
    const rooms = new BoardRooms()
    const clients = [new Client(), new Client(), new Client(), new Client(), new Client()]
    const names = [
      room,
      room,
      { ...room, site: 'north' },
      { ...room, audience: 'packing' },
      { ...room, board: 'overview:repair' },
    ]
    for (const [i, client] of clients.entries()) rooms.join(names[i]!, `client ${i}`, client, false)
    rooms.delta(room, delta(2))
    rooms.heartbeat(room, heartbeat)
    rooms.problem({ site: 'main', audience: 'all' }, { board: 'overview', code: 'internal' })
    const all = ['board:delta', 'board:pulse', 'board:problem']
    expect(clients.map(({ sent }) => sent)).toEqual([all, all, [], [], []])
  })

  it('sends nothing to a client that has left, and continues for the others', () => {
    const rooms = new BoardRooms()
    const [gone, stays] = [new Client(), new Client()]
    rooms.join(room, 'gone', gone, false)
    rooms.join(room, 'stays', stays, false)
    rooms.delta(room, delta(2))
    rooms.leave(room, 'gone')
    rooms.delta(room, delta(3))
    rooms.heartbeat(room, heartbeat)
    rooms.problem({ site: 'main', audience: 'all' }, { board: 'overview', code: 'internal' })
    expect(gone.sent).toEqual(['board:delta'])
    expect(stays.sent).toEqual(['board:delta', 'board:delta', 'board:pulse', 'board:problem'])
  })

  it('feeds a client that joins again once', () => {
    const rooms = new BoardRooms()
    const client = new Client()
    rooms.join(room, 'wall', client, false)
    rooms.join(room, 'wall', client, false)
    rooms.delta(room, delta(2))
    expect(client.sent).toEqual(['board:delta'])
  })

  it('is shown and watched while it has a member', () => {
    const rooms = new BoardRooms()
    const sees = () => [
      rooms.isShown(room),
      rooms.isShown({ ...room, board: 'overview:repair' }),
      rooms.isWatched(room),
      rooms.isWatched({ ...room, audience: 'al' }),
      rooms.isWatched({ ...room, site: 'north' }),
    ]
    expect(sees()).toEqual([false, false, false, false, false])
    rooms.join(room, 'first', new Client(), false)
    rooms.join(room, 'second', new Client(), false)
    expect(sees()).toEqual([true, false, true, false, false])
    rooms.leave(room, 'first')
    rooms.leave(room, 'somebody else')
    expect(sees()).toEqual([true, false, true, false, false])
    rooms.leave(room, 'second')
    expect(sees()).toEqual([false, false, false, false, false])
  })
})
