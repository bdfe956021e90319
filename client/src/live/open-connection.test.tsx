import { QueryClient } from '@tanstack/react-query'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { boardKey } from './board-query.ts'
import { openConnection } from './open-connection.ts'
import { lastingStorage } from './page-storage.ts'
import { readScreenCredentials, saveScreenCredentials } from './screen-credentials.ts'
import { unpairedSettings } from './addressed-settings.ts'
import { fake } from './testing/fake-socket-io.ts'
import { ScriptedSocket } from './testing/scripted-socket.ts'
import { readWallAddress } from './wall-address.ts'

let asked: (readonly [path: string, authorization: string | undefined])[]
/** Queued answers of the server by path; a path without one gets no response. */
let answers: Record<string, (() => Response)[]>
let socket: ScriptedSocket
let queries: QueryClient

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(Math, 'random').mockReturnValue(0)
  localStorage.clear()
  asked = []
  answers = {}
  fake.options = []
  socket = new ScriptedSocket()
  fake.socket = socket
  queries = new QueryClient()
  vi.stubGlobal('fetch', (address: string, { headers }: { headers: Record<string, string> }) => {
    const path = address.split('?', 1)[0]!
    asked.push([path, headers['authorization']])
    const answer = answers[path]?.shift()
    return answer === undefined ? new Promise(() => undefined) : Promise.resolve(answer())
  })
})

afterEach(() => {
  vi.clearAllTimers()
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

function open(query: string) {
  history.replaceState(null, '', `/wall${query}`)
  return openConnection(readWallAddress(new URL(location.href), 'en'), queries, 'wall-1.js').live
}

const paths = () => asked.map(([path]) => path).toSorted()
/** Credentials that the socket sends when it connects. */
function offered(): unknown {
  const offer = vi.fn<(handshake: object) => void>()
  ;(fake.options[0] as { auth: (offer: (handshake: object) => void) => void }).auth(offer)
  return offer.mock.calls[0]?.[0]
}

describe('a wall that is opened', () => {
  it('requests its board at once, before it knows the site of its socket', () => {
    const live = open('')
    expect(paths()).toEqual(['/api/v1/board', '/api/v1/start'])
    expect(live.connection.get().link.status).not.toBe('unpaired')
    expect(live.query.enabled).toBeUndefined()
    expect(socket.connectCount).toBe(0)
  })

  it('fetches no board of a recording, since a socket tells the past', () => {
    const live = open('?recording=2026-11-24T08:00:00Z/2026-11-24T16:00:00Z')
    expect(paths()).toEqual(['/api/v1/start'])
    expect(live.query.enabled).toBe(false)
  })

  it('asks for nothing when it is to be paired', () => {
    const live = open('?pair')
    expect(asked).toEqual([])
    expect(live.connection.get().link.status).toBe('unpaired')
    expect(fake.options).toEqual([])
  })

  it('asks for the default site until the server answers, and connects to it', async () => {
    const info = { version: '1.0.0', sites: [], defaultSite: 'east', database: 'embedded', readsOpen: true }
    answers['/api/v1/start'] = [() => new Response('', { status: 503 }), () => Response.json(info)]
    open('')
    await vi.advanceTimersByTimeAsync(999)
    expect(paths()).toEqual(['/api/v1/board', '/api/v1/start'])
    await vi.advanceTimersByTimeAsync(1)
    expect(paths()).toEqual(['/api/v1/board', '/api/v1/start', '/api/v1/start'])
    expect(offered()).toEqual({ site: 'east' })
  })

  it('shows a key of its address once and keeps it, and one that it has kept without being told', () => {
    open('?site=east#key=sw_1')
    expect(location.href).not.toContain('sw_1')
    expect(offered()).toEqual({ token: 'sw_1', site: 'east' })
    expect(asked).toEqual([['/api/v1/board', 'Bearer sw_1']])
    fake.options = []
    open('?site=east')
    expect(offered()).toEqual({ token: 'sw_1', site: 'east' })
    fake.options = []
    // The key belongs to one site.
    open('?site=west')
    expect(offered()).toEqual({ site: 'west' })
  })
})

describe('a wall without access', () => {
  const refused = { status: 'waiting', retryAt: 0, attempts: 1, refusal: 'unauthorized' } as const

  it('is to be paired when its server refuses it, and keeps nothing of what it showed', () => {
    const { connection } = open('?site=east')
    queries.setQueryData(boardKey('overview'), { version: 1 })
    connection.set({ ...connection.get(), link: { ...refused, refusal: 'forbidden' } })
    expect(connection.get().link.status).toBe('waiting')
    connection.set({ ...connection.get(), link: refused })
    expect(connection.get().link.status).toBe('unpaired')
    expect(queries.getQueryData(boardKey('overview'))).toBeUndefined()
  })

  it('tries again with its key, which may be given back to it', () => {
    const { connection } = open('?site=east#key=sw_1')
    connection.set({ ...connection.get(), link: refused })
    expect(connection.get().link.status).toBe('waiting')
  })
})

describe('a paired screen', () => {
  const settings = { ...unpairedSettings(readWallAddress(new URL('http://x/wall'), 'en')), board: 'overview:repair' }
  const self = { id: 's1', name: 'Hall 1', site: 'north', settings }

  it('shows its own board with its token, whatever its address says, until it is revoked', () => {
    saveScreenCredentials({ token: 'sws_1', self })
    const live = open('?site=east')
    expect([live.boardId, live.site]).toEqual(['overview:repair', 'north'])
    expect(live.settings.get()).toEqual(settings)
    expect(offered()).toEqual({ token: 'sws_1', site: 'north' })
    expect(asked).toEqual([['/api/v1/board', 'Bearer sws_1']])
    socket.open()
    socket.receive('screen:revoked')
    expect(live.connection.get().link.status).toBe('unpaired')
    expect(socket.connected).toBe(false)
    expect(readScreenCredentials()).toBeUndefined()
  })

  it('is no paired screen when its address has a key', () => {
    saveScreenCredentials({ token: 'sws_1', self })
    expect(open('?site=east#key=sw_1').site).toBe('east')
    expect(offered()).toEqual({ token: 'sw_1', site: 'east' })
    expect(lastingStorage.get('stagewatch.key east')).toBe('sw_1')
  })
})
