import { shipping } from '@stagewatch/server/boards/testing/board-of.ts'
import { boardDelta, boardJoinAnswer } from '@stagewatch/shared/contract/socket.ts'
import type { BoardDelta } from '@stagewatch/shared/contract/socket.ts'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { call } from '../http/call.ts'
import { someEvent } from '../http/some-event.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { join, openScreen } from './screen.ts'
import type { Screen, ScreenOptions } from './screen.ts'
import { eventually } from '../harness/eventually.ts'
import { SettableClock } from '../harness/settable-clock.ts'

const clock = new SettableClock()
let server: StartedServer
const screens: Screen[] = []

beforeAll(async () => {
  server = await startServer({ clock })
})
afterAll(() => server.close())
afterEach(() => {
  for (const screen of screens.splice(0)) screen.close()
})

async function open(options: ScreenOptions = {}): Promise<Screen> {
  const screen = await openScreen(server.url, options)
  screens.push(screen)
  return screen
}

function nextDelta(screen: Screen): Promise<BoardDelta> {
  return new Promise((resolve) => screen.once('board:delta', resolve))
}

describe('a screen', () => {
  it('joins a board, gets its snapshot, and then what changes', async () => {
    const screen = await open()
    const answer = boardJoinAnswer.parse(await join(screen))
    if (!answer.ok) throw new Error(answer.code)
    const changed = nextDelta(screen)
    const key = await server.createKey(['ingest'])
    await call(`${server.url}/api/v1/events`, { key, body: someEvent() })
    const delta = boardDelta.parse(await changed)
    expect(delta).toMatchObject({ board: 'overview', epoch: answer.snapshot.epoch, from: answer.snapshot.version })
  })

  it('that confirms is sent what it missed once it has confirmed this board, and not another', async () => {
    const token = await server.createKey(['read', 'ingest'], 'confirmed')
    const screen = await open({ token })
    const steps: number[][] = []
    screen.on('board:delta', ({ from, to }) => steps.push([from, to]))
    screen.emit('board:seen', { board: 'overview', epoch: 'none', version: 1 })
    const answer = await screen.timeout(10_000).emitWithAck('board:join', { board: 'overview', confirms: true })
    if (!answer.ok) throw new Error(answer.code)
    const { epoch, version } = answer.snapshot
    const other = await open({ token })
    expect(await join(other)).toMatchObject({ ok: true })
    const changed = nextDelta(other)
    await call(`${server.url}/api/v1/events`, { key: token, body: someEvent() })
    await changed
    screen.emit('board:seen', { board: 'overview:default', epoch, version })
    screen.emit('board:seen', { board: 'overview', epoch } as never)
    // The server has read both when it answers the next message.
    expect(await screen.timeout(10_000).emitWithAck('query:watch', {} as never)).toMatchObject({ ok: false })
    expect(steps).toEqual([])
    screen.emit('board:seen', { board: 'overview', epoch, version })
    await eventually(() => expect(steps).toEqual([[version, expect.any(Number)]]))
  })

  it.each(['nothing', 'overview:nothing', '', '__proto__', 'constructor'])('finds no board "%s"', async (board) => {
    expect(await join(await open(), board)).toEqual({ ok: false, code: 'unknown_board' })
  })

  it.each([
    ['nothing', undefined],
    ['a text', 'overview'],
    ['a number', 1],
    ['an array', ['overview']],
    ['a board that is a number', { board: 1 }],
    ['a board with a long name', { board: 'x'.repeat(101) }],
    ['a version that is a text', { board: 'overview', version: '1' }],
    ['an object that throws as a text', { board: { toString: 1 } }],
  ])('is refused when it asks for %s', async (_, payload) => {
    const screen = await open()
    // @ts-expect-error the payload is not a valid join
    expect(await screen.emitWithAck('board:join', payload)).toEqual({ ok: false, code: 'bad_request' })
  })
})

describe('the figures of a board over HTTP', () => {
  it('are those that a screen shows, with the day on which an order last moved', async () => {
    const key = await server.createKey(['read', 'ingest'], 'figures')
    const figures = async (board = 'overview') => call(`${server.url}/api/v1/kpis?board=${board}`, { key })
    expect((await figures()).body).not.toHaveProperty('lastMovedOn')
    await call(`${server.url}/api/v1/events`, { key, body: someEvent() })
    await eventually(async () => expect((await figures()).body).toMatchObject({ open: { count: 1 } }))
    const answer = await join(await open({ token: key }))
    if (!answer.ok) throw new Error(answer.code)
    const { kpis, position, lastMovedOn } = answer.snapshot
    expect(lastMovedOn).toEqual(expect.any(Number))
    const { body } = await figures()
    expect(body).toMatchObject({ open: kpis.open, overdue: kpis.overdue, position, lastMovedOn })
    expect(body).not.toHaveProperty('dataAsOf')
    expect(await figures('nothing')).toMatchObject({ status: 404, body: { code: 'unknown_board' } })
  })
})

describe('a screen that joins another board', () => {
  it('receives nothing more of the first one', async () => {
    const key = await server.createKey(['read', 'ingest'], 'turning')
    const [turning, staying] = [await open({ token: key }), await open({ token: key })]
    const boards: string[] = []
    turning.on('board:delta', ({ board }) => boards.push(board))
    for (const screen of [turning, staying]) expect(await join(screen)).toMatchObject({ ok: true })
    // The same process under its other name.
    expect(await join(turning, 'overview:default')).toMatchObject({ ok: true })
    const changes = [nextDelta(turning), nextDelta(staying)]
    await call(`${server.url}/api/v1/events`, { key, body: someEvent() })
    expect(await Promise.all(changes)).toMatchObject([{ board: 'overview:default' }, { board: 'overview' }])
    // Messages sent earlier have arrived by the time of the next acknowledgement.
    await join(turning, 'overview:default')
    expect(new Set(boards)).toEqual(new Set(['overview:default']))
  })
})

describe('a board whose process goes', () => {
  it('is a problem that its viewers are told of, and harms nobody else', async () => {
    const token = await server.createKey(['read'], 'renamed')
    const [viewer, other] = [await open({ token }), await open()]
    const problem = new Promise((resolve) => viewer.once('board:problem', resolve))
    // This process exists by default, before anybody defines one.
    expect(await join(viewer, 'overview:default')).toMatchObject({ ok: true })
    expect(await join(other)).toMatchObject({ ok: true })
    const pipeline = await server.server.sites.get('renamed')
    await pipeline.saveProcess({ ...shipping, code: 'shipping' })
    expect(await problem).toEqual({ board: 'overview:default', code: 'unknown_board' })
    expect(await join(viewer, 'overview:default')).toEqual({ ok: false, code: 'unknown_board' })
    expect(await join(viewer)).toMatchObject({ ok: true, snapshot: { process: { code: 'shipping' } } })
    await new Promise((resolve) => other.once('board:pulse', resolve))
  })
})

describe('recordings', () => {
  const to = Date.now() - 60_000
  const recording = { from: to - 3_600_000, to, speed: 1 }
  const answersOf = async (site: string, count: number, viewers = 1) => {
    const tokens = await Promise.all(Array.from({ length: viewers }, () => server.createKey(['read'], site)))
    const opened = await Promise.all(Array.from({ length: count }, (_, i) => open({ token: tokens[i % viewers]! })))
    const answers = await Promise.all(
      opened.map((screen) => screen.timeout(20_000).emitWithAck('board:join', { board: 'overview', recording })),
    )
    const codes = answers.map((answer) => (answer.ok ? 'ok' : answer.code))
    return {
      opened,
      counts: Object.fromEntries(
        Map.groupBy(codes, (code) => code)
          .entries()
          .map(([k, v]) => [k, v.length]),
      ),
    }
  }
  /** Adds an order whose row claims this number of events. */
  const addOrder = (site: string, order: string, events: number) =>
    server.database.query(
      `insert into orders (site, order_id, event_count, process, status, first_at, last_event_at, attributes,
         reopened_count, complaint_count)
       values ($1, $2, $3, 'default', 'open', now() - interval '30 minutes', now() - interval '20 minutes', '{}', 0, 0)`,
      [site, order, events],
    )

  it('are shown to who has joined one, with its own time, and to nobody else', async () => {
    const key = await server.createKey(['read', 'ingest'], 'replayed')
    const occurredAt = new Date(recording.from + 300_000).toISOString()
    await call(`${server.url}/api/v1/events`, { key, body: someEvent({ occurredAt }) })
    const [viewer, present] = [await open({ token: key }), await open({ token: key })]
    expect(await join(present)).toMatchObject({ ok: true, snapshot: { kpis: { open: { count: 1 } } } })
    const seen: BoardDelta[] = []
    present.on('board:delta', (delta) => seen.push(delta))
    const [changed, heartbeat] = [nextDelta(viewer), new Promise((resolve) => viewer.once('board:pulse', resolve))]
    const request = { ...recording, speed: 600 }
    const answer = await viewer.timeout(20_000).emitWithAck('board:join', { board: 'overview', recording: request })
    expect(answer).toMatchObject({ ok: true, snapshot: { recording: request, kpis: { open: { count: 0 } } } })
    expect(await changed).toMatchObject({ board: 'overview', from: 1, to: 2 })
    expect(await heartbeat).toMatchObject({ board: 'overview', at: expect.toSatisfy((at: number) => at <= to) })
    await join(present)
    expect(seen).toEqual([])
  })

  const dayMs = 86_400_000
  it.each([
    ['of no time at all', to, to, false],
    ['that ends before it begins', to, to - 1, false],
    ['of a whole day', to - dayMs, to, true],
    ['of more than a day', to - dayMs - 1, to, false],
    ['that ends tomorrow', to, to + dayMs, false],
  ])('%s', async (_, from, until, ok) => {
    const screen = await open()
    const request = { board: 'overview', recording: { from, to: until, speed: 60 } }
    const answer = await screen.timeout(20_000).emitWithAck('board:join', request)
    expect(answer).toMatchObject(ok ? { ok } : { ok, code: 'invalid_field' })
  })

  it('that are asked for at once are no more than eight, and there is room again when they have ended', async () => {
    const { opened, counts } = await answersOf('recorded', 25, 5)
    expect(counts).toEqual({ ok: 8, overloaded: 17 })
    for (const screen of opened) screen.close()
    await eventually(async () => expect((await answersOf('recorded', 1)).counts).toEqual({ ok: 1 }))
  })

  it('are no more than four of one viewer, so that others can still look', async () => {
    for (const screen of screens.splice(0)) screen.close()
    await eventually(async () => expect((await answersOf('recorded', 6)).counts).toEqual({ ok: 4, overloaded: 2 }))
    expect((await answersOf('recorded', 1)).counts).toEqual({ ok: 1 })
  })

  it('hold so much history together and no more', async () => {
    for (const screen of screens.splice(0)) screen.close()
    await server.createKey(['read'], 'long')
    await addOrder('long', 'SO-1', 300_000)
    await eventually(async () => expect((await answersOf('long', 2)).counts).toEqual({ ok: 1, overloaded: 1 }))
    await addOrder('long', 'SO-2', 300_000)
    expect((await answersOf('long', 1)).counts).toEqual({ invalid_field: 1 })
    // The first one still plays; those that were refused hold nothing.
    const held = async () => {
      const metrics = String((await call(`${server.url}/metrics`)).body)
      const sizes = metrics.matchAll(/^stagewatch_collection_size\{collection="(recording\w*)"\} (\d+)$/gm)
      return Object.fromEntries(sizes.map(([, collection, size]) => [collection, Number(size)]))
    }
    expect(await held()).toEqual({ recordings: 1, recording_events: 300_000, recordings_of_viewer: 1 })
    for (const screen of screens.splice(0)) screen.close()
    const none = { recordings: 0, recording_events: 0, recordings_of_viewer: 0 }
    await eventually(async () => expect(await held()).toEqual(none))
  })
})

describe('who may open a socket', () => {
  it.each(['https://evil.example', 'null', 'file://', 'https://127.0.0.1.evil.example', 'nonsense'])(
    'no page of %s',
    async (origin) => {
      await expect(open({ headers: { origin } })).rejects.toThrow('websocket error')
    },
  )

  it('a page of this server, and a program with a key', async () => {
    await open({ headers: { origin: server.url } })
    await open({ token: await server.createKey(['read']) })
    await open({ headers: { authorization: `Bearer ${await server.createKey(['read'])}` } })
  })

  it('nobody whose key is unknown or has another scope, and both are told', async () => {
    const refused = (options: ScreenOptions) =>
      open(options).then(
        () => 'let in',
        (error: unknown) => error,
      )
    expect(await refused({ token: 'sw_unknown' })).toMatchObject({
      message: 'unauthorized',
      data: { code: 'unauthorized' },
    })
    const sender = await server.createKey(['ingest'])
    expect(await refused({ token: sender })).toMatchObject({ message: 'forbidden', data: { code: 'forbidden' } })
    expect(await refused({ token: 'x'.repeat(201) })).toMatchObject({ data: { code: 'bad_request' } })
  })

  it('nobody who was sent here under another name, not even with the origin of that name', async () => {
    const headers = { host: 'evil.example', origin: 'http://evil.example' }
    await expect(open({ headers })).rejects.toMatchObject({ message: 'websocket error' })
    await expect(open({ headers, token: await server.createKey(['read']) })).rejects.toThrow('websocket error')
  })

  it('nobody whose request a proxy has handed on, unless with a key', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.5' }
    await expect(open({ headers })).rejects.toMatchObject({ data: { code: 'unauthorized' } })
    expect(await join(await open({ headers, token: await server.createKey(['read']) }))).toMatchObject({ ok: true })
  })

  it('the scheme of a key is read as in requests', async () => {
    const key = await server.createKey(['read'], 'one')
    for (const scheme of ['Bearer', 'bearer', 'BEARER  ']) {
      const answer = await join(await open({ headers: { authorization: `${scheme} ${key}` } }))
      expect(answer).toMatchObject({ ok: true, snapshot: { site: { code: 'one' } } })
    }
    for (const authorization of [`Basic ${key}`, `Bearer\t${key}`, `Bearer ${key} x`, 'Bearer'])
      await expect(open({ headers: { authorization } })).rejects.toMatchObject({ data: { code: 'unauthorized' } })
  })

  it('the key of a site for that site only, whatever it asks for', async () => {
    const [one, other] = [await server.createKey(['read', 'ingest'], 'one'), await server.createKey(['read'], 'other')]
    const answer = await join(await open({ token: other, site: 'one' }))
    expect(answer).toMatchObject({ ok: true, snapshot: { site: { code: 'other' } } })
    const [watching, spying] = [await open({ token: one }), await open({ token: other, site: 'one' })]
    await join(watching)
    await join(spying)
    const seen: BoardDelta[] = []
    spying.on('board:delta', (delta) => seen.push(delta))
    const changed = nextDelta(watching)
    await call(`${server.url}/api/v1/events`, { key: one, body: someEvent({ stage: 'secret' }) })
    await changed
    // Messages sent earlier have arrived by the time of the next acknowledgement.
    await join(spying)
    expect(JSON.stringify(seen)).not.toContain('secret')
  })

  it('nobody any more whose key was revoked meanwhile', async () => {
    const screen = await open({ token: await server.createKey(['read'], 'revoked') })
    await join(screen)
    const gone = new Promise((resolve) => screen.once('disconnect', resolve))
    await server.database.query(`update api_keys set revoked_at = now() where site = 'revoked'`)
    expect(await gone).toBe('io server disconnect')
  })
})

describe('a heartbeat', () => {
  it('tells of a clock that was set, and of nothing while it was not', async () => {
    const viewer = await open()
    expect(await join(viewer)).toMatchObject({ ok: true })
    const next = () => new Promise<object>((resolve) => viewer.once('board:pulse', resolve))
    expect(await next()).not.toHaveProperty('clockStep')
    clock.set(-3_600_000)
    const told = async () => expect(await next()).toMatchObject({ clockStep: { byMs: expect.closeTo(-3_600_000, -3) } })
    await eventually(told)
  })
})
