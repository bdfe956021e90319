import { describe, expect, it } from 'vitest'
import { newConnection, outageOf, shownTime, type ConnectionState } from './connection-state.ts'
import { transition, retryDelayMs, type ConnectionEffect, type ConnectionEvent } from './connection-transition.ts'

const hourMs = 3_600_000
/** How far the server's clock is ahead of the page's, ms. */
const serverAheadMs = 1_800_000_000_000

/** A connection driven by events. `at`: monotonic ms. */
class DrivenConnection {
  state: ConnectionState = newConnection(0)
  effects: readonly ConnectionEffect[] = []

  send(at: number, event: ConnectionEvent, chance = 0): this {
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
    reducedMs: undefined,
    sourceLastReceivedAt: { wms: at },
    board: says,
  }
}

/** Live since 100 ms. */
function live(): DrivenConnection {
  return new DrivenConnection().send(0, { type: 'connect' }).send(50, { type: 'opened' }).send(100, board(100))
}

describe('a connection that is opened', () => {
  it('asks for the board as soon as its socket is open, and is live with the answer', () => {
    const connection = new DrivenConnection().send(0, { type: 'connect' })
    expect([connection.state.link, connection.effectTypes]).toEqual([
      { status: 'connecting', attempts: 1 },
      ['openSocket'],
    ])
    connection.send(50, { type: 'opened' })
    expect([connection.state.link, connection.effectTypes]).toEqual([
      { status: 'joining', joinedAt: 50, attempts: 1 },
      ['join'],
    ])
    connection.send(100, board(100))
    expect(connection.state.link).toEqual({ status: 'live', joinedAt: 50, isBehind: false })
    expect(connection.state).toMatchObject({ confirmedAt: 100, serverOffsetMs: serverAheadMs })
    expect(connection.effects).toEqual([])
  })

  it('counts its attempts, pauses between them, and keeps why the server refused it until it is live', () => {
    const connection = new DrivenConnection()
      .send(0, { type: 'connect' })
      .send(10, { type: 'failed', refusal: 'not_ready' }, 0.5)
    expect(connection.state.link).toEqual({ status: 'waiting', attempts: 1, refusal: 'not_ready', retryAt: 3_010 })
    expect(connection.effects).toEqual([{ type: 'closeSocket' }, { type: 'scheduleRetry', delayMs: 3_000 }])
    connection.send(3_010, { type: 'connect' })
    expect(connection.state.link).toEqual({ status: 'connecting', attempts: 2, refusal: 'not_ready' })
    connection.send(3_020, { type: 'opened' }).send(3_030, board(3_030))
    expect(outageOf(connection.state.link)).toEqual({ attempts: 0 })
  })

  it('retries more slowly after a refused key', () => {
    const connection = new DrivenConnection()
      .send(0, { type: 'connect' })
      .send(0, { type: 'failed', refusal: 'unauthorized' })
    expect(connection.effects).toContainEqual({ type: 'scheduleRetry', delayMs: 12_000 })
  })

  it('waits once, whatever events of the failed attempt still arrive', () => {
    const connection = new DrivenConnection().send(0, { type: 'connect' }).send(10, { type: 'failed' })
    const { link } = connection.state
    expect(connection.send(20, { type: 'closed' }).effects).toEqual([])
    expect(connection.send(30, { type: 'failed' }).effectTypes).toEqual(['closeSocket'])
    expect(connection.state.link).toEqual(link)
  })

  it('checks after its second failure whether HTTP requests work while sockets do not, and reports it', () => {
    const connection = new DrivenConnection().send(0, { type: 'connect' }).send(1, { type: 'failed' })
    expect(connection.effectTypes).not.toContain('probe')
    connection.send(2, { type: 'connect' }).send(3, { type: 'failed' })
    expect(connection.effectTypes).toContain('probe')
    // The first attempt alone is not conclusive.
    const first = new DrivenConnection().send(0, { type: 'connect' }).send(1, { type: 'probed' })
    expect(outageOf(first.state.link)).toEqual({ attempts: 1 })
    connection.send(4, { type: 'probed' })
    expect(outageOf(connection.state.link)).toMatchObject({ noWebSocket: true })
    connection.send(5, { type: 'connect' }).send(6, { type: 'failed' })
    expect(connection.effectTypes).not.toContain('probe')
    connection.send(7, { type: 'connect' }).send(8, { type: 'opened' }).send(9, board(9))
    expect(connection.send(10, { type: 'probed' }).state.link).toEqual({ status: 'live', joinedAt: 8, isBehind: false })
  })

  it('does not ask so when a socket was open, or when the server said why', () => {
    const opened = new DrivenConnection()
      .send(0, { type: 'connect' })
      .send(1, { type: 'failed' })
      .send(2, { type: 'connect' })
    expect(opened.send(3, { type: 'opened' }).send(4, { type: 'failed' }).effectTypes).not.toContain('probe')
    const refused = new DrivenConnection()
      .send(0, { type: 'connect' })
      .send(1, { type: 'failed' })
      .send(2, { type: 'connect' })
    expect(refused.send(3, { type: 'failed', refusal: 'not_ready' }).effectTypes).not.toContain('probe')
  })
})

describe('a live connection', () => {
  it('is confirmed by each heartbeat with its version', () => {
    const connection = live().send(2_100, heartbeat(2_100))
    expect(connection.state).toMatchObject({
      confirmedAt: 2_100,
      lastMessageAt: 2_100,
      sourceLastReceivedAt: { wms: 2_100 },
    })
  })

  it('rejoins at the second consecutive heartbeat that is ahead of it, not at the first', () => {
    const connection = live().send(2_000, heartbeat(2_000, 'ahead'))
    expect([connection.state.link.status, connection.effects, connection.state.confirmedAt]).toEqual(['live', [], 100])
    expect(connection.send(4_000, heartbeat(4_000, 'ahead')).effectTypes).toEqual(['join'])
    expect(connection.state.link).toEqual({ status: 'joining', joinedAt: 4_000, attempts: 0 })
    const led = live().send(2_000, heartbeat(2_000, 'ahead')).send(2_100, board(2_100))
    expect(led.send(4_000, heartbeat(4_000, 'ahead')).effects).toEqual([])
  })

  it('rejoins once at a gap, and pauses at another one right after that', () => {
    const connection = live().send(5_000, { type: 'gap' })
    expect(connection.effectTypes).toEqual(['join'])
    expect(connection.send(5_010, { type: 'gap' }).effects).toEqual([])
    expect(connection.send(5_020, heartbeat(5_020, 'gap')).effects).toEqual([])
    connection.send(5_050, board(5_050)).send(5_999, { type: 'gap' })
    expect(connection.effectTypes).toEqual(['closeSocket', 'scheduleRetry'])
    // It joined at 5 s.
    const later = live().send(5_000, { type: 'gap' }).send(5_050, board(5_050)).send(6_000, { type: 'gap' })
    expect(later.effectTypes).toEqual(['join'])
  })

  it('that was closed retries, and counts from one', () => {
    const connection = live().send(5_000, { type: 'closed' })
    expect([connection.state.link, connection.effectTypes]).toEqual([
      { status: 'waiting', attempts: 0, retryAt: 6_000 },
      ['scheduleRetry'],
    ])
    expect(connection.send(6_000, { type: 'connect' }).state.link).toEqual({ status: 'connecting', attempts: 1 })
  })

  it('that is silent for fifteen seconds is closed', () => {
    const connection = live()
    expect(connection.send(15_100, { type: 'tick', sleptMs: 0 }).effects).toEqual([])
    expect(connection.send(15_101, { type: 'tick', sleptMs: 0 }).effectTypes).toEqual(['closeSocket', 'scheduleRetry'])
    expect(connection.send(60_000, { type: 'tick', sleptMs: 0 }).effects).toEqual([])
  })

  it('reconnects after the device was asleep, with the correct age of its data and the correct time', () => {
    const connection = live().send(1_100, { type: 'tick', sleptMs: hourMs })
    expect(connection.effectTypes).toEqual(['cancelRetry', 'closeSocket', 'openSocket'])
    expect(shownTime(connection.state, 1_100)).toEqual({
      freshness: 'lost',
      lostLink: 'connection',
      serverNow: 1_100 + serverAheadMs + hourMs,
      shownNow: 100 + serverAheadMs,
      ageMs: 1_000 + hourMs,
    })
    const { confirmedAt, serverOffsetMs } = new DrivenConnection().send(0, { type: 'tick', sleptMs: hourMs }).state
    expect([confirmedAt, serverOffsetMs]).toEqual([undefined, undefined])
  })

  it('reconnects however short the sleep was, because messages may be lost', () => {
    expect(live().send(1_100, { type: 'tick', sleptMs: 1 }).effectTypes).toContain('openSocket')
  })

  it('reconnects at once with new credentials, also during a pause', () => {
    const connection = live().send(5_000, { type: 'closed' }).send(5_010, { type: 'reconnect' })
    expect(connection.effectTypes).toEqual(['cancelRetry', 'closeSocket', 'openSocket'])
    expect(connection.state.link).toEqual({ status: 'connecting', attempts: 1 })
  })
})

describe('the time that is shown', () => {
  it('follows the server over hours in which the clock of the page drifts away', () => {
    const connection = live()
    // The page's clock loses one second in every hundred.
    for (let passedMs = 2_000; passedMs <= 24 * hourMs; passedMs += 2_000) {
      connection.send(100 + passedMs * 0.99, { ...heartbeat(0), at: serverAheadMs + passedMs } as ConnectionEvent)
    }
    const { serverNow } = shownTime(connection.state, 100 + 24 * hourMs * 0.99)
    expect(serverNow).toBe(serverAheadMs + 24 * hourMs)
  })

  it('is that of the numbers while the server cannot read its database, until it can', () => {
    const staleHeartbeat = { ...heartbeat(2_000), dataAsOf: serverAheadMs + 500 } as ConnectionEvent
    const connection = live().send(2_000, staleHeartbeat)
    expect(shownTime(connection.state, 2_000)).toMatchObject({ lostLink: 'database', shownNow: serverAheadMs + 500 })
    expect(shownTime(connection.send(4_000, heartbeat(4_000)).state, 4_000)).toMatchObject({ freshness: 'live' })
    expect(connection.send(6_000, staleHeartbeat).send(6_100, board(6_100)).state.dataAsOf).toBeUndefined()
  })

  it('is that of the recording, which runs faster than the heartbeat', () => {
    const connection = live().send(200, { type: 'boardReceived', asOf: 9_000, dataAsOf: undefined, isRecording: true })
    expect(connection.state.serverOffsetMs).toBe(8_800)
    expect(live().send(200, board(9_000)).state.serverOffsetMs).toBe(serverAheadMs)
  })

  it('reports an adjusted server clock as long as the heartbeat does', () => {
    const connection = live().send(2_000, { ...heartbeat(2_000), clockSetByMs: -hourMs } as ConnectionEvent)
    expect(connection.state.serverClockSetByMs).toBe(-hourMs)
    expect(connection.send(4_000, heartbeat(4_000)).state.serverClockSetByMs).toBeUndefined()
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
    const connection = new DrivenConnection().send(0, { type: 'connect' }).send(50, restored)
    expect(connection.state).toMatchObject({ restored: true, confirmedAt: -6_950, serverOffsetMs: serverAheadMs })
    expect(connection.send(60, { type: 'opened' }).send(100, board(100)).state).not.toHaveProperty('restored')
  })

  it('over HTTP is as old as its request, and does not end the wait for the socket', () => {
    const connection = new DrivenConnection().send(0, { type: 'connect' }).send(50, restored).send(300, fetched)
    expect(connection.state.link).toEqual({ status: 'connecting', attempts: 1 })
    expect(connection.state).toMatchObject({ confirmedAt: 60, serverOffsetMs: serverAheadMs })
    expect(connection.state).not.toHaveProperty('restored')
    expect(shownTime(connection.state, 16_000).freshness).toBe('lost')
  })

  it('over HTTP is ignored by a live connection', () => {
    const connection = live()
    const before = connection.state
    expect(connection.send(300, fetched).state).toBe(before)
  })
})

it('a screen that is unpaired closes its connection, and nothing opens it again', () => {
  const connection = live().send(200, { type: 'unpaired' })
  expect([connection.state.link, connection.effectTypes]).toEqual([
    { status: 'unpaired' },
    ['cancelRetry', 'closeSocket'],
  ])
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
  for (const event of events) expect(connection.send(300, event).effects).toEqual([])
  expect(connection.state.link.status).toBe('unpaired')
})

it('a lost connection is retried after one to five seconds', () => {
  expect([retryDelayMs(undefined, 0), retryDelayMs('not_ready', 1)]).toEqual([1_000, 5_000])
})

it('a refused key is retried more slowly', () => {
  expect(retryDelayMs('unauthorized', 0)).toBe(12_000)
  expect(retryDelayMs('rate_limited', 1)).toBe(60_000)
})
