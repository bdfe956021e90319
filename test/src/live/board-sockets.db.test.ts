import { boardDelta, boardJoinAnswer } from '@stagewatch/shared/contract/socket.ts'
import type { BoardDelta } from '@stagewatch/shared/contract/socket.ts'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { call } from '../http/call.ts'
import { someEvent } from '../http/some-event.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { join, openScreen } from './screen.ts'
import type { Screen, ScreenOptions } from './screen.ts'

let server: StartedServer
const screens: Screen[] = []

beforeAll(async () => {
  server = await startServer()
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
  ])('is told that it asked for %s', async (_, payload) => {
    const screen = await open()
    // @ts-expect-error what is sent is no join
    expect(await screen.emitWithAck('board:join', payload)).toEqual({ ok: false, code: 'bad_request' })
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
    await expect(open({ headers })).rejects.toMatchObject({ data: { code: 'unauthorized' } })
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
    // What was sent to it before is there when the next answer is.
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
