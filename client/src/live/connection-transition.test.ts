import { describe, expect, it } from 'vitest'
import { newConnection, outageOf, shownTime, type ConnectionState } from './connection-state.ts'
import { transition, type ConnectionEffect, type ConnectionEvent } from './connection-transition.ts'

const hourMs = 3_600_000
/** What the server's clock is ahead of the page's, ms. */
const serverAheadMs = 1_800_000_000_000

/** A connection that is told what happens; `at`: monotonic ms. */
class Told {
  state: ConnectionState = newConnection(0)
  effects: readonly ConnectionEffect[] = []

  tell(at: number, event: ConnectionEvent, chance = 0): this {
    const next = transition(this.state, event, { now: at, chance })
    this.state = next.state
    this.effects = next.effects
    return this
  }

  get effectTypes(): readonly string[] {
    return this.effects.map(({ type }) => type)
  }
}

function board(at: number): ConnectionEvent {
  return { type: 'boardReceived', asOf: at + serverAheadMs, dataAsOf: undefined, isRecording: false }
}

function heartbeat(at: number, says: 'current' | 'ahead' | 'gap' = 'current'): ConnectionEvent {
  return {
    type: 'heartbeat',
    at: at + serverAheadMs,
    dataAsOf: undefined,
    clockSetByMs: undefined,
    sourceHeardAt: { wms: at },
    board: says,
  }
}

/** Live since 100 ms. */
function live(): Told {
  return new Told().tell(0, { type: 'connect' }).tell(50, { type: 'opened' }).tell(100, board(100))
}

describe('a connection that is opened', () => {
  it('asks for the board as soon as its socket is open, and is live with the answer', () => {
    const told = new Told().tell(0, { type: 'connect' })
    expect([told.state.link, told.effectTypes]).toEqual([{ status: 'connecting', attempts: 1 }, ['openSocket']])
    told.tell(50, { type: 'opened' })
    expect([told.state.link, told.effectTypes]).toEqual([{ status: 'joining', joinedAt: 50, attempts: 1 }, ['join']])
    told.tell(100, board(100))
    expect(told.state.link).toEqual({ status: 'live', joinedAt: 50, isBehind: false })
    expect(told.state).toMatchObject({ confirmedAt: 100, serverOffsetMs: serverAheadMs })
    expect(told.effects).toEqual([])
  })

  it('counts its attempts, pauses between them, and keeps why the server refused it until it is live', () => {
    const told = new Told().tell(0, { type: 'connect' }).tell(10, { type: 'failed', refusal: 'not_ready' }, 0.5)
    expect(told.state.link).toEqual({ status: 'waiting', attempts: 1, refusal: 'not_ready', retryAt: 3_010 })
    expect(told.effects).toEqual([{ type: 'closeSocket' }, { type: 'scheduleRetry', delayMs: 3_000 }])
    told.tell(3_010, { type: 'connect' })
    expect(told.state.link).toEqual({ status: 'connecting', attempts: 2, refusal: 'not_ready' })
    told.tell(3_020, { type: 'opened' }).tell(3_030, board(3_030))
    expect(outageOf(told.state.link)).toEqual({ attempts: 0 })
  })

  it('does not hurry after a refused key', () => {
    const told = new Told().tell(0, { type: 'connect' }).tell(0, { type: 'failed', refusal: 'unauthorized' })
    expect(told.effects).toContainEqual({ type: 'scheduleRetry', delayMs: 12_000 })
  })

  it('waits once, whatever is still heard of the attempt that failed', () => {
    const told = new Told().tell(0, { type: 'connect' }).tell(10, { type: 'failed' })
    const { link } = told.state
    expect(told.tell(20, { type: 'closed' }).effects).toEqual([])
    expect(told.tell(30, { type: 'failed' }).effectTypes).toEqual(['closeSocket'])
    expect(told.state.link).toEqual(link)
  })

  it('asks with its second failure whether requests get through where sockets do not, and says so', () => {
    const told = new Told().tell(0, { type: 'connect' }).tell(1, { type: 'failed' })
    expect(told.effectTypes).not.toContain('probe')
    told.tell(2, { type: 'connect' }).tell(3, { type: 'failed' })
    expect(told.effectTypes).toContain('probe')
    // Of a first attempt nothing can be said yet.
    const first = new Told().tell(0, { type: 'connect' }).tell(1, { type: 'probed' })
    expect(outageOf(first.state.link)).toEqual({ attempts: 1 })
    told.tell(4, { type: 'probed' })
    expect(outageOf(told.state.link)).toMatchObject({ noWebSocket: true })
    told.tell(5, { type: 'connect' }).tell(6, { type: 'failed' })
    expect(told.effectTypes).not.toContain('probe')
    told.tell(7, { type: 'connect' }).tell(8, { type: 'opened' }).tell(9, board(9))
    expect(told.tell(10, { type: 'probed' }).state.link).toEqual({ status: 'live', joinedAt: 8, isBehind: false })
  })

  it('does not ask so when a socket was open, or when the server said why', () => {
    const opened = new Told().tell(0, { type: 'connect' }).tell(1, { type: 'failed' }).tell(2, { type: 'connect' })
    expect(opened.tell(3, { type: 'opened' }).tell(4, { type: 'failed' }).effectTypes).not.toContain('probe')
    const refused = new Told().tell(0, { type: 'connect' }).tell(1, { type: 'failed' }).tell(2, { type: 'connect' })
    expect(refused.tell(3, { type: 'failed', refusal: 'not_ready' }).effectTypes).not.toContain('probe')
  })
})

describe('a live connection', () => {
  it('is confirmed by each heartbeat that knows its board', () => {
    const told = live().tell(2_100, heartbeat(2_100))
    expect(told.state).toMatchObject({ confirmedAt: 2_100, heardAt: 2_100, sourceHeardAt: { wms: 2_100 } })
  })

  it('joins again at the second heartbeat in a row that is ahead of it, not at the first', () => {
    const told = live().tell(2_000, heartbeat(2_000, 'ahead'))
    expect([told.state.link.status, told.effects, told.state.confirmedAt]).toEqual(['live', [], 100])
    expect(told.tell(4_000, heartbeat(4_000, 'ahead')).effectTypes).toEqual(['join'])
    expect(told.state.link).toEqual({ status: 'joining', joinedAt: 4_000, attempts: 0 })
    const led = live().tell(2_000, heartbeat(2_000, 'ahead')).tell(2_100, board(2_100))
    expect(led.tell(4_000, heartbeat(4_000, 'ahead')).effects).toEqual([])
  })

  it('joins again at a gap, once, and pauses at one right after that', () => {
    const told = live().tell(5_000, { type: 'gap' })
    expect(told.effectTypes).toEqual(['join'])
    expect(told.tell(5_010, { type: 'gap' }).effects).toEqual([])
    expect(told.tell(5_020, heartbeat(5_020, 'gap')).effects).toEqual([])
    told.tell(5_050, board(5_050)).tell(5_100, { type: 'gap' })
    expect(told.effectTypes).toEqual(['closeSocket', 'scheduleRetry'])
  })

  it('that was closed tries again, and counts from one', () => {
    const told = live().tell(5_000, { type: 'closed' })
    expect([told.state.link, told.effectTypes]).toEqual([
      { status: 'waiting', attempts: 0, retryAt: 6_000 },
      ['scheduleRetry'],
    ])
    expect(told.tell(6_000, { type: 'connect' }).state.link).toEqual({ status: 'connecting', attempts: 1 })
  })

  it('that says nothing for fifteen seconds is given up', () => {
    const told = live()
    expect(told.tell(15_100, { type: 'tick', sleptMs: 0 }).effects).toEqual([])
    expect(told.tell(15_101, { type: 'tick', sleptMs: 0 }).effectTypes).toEqual(['closeSocket', 'scheduleRetry'])
    expect(told.tell(60_000, { type: 'tick', sleptMs: 0 }).effects).toEqual([])
  })

  it('is opened anew after the device has slept: its picture is as old as it is, and the time is right', () => {
    const told = live().tell(1_100, { type: 'tick', sleptMs: hourMs })
    expect(told.effectTypes).toEqual(['cancelRetry', 'closeSocket', 'openSocket'])
    expect(shownTime(told.state, 1_100)).toEqual({
      freshness: 'lost',
      cut: 'connection',
      serverNow: 1_100 + serverAheadMs + hourMs,
      shownNow: 100 + serverAheadMs,
      ageMs: 1_000 + hourMs,
    })
    const { confirmedAt, serverOffsetMs } = new Told().tell(0, { type: 'tick', sleptMs: hourMs }).state
    expect([confirmedAt, serverOffsetMs]).toEqual([undefined, undefined])
  })

  it('that is given other credentials is opened with them at once, also out of a pause', () => {
    const told = live().tell(5_000, { type: 'closed' }).tell(5_010, { type: 'reconnect' })
    expect(told.effectTypes).toEqual(['cancelRetry', 'closeSocket', 'openSocket'])
    expect(told.state.link).toEqual({ status: 'connecting', attempts: 1 })
  })
})

describe('the time that is shown', () => {
  it('follows the server over hours in which the clock of the page drifts away', () => {
    const told = live()
    // The page counts a second too little in every hundred.
    for (let passedMs = 2_000; passedMs <= 24 * hourMs; passedMs += 2_000) {
      told.tell(100 + passedMs * 0.99, { ...heartbeat(0), at: serverAheadMs + passedMs } as ConnectionEvent)
    }
    const { serverNow } = shownTime(told.state, 100 + 24 * hourMs * 0.99)
    expect(serverNow).toBe(serverAheadMs + 24 * hourMs)
  })

  it('is that of the numbers while the server cannot read its database, until it can', () => {
    const cutOff = { ...heartbeat(2_000), dataAsOf: serverAheadMs + 500 } as ConnectionEvent
    const told = live().tell(2_000, cutOff)
    expect(shownTime(told.state, 2_000)).toMatchObject({ cut: 'database', shownNow: serverAheadMs + 500 })
    expect(shownTime(told.tell(4_000, heartbeat(4_000)).state, 4_000)).toMatchObject({ freshness: 'live' })
    expect(told.tell(6_000, cutOff).tell(6_100, board(6_100)).state.dataAsOf).toBeUndefined()
  })

  it('is that of the recording, which runs faster than the heartbeat', () => {
    const told = live().tell(200, { type: 'boardReceived', asOf: 9_000, dataAsOf: undefined, isRecording: true })
    expect(told.state.serverOffsetMs).toBe(8_800)
    expect(live().tell(200, board(9_000)).state.serverOffsetMs).toBe(serverAheadMs)
  })

  it('says that the clock of the server was set, as long as the heartbeat says so', () => {
    const told = live().tell(2_000, { ...heartbeat(2_000), clockSetByMs: -hourMs } as ConnectionEvent)
    expect(told.state.serverClockSetByMs).toBe(-hourMs)
    expect(told.tell(4_000, heartbeat(4_000)).state.serverClockSetByMs).toBeUndefined()
  })
})

describe('a board from elsewhere', () => {
  const restored: ConnectionEvent = { type: 'boardRestored', ageMs: 7_000, serverNow: serverAheadMs + 50 }
  const fetched: ConnectionEvent = {
    type: 'boardFetched',
    requestedAt: 60,
    asOf: serverAheadMs + 60,
    dataAsOf: undefined,
  }

  it('that the page showed before it was reloaded has its age, until the server has answered', () => {
    const told = new Told().tell(0, { type: 'connect' }).tell(50, restored)
    expect(told.state).toMatchObject({ restored: true, confirmedAt: -6_950, serverOffsetMs: serverAheadMs })
    expect(told.tell(60, { type: 'opened' }).tell(100, board(100)).state).not.toHaveProperty('restored')
  })

  it('over HTTP is as old as its request, and does not end the wait for the socket', () => {
    const told = new Told().tell(0, { type: 'connect' }).tell(50, restored).tell(300, fetched)
    expect(told.state.link).toEqual({ status: 'connecting', attempts: 1 })
    expect(told.state).toMatchObject({ confirmedAt: 60, serverOffsetMs: serverAheadMs })
    expect(told.state).not.toHaveProperty('restored')
    expect(shownTime(told.state, 16_000).freshness).toBe('lost')
  })

  it('over HTTP says nothing to a connection that is live', () => {
    const told = live()
    const before = told.state
    expect(told.tell(300, fetched).state).toBe(before)
  })
})

it('a screen that is unpaired closes its connection, and nothing opens it again', () => {
  const told = live().tell(200, { type: 'unpaired' })
  expect([told.state.link, told.effectTypes]).toEqual([{ status: 'unpaired' }, ['cancelRetry', 'closeSocket']])
  const events: readonly ConnectionEvent[] = [
    { type: 'connect' },
    { type: 'reconnect' },
    { type: 'opened' },
    { type: 'closed' },
    { type: 'failed', refusal: 'unauthorized' },
    { type: 'tick', sleptMs: hourMs },
    board(300),
    heartbeat(300),
  ]
  for (const event of events) expect(told.tell(300, event).effects).toEqual([])
  expect(told.state.link.status).toBe('unpaired')
})
