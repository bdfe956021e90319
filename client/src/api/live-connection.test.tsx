import type { LiveTree } from '@stagewatch/shared/contract/live-query.ts'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fake } from '../live/testing/fake-socket-io.ts'
import { ScriptedSocket } from '../live/testing/scripted-socket.ts'
import { LiveConnection } from './live-connection.ts'

const question = { kind: 'orders', query: {} } as never

let socket: ScriptedSocket
let live: LiveConnection

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(Math, 'random').mockReturnValue(1)
  socket = new ScriptedSocket()
  fake.socket = socket
  fake.options = []
  live = new LiveConnection('east')
})

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** Records what the listener receives. Also returns how to stop watching. */
function watch() {
  const trees: LiveTree[] = []
  const stop = live.watch(question, { onTree: (tree) => trees.push(tree) })
  return { trees, stop }
}

const snapshot = (board: string, more: object = {}) => ({
  ok: true,
  snapshot: { board, epoch: 'a', version: 1, tree: { asOf: 10, position: '1', rows: { count: 2 } }, ...more },
})
const delta = (board: string, from: number, more: object = {}) => ({
  board,
  epoch: 'a',
  from,
  to: from + 1,
  asOf: 20,
  position: '2',
  changes: [{ path: ['rows', 'count'], value: 3 }],
  ...more,
})
const heartbeat = (board: string, more: object = {}) => ({ board, epoch: 'a', version: 1, ...more })

/** Acknowledges the most recent `query:watch`. */
async function answer(message: unknown): Promise<void> {
  socket.asked.at(-1)!.answer(message)
  await vi.advanceTimersByTimeAsync(0)
}

/** A watch that has received its first snapshot. */
async function watched(board = 'query:1') {
  const page = watch()
  if (!socket.connected) socket.open()
  await answer(snapshot(board))
  return page
}

describe('the connection of the desk', () => {
  it('opens with the first query, sends it, and passes the answer to the page', async () => {
    expect(fake.options[0]).toMatchObject({ auth: { site: 'east' }, transports: ['websocket'], autoConnect: false })
    expect(socket.connectCount).toBe(0)
    const { trees } = watch()
    expect([socket.connectCount, socket.asked.length]).toEqual([1, 0])
    socket.open()
    expect(socket.asked).toMatchObject([{ event: 'query:watch', payload: question }])
    expect(live.state).toEqual({ confirmedAt: undefined, dataAsOf: undefined })
    await answer(snapshot('query:1'))
    expect(trees).toEqual([{ asOf: 10, position: '1', rows: { count: 2 } }])
    expect(live.state).toEqual({ confirmedAt: performance.now(), dataAsOf: undefined })
    // The socket is open now.
    watch()
    expect([socket.connectCount, socket.asked.length]).toEqual([1, 2])
  })

  it('knows that the overloaded server sends changes less often, for as long as the heartbeat says so', async () => {
    await watched('query:1')
    socket.receive('board:pulse', heartbeat('query:1', { reducedMs: 5_000 }))
    expect(live.state.reducedMs).toBe(5_000)
    socket.receive('board:delta', delta('query:1', 1))
    expect(live.state.reducedMs).toBe(5_000)
    socket.receive('board:pulse', heartbeat('query:1', { version: 2 }))
    expect(live.state.reducedMs).toBeUndefined()
  })

  it('sends each page the changes of its own query', async () => {
    const [first, second] = [await watched('query:1'), await watched('query:2')]
    socket.receive('board:delta', delta('query:2', 1))
    expect(first.trees).toHaveLength(1)
    expect(second.trees[1]).toEqual({ asOf: 20, position: '2', rows: { count: 3 } })
    socket.receive('board:delta', delta('query:2', 2, { changes: [{ path: ['rows', 'count'], value: 4 }] }))
    expect(second.trees[2]).toMatchObject({ rows: { count: 4 } })
    expect(socket.asked).toHaveLength(2)
  })

  it.each([
    ['a delta that does not follow', 'board:delta', delta('query:1', 2)],
    ['a delta of another start', 'board:delta', delta('query:1', 1, { epoch: 'b' })],
    ['a heartbeat of another version', 'board:pulse', heartbeat('query:1', { version: 2 })],
    ['a heartbeat of another start', 'board:pulse', heartbeat('query:1', { epoch: 'b' })],
  ])('repeats a query after %s', async (_, event, message) => {
    const { trees } = await watched()
    socket.receive(event, message)
    expect([trees.length, socket.asked.length]).toEqual([1, 2])
    await answer(snapshot('query:1', { version: 5 }))
    expect(trees).toHaveLength(2)
    socket.receive('board:delta', delta('query:1', 5))
    expect(trees).toHaveLength(3)
  })

  it('derives the age of the numbers from heartbeats and from the deltas of its queries', async () => {
    await watched()
    await vi.advanceTimersByTimeAsync(1_000)
    socket.receive('board:pulse', heartbeat('query:2'))
    expect(live.state.confirmedAt).toBe(performance.now() - 1_000)
    socket.receive('board:pulse', heartbeat('query:1', { dataAsOf: 5 }))
    expect(live.state).toEqual({ confirmedAt: performance.now(), dataAsOf: 5 })
    await vi.advanceTimersByTimeAsync(1_000)
    socket.receive('board:delta', delta('query:1', 1))
    expect(live.state).toEqual({ confirmedAt: performance.now(), dataAsOf: 5 })
    socket.receive('board:pulse', heartbeat('query:1', { version: 2 }))
    expect(live.state.dataAsOf).toBeUndefined()
  })

  it('repeats a query five seconds after a refusal, ten seconds of silence, or a problem', async () => {
    const { trees } = watch()
    socket.open()
    await answer({ ok: false, code: 'overloaded' })
    await vi.advanceTimersByTimeAsync(4_999)
    expect(socket.asked).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(socket.asked).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(14_999)
    expect(socket.asked).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(1)
    expect(socket.asked).toHaveLength(3)
    await answer(snapshot('query:1'))
    socket.receive('board:problem', { board: 'query:2' })
    socket.receive('board:problem', { board: 'query:1' })
    // Deltas that arrive before the new snapshot are ignored.
    socket.receive('board:delta', delta('query:1', 1))
    expect(trees).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(socket.asked).toHaveLength(4)
  })

  it('repeats all queries after a disconnect, and reopens five seconds after the server closed it', async () => {
    await watched('query:1')
    await watched('query:2')
    socket.lose()
    await vi.advanceTimersByTimeAsync(4_999)
    expect(socket.connectCount).toBe(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(socket.connectCount).toBe(2)
    socket.open()
    expect(socket.asked).toHaveLength(4)
  })

  it('reopens after a refused handshake, unless the library does so', async () => {
    await watched()
    socket.lose(true)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(socket.connectCount).toBe(1)
    socket.active = false
    socket.receive('connect_error', new Error('forbidden'))
    await vi.advanceTimersByTimeAsync(5_000)
    expect(socket.connectCount).toBe(2)
  })

  it('unsubscribes from a query without pages, and closes ten seconds later', async () => {
    const [first, second] = [await watched(), await watched()]
    first.stop()
    socket.receive('board:delta', delta('query:1', 1))
    expect([first.trees.length, second.trees.length]).toEqual([1, 2])
    // The other page still watches the same query.
    expect(socket.sent).toEqual([])
    second.stop()
    expect(socket.sent).toEqual([['query:unwatch', { board: 'query:1' }]])
    await vi.advanceTimersByTimeAsync(9_999)
    expect(socket.connected).toBe(true)
    await vi.advanceTimersByTimeAsync(1)
    expect(socket.connected).toBe(false)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(socket.connectCount).toBe(1)
  })

  it('stays open when the next page subscribes within ten seconds', async () => {
    const { stop } = await watched()
    stop()
    await vi.advanceTimersByTimeAsync(9_000)
    await watched('query:2')
    await vi.advanceTimersByTimeAsync(9_000)
    expect(socket.connected).toBe(true)
  })

  it('drops a query whose page closed before the answer, and does not repeat it', async () => {
    const { trees, stop } = watch()
    socket.open()
    stop()
    expect(socket.sent).toEqual([])
    await answer(snapshot('query:1'))
    expect([trees.length, socket.sent]).toEqual([0, [['query:unwatch', { board: 'query:1' }]]])
    const refused = watch()
    await answer({ ok: false, code: 'overloaded' })
    refused.stop()
    await vi.advanceTimersByTimeAsync(5_000)
    expect(socket.asked).toHaveLength(2)
  })
})
