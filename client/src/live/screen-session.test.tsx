import type { ScreenSelf } from '@stagewatch/shared/contract/screen.ts'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { newConnection } from './connection-state.ts'
import type { Live } from './live-context.ts'
import { readScreenCredentials, saveScreenCredentials } from './screen-credentials.ts'
import { ScreenSession } from './screen-session.ts'
import { unpairedSettings } from './addressed-settings.ts'
import { createStore } from './store.ts'
import { ScriptedSocket } from './testing/scripted-socket.ts'
import { readWallAddress } from './wall-address.ts'

const settings = unpairedSettings(readWallAddress(new URL('http://board.example/wall'), 'en'))
const self: ScreenSelf = { id: 's1', name: 'Hall 1', site: 'main', settings }
const [first, second] = ['sws_first_token_of_it', 'sws_second_token_of_it']

let socket: ScriptedSocket
let session: ScreenSession
let live: Pick<Live, 'settings' | 'connection' | 'scene'>
const shownName = createStore<string | undefined>(undefined)
const unpair = vi.fn<() => void>()
const reconnect = vi.fn<() => void>()
const fetched = vi.fn<() => Promise<Response>>()

beforeEach(() => {
  vi.useFakeTimers()
  localStorage.clear()
  for (const mock of [unpair, reconnect, fetched]) mock.mockReset()
  fetched.mockResolvedValue(new Response('', { status: 404 }))
  vi.stubGlobal('fetch', fetched)
  saveScreenCredentials({ token: first, self })
  socket = new ScriptedSocket()
  shownName.set(undefined)
  live = {
    settings: createStore(settings),
    connection: createStore(newConnection(performance.now())),
    scene: createStore<ReturnType<Live['scene']['get']>>(undefined),
  }
  session = new ScreenSession({
    credentials: { token: first, self },
    build: 'wall-1.js',
    live: live as Live,
    shownName,
    unpair,
  })
  session.attach(socket as never, reconnect)
})

afterEach(() => {
  vi.clearAllTimers()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const tokens = () => {
  const { token, formerToken } = readScreenCredentials() ?? {}
  return [token, formerToken]
}

describe('the token of a screen', () => {
  it('is replaced by a new one, which is kept before it is used, and the old one forgotten once it was taken', () => {
    expect(session.token()).toBe(first)
    socket.open()
    socket.receive('screen:token', { token: 'short' })
    expect(reconnect).not.toHaveBeenCalled()
    socket.receive('screen:token', { token: second })
    expect(tokens()).toEqual([second, first])
    expect(reconnect).toHaveBeenCalledOnce()
    expect(session.token()).toBe(second)
    socket.open()
    expect(tokens()).toEqual([second, undefined])
  })

  it('is the former one again when the new one is refused, and the screen is none when that is refused, too', () => {
    session.token()
    socket.open()
    socket.receive('screen:token', { token: second })
    session.token()
    expect(session.refused()).toBe(true)
    expect(tokens()).toEqual([first, undefined])
    expect(unpair).not.toHaveBeenCalled()
    session.token()
    expect(session.refused()).toBe(false)
    expect(unpair).toHaveBeenCalledOnce()
    expect(readScreenCredentials()).toBeUndefined()
  })

  it('is the one that the page was opened with, until another one was asked for', () => {
    expect(session.refused()).toBe(false)
    expect(unpair).toHaveBeenCalledOnce()
  })

  it('is still known when the storage was cleared under the page', () => {
    session.token()
    localStorage.clear()
    expect(session.token()).toBe(first)
    socket.open()
    expect(tokens()).toEqual([first, undefined])
  })

  it('is deleted when the screen is revoked', () => {
    socket.receive('screen:revoked')
    expect(unpair).toHaveBeenCalledOnce()
    expect(readScreenCredentials()).toBeUndefined()
  })
})

describe('a screen', () => {
  it('applies new settings, and reloads for another board or language', () => {
    const quiet = { ...settings, scenes: settings.scenes.slice(0, 1) }
    socket.receive('screen:self', { ...self, name: 'Hall 2', settings: quiet })
    expect(live.settings.get()).toEqual(quiet)
    expect(readScreenCredentials()?.self.name).toBe('Hall 2')
    socket.receive('screen:self', { id: 's1' })
    expect(fetched).not.toHaveBeenCalled()
    socket.receive('screen:self', { ...self, settings: { ...quiet, board: 'overview:repair' } })
    expect(fetched).toHaveBeenCalledTimes(1)
    socket.receive('screen:self', { ...self, settings: { ...quiet, language: 'zh' } })
    expect(fetched).toHaveBeenCalledTimes(2)
    // Until the texts are loaded, it keeps the previous settings.
    expect(live.settings.get()).toEqual(quiet)
    expect(readScreenCredentials()?.self.settings.language).toBe('zh')
  })

  it('reloads on command', () => {
    socket.receive('screen:reload')
    expect(fetched).toHaveBeenCalledTimes(1)
  })

  it('shows its name for as long as it is told, the last time counting', () => {
    socket.receive('screen:identify', { name: 'Hall 1', forMs: 0 })
    expect(shownName.get()).toBeUndefined()
    socket.receive('screen:identify', { name: 'Hall 1', forMs: 10_000 })
    vi.advanceTimersByTime(9_000)
    socket.receive('screen:identify', { name: 'Hall 1', forMs: 10_000 })
    vi.advanceTimersByTime(9_999)
    expect(shownName.get()).toBe('Hall 1')
    vi.advanceTimersByTime(1)
    expect(shownName.get()).toBeUndefined()
  })

  it('reports the pixels of the device, whatever the scale of the page', () => {
    vi.stubGlobal('devicePixelRatio', 2)
    vi.stubGlobal('innerWidth', 1_920)
    vi.stubGlobal('innerHeight', 1_080)
    socket.open()
    expect(socket.sent).toMatchObject([['screen:report', { width: 3_840, height: 2_160 }]])
  })

  it('reports when it connects and every half minute while it is connected', () => {
    vi.advanceTimersByTime(30_000)
    expect(socket.sent).toEqual([])
    socket.open()
    expect(socket.sent).toMatchObject([['screen:report', { build: 'wall-1.js', reconnects: 0, dataAgeMs: 30_000 }]])
    vi.advanceTimersByTime(30_000)
    expect(socket.sent).toHaveLength(2)
    socket.lose()
    socket.open()
    const [, report] = socket.sent.at(-1)!
    expect(report).toMatchObject({
      reconnects: 1,
      width: innerWidth * devicePixelRatio,
      height: innerHeight * devicePixelRatio,
    })
  })
})
