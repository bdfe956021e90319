import { DatabaseUnavailableError } from '@stagewatch/db/database-unavailable.ts'
import { openPrivacy } from '@stagewatch/shared/domain/access/audience.ts'
import { pino } from 'pino'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Caller } from '../access/caller.ts'
import { VirtualClock } from '../platform/clock/virtual-clock.ts'
import { TrustedProxies } from '../platform/http/client-address.ts'
import { FailedAttempts } from '../platform/rate-limits/failed-attempts.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import type { BoardSocket } from './board-socket.ts'
import { rightsOf, SocketAuthorization } from './socket-authorization.ts'

const clerk: Caller = {
  kind: 'person',
  name: 'li@example.com',
  id: 'li',
  role: 'viewer',
  site: 'main',
  actions: new Set(['board.read', 'orders.read']),
  privacy: openPrivacy,
}

/** Who the cookie stands for at the moment, or why nobody knows. */
let person: Caller | Error | undefined
let lines: string[]
let sockets: BoardSocket[]
let isCut: boolean
let authorization: SocketAuthorization

beforeEach(() => {
  person = clerk
  lines = []
  sockets = []
  isCut = false
  authorization = new SocketAuthorization({
    access: {
      keys: { find: () => Promise.resolve(undefined) },
      failures: new FailedAttempts(new VirtualClock(0)),
      proxies: new TrustedProxies(),
      localAdminToken: 'local-admin-token',
      readsOpen: false,
      defaultSite: () => 'main',
      findPerson: async () => {
        if (person instanceof Error) throw person
        return person
      },
    },
    // Nothing is shown yet, so that no site is asked for.
    sites: {} as SiteRegistry,
    screens: { admit: async () => undefined, attach: () => undefined, look: async () => undefined },
    logger: pino({ level: 'info' }, { write: (line: string) => lines.push(line) }),
    sockets: () => sockets,
  })
})

/** A socket with a cookie, which has been identified. */
async function identified(): Promise<BoardSocket> {
  const socket = {
    data: {},
    handshake: { auth: {}, headers: { cookie: 'session=1' }, address: '203.0.113.5' },
    disconnect: () => void (isCut = true),
  } as unknown as BoardSocket
  await authorization.identify(socket)
  return socket
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('a socket', () => {
  it('has the caller and the address of its handshake', async () => {
    const { data } = await identified()
    expect(data).toMatchObject({ caller: clerk, address: '203.0.113.5' })
  })

  it('is cut when its caller has gone, and keeps a caller whose rights have changed', async () => {
    sockets = [await identified()]
    const fewer = { ...clerk, actions: new Set(['board.read'] as const) }
    person = fewer
    await authorization.recheckAll()
    expect(sockets[0]?.data.caller).toEqual(fewer)
    expect(isCut).toBe(false)
    person = undefined
    await authorization.recheckAll()
    expect(isCut).toBe(true)
    expect(lines).toEqual([])
  })

  it('that was identified before a recheck and connected after it is checked again', async () => {
    const socket = await identified()
    person = undefined
    authorization.connected(socket)
    await settled()
    expect(isCut).toBe(false)
    await authorization.recheckAll()
    authorization.connected(socket)
    await settled()
    expect(isCut).toBe(true)
  })

  it('stays while nobody can say who its caller is, which is reported unless the database is away', async () => {
    sockets = [await identified()]
    person = new DatabaseUnavailableError('away', 'the database is away')
    await authorization.recheckAll()
    expect(lines).toEqual([])
    person = new Error('broken')
    await authorization.recheckAll()
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('a socket could not be authorized again')
    expect(isCut).toBe(false)
  })
})

it('rights are the same in any order of the actions, and others for another caller', () => {
  const rights = rightsOf(clerk)
  expect(rightsOf({ ...clerk, actions: new Set(['orders.read', 'board.read']), name: 'Li' })).toBe(rights)
  for (const change of [{ id: 'wu' }, { kind: 'key' as const }, { actions: new Set(['board.read'] as const) }]) {
    expect(rightsOf({ ...clerk, ...change })).not.toBe(rights)
  }
})
