import { QueryClient } from '@tanstack/react-query'
import { protocolVersion } from '@stagewatch/shared/contract/socket.ts'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { BoardChannel } from './board-channel.ts'
import type { ChannelOptions } from './board-channel.ts'
import { boardKey } from './board-query.ts'
import { newConnection } from './connection-state.ts'
import type { ConnectionState } from './connection-state.ts'
import { createStore } from './store.ts'
import type { Store } from './store.ts'
import { noon, smallBoard } from './testing/small-board.ts'
import { fake } from './testing/fake-socket-io.ts'
import { ScriptedSocket } from './testing/scripted-socket.ts'

let socket: ScriptedSocket
let queries: QueryClient
let connection: Store<ConnectionState>
/** URLs that the page fetches over HTTP. */
let fetched: string[]
let channel: BoardChannel | undefined

beforeEach(() => {
  vi.useFakeTimers({ now: noon })
  vi.spyOn(Math, 'random').mockReturnValue(0)
  socket = new ScriptedSocket()
  fake.socket = socket
  fake.options = []
  queries = new QueryClient()
  connection = createStore(newConnection(performance.now()))
  fetched = []
  vi.stubGlobal('fetch', (address: unknown) => {
    fetched.push(String(address))
    return Promise.resolve(new Response('', { status: 404 }))
  })
  sessionStorage.clear()
})

afterEach(() => {
  channel?.close()
  channel = undefined
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

function open(options: Partial<ChannelOptions> = {}): void {
  channel = new BoardChannel({
    boardId: 'overview',
    site: undefined,
    key: undefined,
    build: 'wall-1.js',
    screen: undefined,
    recording: undefined,
    queries,
    connection,
    ...options,
  })
}

/** A channel whose join was answered with the small board, at version 7 of epoch `a`. */
function openLive(options: Partial<ChannelOptions> = {}): void {
  open(options)
  socket.open()
  socket.asked.at(-1)!.answer({ ok: true, snapshot: smallBoard() })
}

const link = () => connection.get().link
const shown = () => queries.getQueryData(boardKey('overview'))
const delta = (from: number, more: object = {}) => ({
  board: 'overview',
  epoch: 'a',
  from,
  to: from + 1,
  asOf: noon + 1_000,
  position: '71',
  changes: [{ path: ['kpis', 'stalled', 'count'], value: 5 }],
  ...more,
})
const heartbeat = (more: object = {}) => ({
  protocol: protocolVersion,
  board: 'overview',
  epoch: 'a',
  version: 7,
  at: noon + 60_000,
  sources: { erp: 20_000 },
  build: 'wall-1.js',
  ...more,
})

describe('a board channel', () => {
  it('connects at once, requests its board when the socket is open, and confirms what it shows', () => {
    open()
    expect(socket.connectCount).toBe(1)
    expect(fake.options[0]).toMatchObject({ transports: ['websocket'], reconnection: false, autoConnect: false })
    expect(link().status).toBe('connecting')
    socket.open()
    expect(link().status).toBe('joining')
    expect(socket.asked).toMatchObject([{ event: 'board:join', payload: { board: 'overview', confirms: true } }])
    socket.asked[0]!.answer({ ok: true, snapshot: smallBoard() })
    expect(link().status).toBe('live')
    expect(shown()).toEqual(smallBoard())
    expect(socket.sent).toEqual([['board:seen', { board: 'overview', epoch: 'a', version: 7 }]])
    expect(connection.get().serverOffsetMs).toBe(noon - performance.now())
  })

  it.each([
    ['the key and the site of the address', { key: 'sw_key', site: 'east' }, { token: 'sw_key', site: 'east' }],
    ['nothing where the address has nothing', {}, {}],
    [
      'the token of a paired screen before the key',
      { key: 'sw_key', screen: { token: () => 'sws_1', attach: () => undefined } as never },
      { token: 'sws_1' },
    ],
  ])('offers %s', (_, options, expected) => {
    open(options)
    const offer = vi.fn<(handshake: object) => void>()
    ;(fake.options[0] as { auth: (offer: (handshake: object) => void) => void }).auth(offer)
    expect(offer).toHaveBeenCalledExactlyOnceWith(expected)
  })

  it('applies changes, and acknowledges them', () => {
    openLive()
    socket.receive('board:delta', delta(7))
    expect(shown()).toMatchObject({ version: 8, position: '71', kpis: { stalled: { count: 5 }, open: { count: 9 } } })
    expect(socket.sent.at(-1)).toEqual(['board:seen', { board: 'overview', epoch: 'a', version: 8 }])
    // A delta of another board, or one already applied, has no effect.
    socket.receive('board:delta', delta(8, { board: 'overview:repair' }))
    socket.receive('board:delta', delta(7))
    expect([socket.sent.length, socket.asked.length, link().status]).toEqual([2, 1, 'live'])
  })

  it.each([
    ['does not follow', () => delta(9)],
    ['cannot be read', () => ({ board: 'overview' })],
  ])('requests the board again when a delta %s', (_, message) => {
    openLive()
    vi.advanceTimersByTime(1_500)
    socket.receive('board:delta', message())
    expect(link().status).toBe('joining')
    expect(socket.asked[1]).toMatchObject({ payload: { board: 'overview', version: 7 } })
    // Messages that arrive in the meantime do not change the picture.
    socket.receive('board:delta', delta(7))
    expect(shown()).toMatchObject({ version: 7 })
  })

  it('takes the time, the sources and the state of the data from each heartbeat', () => {
    openLive()
    vi.advanceTimersByTime(10_000)
    socket.receive(
      'board:pulse',
      heartbeat({ dataAsOf: noon + 50_000, reducedMs: 5_000, clockStep: { at: noon, byMs: -9_000 } }),
    )
    expect(connection.get()).toMatchObject({
      serverOffsetMs: noon + 60_000 - performance.now(),
      confirmedAt: performance.now(),
      sourceLastReceivedAt: { erp: noon + 40_000 },
      dataAsOf: noon + 50_000,
      serverClockSetByMs: -9_000,
      reducedMs: 5_000,
    })
    socket.receive('board:pulse', heartbeat())
    expect(connection.get()).not.toHaveProperty('dataAsOf')
    expect(connection.get().reducedMs).toBeUndefined()
    const before = connection.get()
    socket.receive('board:pulse', heartbeat({ board: 'overview:repair', at: noon }))
    socket.receive('board:pulse', { board: 'overview' })
    expect(connection.get()).toBe(before)
  })

  it('requests the board again when two consecutive heartbeats name a version that it has not received', () => {
    openLive()
    vi.advanceTimersByTime(2_000)
    socket.receive('board:pulse', heartbeat({ version: 8 }))
    expect(socket.asked).toHaveLength(1)
    socket.receive('board:pulse', heartbeat({ version: 8 }))
    expect(socket.asked).toHaveLength(2)
  })

  it.each([
    ['another build', { build: 'wall-2.js' }],
    ['a newer protocol', { protocol: protocolVersion + 1 }],
  ])('reloads the page when it is notified of %s', async (_, more) => {
    openLive()
    socket.receive('board:pulse', heartbeat())
    await vi.advanceTimersByTimeAsync(1)
    expect(fetched).toEqual([])
    socket.receive('board:pulse', heartbeat(more))
    await vi.advanceTimersByTimeAsync(1)
    expect(fetched).toHaveLength(1)
  })

  it('reports why it shows nothing, and retries after a pause', () => {
    open()
    socket.open()
    socket.asked[0]!.answer({ ok: false, code: 'unknown_board' })
    expect(link()).toMatchObject({ status: 'waiting', refusal: 'unknown_board' })
    expect(socket.connected).toBe(false)
    vi.advanceTimersByTime(999)
    expect(socket.connectCount).toBe(1)
    vi.advanceTimersByTime(1)
    expect(socket.connectCount).toBe(2)
  })

  it.each([
    ['there is no answer within five seconds', () => void vi.advanceTimersByTime(5_000)],
    ['the answer is none', () => socket.asked[0]!.answer({ ok: true, snapshot: { board: 'overview' } })],
  ])('retries when %s', (_, happen) => {
    open()
    socket.open()
    happen()
    expect(link()).toMatchObject({ status: 'waiting' })
    expect(link()).not.toHaveProperty('refusal')
    expect(shown()).toBeUndefined()
  })

  it('ignores the answer to a request that it has since repeated', () => {
    open()
    socket.open()
    socket.lose()
    vi.advanceTimersByTime(1_000)
    socket.open()
    expect(socket.asked).toHaveLength(2)
    socket.asked[0]!.answer({ ok: true, snapshot: { ...smallBoard(), version: 3 } })
    expect([link().status, shown()]).toEqual(['joining', undefined])
    socket.asked[1]!.answer({ ok: true, snapshot: smallBoard() })
    expect(shown()).toMatchObject({ version: 7 })
  })

  it('reconnects when the socket is lost, and rejoins with its version', () => {
    openLive()
    socket.lose()
    expect(link().status).toBe('waiting')
    vi.advanceTimersByTime(1_000)
    socket.open()
    expect(socket.asked[1]).toMatchObject({ payload: { version: 7 } })
  })

  it('tries again when the board has a problem, unless it is that of another one', () => {
    openLive()
    socket.receive('board:problem', { board: 'overview:repair', code: 'internal' })
    socket.receive('board:problem', 'nonsense')
    expect(link().status).toBe('live')
    socket.receive('board:problem', { board: 'overview', code: 'internal' })
    expect(link()).toMatchObject({ status: 'waiting', refusal: 'internal' })
  })

  it.each([
    ['in its data', Object.assign(new Error('no'), { data: { code: 'rate_limited' } }), { refusal: 'rate_limited' }],
    ['as its message', new Error('forbidden'), { refusal: 'forbidden' }],
    ['not at all', Object.assign(new Error('websocket error'), { data: null }), { status: 'waiting' }],
  ])('reads the reason of a refused connection that is given %s', (_, error, expected) => {
    open()
    socket.receive('connect_error', error)
    expect(link()).toMatchObject(expected)
    expect('refusal' in link()).toBe('refusal' in expected)
  })

  it('tries the other token of a paired screen at once when one is refused, and only then', () => {
    const refused = vi.fn<() => boolean>().mockReturnValueOnce(true).mockReturnValue(false)
    open({ screen: { token: () => 'sws_1', attach: () => undefined, refused } as never })
    socket.receive('connect_error', new Error('forbidden'))
    expect(refused).not.toHaveBeenCalled()
    vi.advanceTimersByTime(12_000)
    expect(socket.connectCount).toBe(2)
    socket.receive('connect_error', new Error('unauthorized'))
    expect([socket.connectCount, link().status]).toEqual([3, 'connecting'])
    socket.receive('connect_error', new Error('unauthorized'))
    expect([socket.connectCount, link().status]).toEqual([3, 'waiting'])
  })

  it('reconnects when its screen has received another token', () => {
    let reconnect: (() => void) | undefined
    openLive({
      screen: { token: () => 'sws_1', attach: (_: unknown, again: () => void) => (reconnect = again) } as never,
    })
    reconnect!()
    expect([socket.connectCount, socket.connected, link().status]).toEqual([2, false, 'connecting'])
  })

  it('checks whether HTTP requests get through when a second attempt gets no response', async () => {
    open()
    socket.receive('connect_error', new Error('websocket error'))
    await vi.advanceTimersByTimeAsync(1_000)
    expect(fetched).toEqual([])
    socket.receive('connect_error', new Error('websocket error'))
    await vi.advanceTimersByTimeAsync(0)
    expect(fetched).toHaveLength(1)
    // Ordinary requests fail too: the server is down.
    expect(link()).not.toHaveProperty('noWebSocket')
  })

  it.each([
    ['answers as Socket.IO does', () => Response.json({ code: 0 }, { status: 400 })],
    ['answers', () => new Response('')],
  ])('says that no socket gets through where the server %s and none opens', async (_, answer) => {
    vi.stubGlobal('fetch', () => Promise.resolve(answer()))
    open()
    socket.receive('connect_error', new Error('websocket error'))
    await vi.advanceTimersByTimeAsync(1_000)
    socket.receive('connect_error', new Error('websocket error'))
    await vi.advanceTimersByTimeAsync(0)
    expect(link()).toMatchObject({ noWebSocket: true })
  })

  it('takes the time of a recording from each of its boards, which goes faster than that of heartbeats', () => {
    openLive()
    vi.advanceTimersByTime(1_000)
    socket.receive('board:delta', delta(7, { asOf: noon + 60_000 }))
    expect(connection.get().serverOffsetMs).toBe(noon + 1_000 - performance.now())
    const recorded = { ...smallBoard(), version: 20, recording: { from: noon - 1, to: noon + 600_000, speed: 60 } }
    socket.receive('board:delta', delta(8, { changes: [{ path: ['recording'], value: recorded.recording }] }))
    vi.advanceTimersByTime(1_000)
    socket.receive('board:delta', delta(9, { asOf: noon + 120_000, changes: [] }))
    expect(connection.get().serverOffsetMs).toBe(noon + 120_000 - performance.now())
  })

  it('closes a connection that has been silent for fifteen seconds', () => {
    openLive()
    vi.advanceTimersByTime(15_000)
    expect(link().status).toBe('live')
    vi.advanceTimersByTime(1_000)
    expect(link().status).toBe('waiting')
  })

  it('reconnects after the device was asleep', () => {
    openLive()
    vi.setSystemTime(Date.now() + 3_600_000)
    vi.advanceTimersByTime(1_000)
    expect(link().status).toBe('connecting')
    expect(socket.connectCount).toBe(2)
    expect(connection.get().confirmedAt).toBeLessThan(performance.now() - 3_000_000)
  })

  it('asks for a recording, and after an outage for what is left of it', () => {
    const recording = { from: noon - 60_000, to: noon + 60_000, speed: 60 }
    openLive({ recording })
    expect(socket.asked[0]).toMatchObject({ payload: { recording } })
    socket.lose()
    vi.advanceTimersByTime(1_000)
    socket.open()
    expect(socket.asked[1]).toMatchObject({ payload: { recording: { ...recording, from: noon } } })
  })

  it('asks for a whole recording again if it was shown to its end', () => {
    const recording = { from: noon - 60_000, to: noon, speed: 60 }
    openLive({ recording })
    socket.lose()
    vi.advanceTimersByTime(1_000)
    socket.open()
    expect(socket.asked[1]).toMatchObject({ payload: { recording } })
  })

  it('does nothing after it was closed', () => {
    openLive()
    const timers = vi.getTimerCount()
    channel!.close()
    expect(vi.getTimerCount()).toBe(timers - 1)
    expect([socket.connected, link().status]).toEqual([false, 'unpaired'])
    const before = connection.get()
    vi.advanceTimersByTime(60_000)
    socket.receive('connect')
    expect(connection.get()).toBe(before)
  })
})
