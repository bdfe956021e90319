import type { BoardDelta } from '@stagewatch/shared/contract/socket.ts'
import { z } from 'zod'
import { beforeEach, describe, expect, it } from 'vitest'
import { DeltaLog } from './delta-log.ts'
import { eventFrame } from './event-frame.ts'
import type { EventFrame } from './event-frame.ts'
import { ScreenFeed } from './screen-feed.ts'

const epoch = 'a'
const heartbeat = eventFrame('board:pulse', {})
const pulseText = heartbeat.packet.slice(1)
const sentDelta = z.tuple([z.string(), z.object({ from: z.int(), to: z.int(), changes: z.array(z.unknown()) })])

class Line {
  waitingBytes = 0
  readonly sent: string[] = []

  write({ packet }: EventFrame): void {
    this.sent.push(packet.slice(1))
  }

  /** Versions from and to which each delta leads. */
  steps(): [number, number][] {
    return this.sent.map((text) => {
      const [, { from, to }] = sentDelta.parse(JSON.parse(text))
      return [from, to]
    })
  }
}

let log: DeltaLog
let line: Line

beforeEach(() => {
  log = new DeltaLog()
  line = new Line()
})

function delta(to: number): BoardDelta {
  return { board: 'overview', epoch, from: to - 1, to, asOf: to, position: '', changes: [{ path: ['n'], value: to }] }
}

function push(feed: ScreenFeed, to: number): void {
  log.add(delta(to))
  feed.delta(eventFrame('board:delta', delta(to)))
}

describe('a screen that acknowledges its messages', () => {
  it('receives nothing before it has acknowledged its snapshot', () => {
    const feed = new ScreenFeed(line, log, true)
    push(feed, 2)
    expect(line.sent).toEqual([])
  })

  it('receives one message for everything it missed, with the changes in order', () => {
    const feed = new ScreenFeed(line, log, true)
    for (const to of [2, 3, 4]) push(feed, to)
    feed.seen({ epoch, version: 1 })
    expect(line.steps()).toEqual([[1, 4]])
    expect(line.sent[0]).toContain(
      '"changes":[{"path":["n"],"value":2},{"path":["n"],"value":3},{"path":["n"],"value":4}]',
    )
  })

  it('never has more than one message in flight', () => {
    const feed = new ScreenFeed(line, log, true)
    feed.seen({ epoch, version: 1 })
    for (const to of [2, 3, 4]) push(feed, to)
    expect(line.steps()).toEqual([[1, 2]])
    feed.seen({ epoch, version: 2 })
    expect(line.steps()).toEqual([
      [1, 2],
      [2, 4],
    ])
    feed.seen({ epoch, version: 4 })
    expect(line.sent).toHaveLength(2)
  })

  it('that is too far behind is told to request a snapshot', () => {
    const feed = new ScreenFeed(line, log, true)
    for (let to = 2; to <= 100; to++) push(feed, to)
    feed.seen({ epoch, version: 1 })
    expect(line.steps()).toEqual([[99, 100]])
  })

  it('that confirms a version that was never sent is told to request a snapshot', () => {
    const feed = new ScreenFeed(line, log, true)
    push(feed, 2)
    feed.seen({ epoch, version: 900 })
    expect(line.steps()).toEqual([[1, 2]])
  })

  it('that has a snapshot of another start of the board is sent no delta of this one, but the next', () => {
    const feed = new ScreenFeed(line, log, true)
    push(feed, 2)
    feed.seen({ epoch: 'another', version: 1 })
    expect(line.steps()).toEqual([])
    push(feed, 3)
    expect(line.steps()).toEqual([[2, 3]])
  })
})

describe('a client that acknowledges nothing', () => {
  it('is sent every delta as long as its line takes them', () => {
    const feed = new ScreenFeed(line, log, false)
    for (const to of [2, 3, 4]) push(feed, to)
    expect(line.steps()).toHaveLength(3)
  })

  it('that does not read is sent nothing more, and the newest when it reads again', () => {
    const feed = new ScreenFeed(line, log, false)
    line.waitingBytes = 1_000_000
    for (const to of [2, 3, 4]) push(feed, to)
    expect(line.sent).toEqual([])
    line.waitingBytes = 0
    feed.heartbeat(heartbeat)
    feed.heartbeat(heartbeat)
    expect(line.sent.filter((text) => text === pulseText)).toHaveLength(2)
    expect(line.sent).toHaveLength(3)
    line.sent.splice(1)
    expect(line.steps()).toEqual([[3, 4]])
  })

  it('has at most 256 KiB kept for it, and one delta more', () => {
    const feed = new ScreenFeed(line, log, false)
    line.waitingBytes = 256 * 1024 - 1
    push(feed, 2)
    line.waitingBytes = 256 * 1024
    push(feed, 3)
    expect(line.steps()).toEqual([[1, 2]])
  })

  it('that has missed nothing is sent only the heartbeat', () => {
    const feed = new ScreenFeed(line, log, false)
    push(feed, 2)
    line.sent.splice(0)
    feed.heartbeat(heartbeat)
    expect(line.sent).toEqual([pulseText])
  })

  it('that confirms something all the same is not sent it again', () => {
    const feed = new ScreenFeed(line, log, false)
    push(feed, 2)
    feed.seen({ epoch, version: 1 })
    expect(line.steps()).toEqual([[1, 2]])
  })
})

it('a pulse is left out where something still waits', () => {
  const feed = new ScreenFeed(line, log, false)
  line.waitingBytes = 1
  feed.heartbeat(heartbeat)
  expect(line.sent).toEqual([])
})

describe('the deltas that are kept of a board', () => {
  const from = (version: number) => log.since({ epoch, version })

  it('are forty: the oldest of them leads to the newest, and one before it does not', () => {
    for (let to = 2; to <= 50; to++) log.add(delta(to))
    expect(from(10)).toMatchObject({ from: 10, to: 50, changes: { length: 40 } })
    expect(from(9)).toEqual(delta(50))
    expect(from(50)).toBeUndefined()
  })

  it('start again after a restart of the board, whose versions are unrelated to earlier ones', () => {
    log.add(delta(2))
    log.add(delta(3))
    log.add({ ...delta(4), epoch: 'b' })
    log.add({ ...delta(5), epoch: 'b' })
    expect(log.newest).toMatchObject({ epoch: 'b', to: 5 })
    // From the first start, the log has the delta from 2 to 3.
    expect(log.since({ epoch: 'b', version: 2 })).toMatchObject({ from: 4, to: 5 })
    expect(log.since({ epoch: 'b', version: 3 })?.changes).toHaveLength(2)
    expect(from(2)).toBeUndefined()
  })
})
