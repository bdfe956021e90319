import { once } from 'node:events'
import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { changeList } from '@stagewatch/shared/contract/changes.ts'
import { screenList } from '@stagewatch/shared/contract/screen.ts'
import type { Screen, ScreenReport, ScreenSettings } from '@stagewatch/shared/contract/screen.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { ScreenPresence } from '@stagewatch/server/screens/screen-presence.ts'
import { ScreenSockets } from '@stagewatch/server/screens/screen-sockets.ts'
import fc from 'fast-check'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { call } from '../http/call.ts'
import { cuttable } from '../harness/cuttable-database.ts'
import type { CuttableDatabase } from '../harness/cuttable-database.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { join } from '../live/screen.ts'
import { pairScreen } from './pair-screen.ts'
import { openPaired } from './paired-socket.ts'
import type { PairedSocket } from './paired-socket.ts'
import { eventually } from '../harness/eventually.ts'

const clock = new VirtualClock(Date.UTC(2026, 10, 22, 12))
const report: ScreenReport = { build: 'wall-1.js', width: 3_840, height: 2_160, dataAgeMs: 400, reconnects: 0 }
const lines: string[] = []
const logger = pino({ level: 'warn' }, { write: (line: string) => lines.push(line) })
let database: CuttableDatabase
let server: StartedServer
let lead: string
const open: PairedSocket[] = []

beforeAll(async () => {
  database = cuttable(await openTestDatabase())
  server = await startServer({ clock, database, logger, variables: { TRUSTED_PROXIES: '127.0.0.1' } })
  lead = await server.createKey(['admin'])
})
afterAll(async () => {
  await server.close()
  await database.close()
})
afterEach(() => {
  for (const screen of open.splice(0)) screen.close()
})

async function pairedScreen() {
  const { token, screen } = await pairScreen(server, lead)
  return { ...(await connect(token)), token, ...screen }
}

/** @param address from which it seems to connect, through a proxy. */
async function connect(token: string, address?: string): Promise<PairedSocket> {
  const line = await openPaired(server.url, token, address === undefined ? {} : { 'x-forwarded-for': address })
  open.push(line)
  return line
}

const ask = (method: string, path: string, body?: unknown) =>
  call(`${server.url}/api/v1/screens/${path}`, { key: lead, method, ...(body !== undefined && { body }) })

async function listed(id: string): Promise<Screen | undefined> {
  const { body } = await call(`${server.url}/api/v1/screens`, { key: lead })
  return screenList.parse(body).screens.find((screen) => screen.id === id)
}

const write = () => server.server.screens.presence.write(server.database, clock.now())

async function stored(id: string): Promise<{ report: unknown; address: string | null }> {
  const [row] = await server.database.query<{ report: unknown; address: string | null }>(
    'select report, address from screens where id = $1',
    [id],
  )
  if (row === undefined) throw new Error('no such screen')
  return row
}

describe('a paired screen', () => {
  it('receives its settings when it connects, and when they change', async () => {
    const { id, name, site, settings, next } = await pairedScreen()
    expect(await next('screen:self')).toEqual({ id, name, site, settings })
    const changed = { name: 'Hall B', settings: { ...settings, language: 'en', theme: 'day' } }
    expect(await ask('PUT', id, changed)).toMatchObject({ status: 200, body: { ...changed, online: true } })
    expect(await next('screen:self', 2)).toEqual({ id, site, ...changed })
    await ask('DELETE', id)
    const { body } = await call(`${server.url}/api/v1/admin/changes?limit=2`, { key: lead })
    const common = { subject: id, actor: { name: 'test' }, changedAt: clock.now() }
    expect(changeList.parse(body).changes).toMatchObject([
      { ...common, action: 'screen.revoked', before: changed },
      { ...common, action: 'screen.changed', before: { name, settings }, after: changed },
    ])
  })

  it('comes back with its new rights when its departments change', async () => {
    const { id, token, settings, cut } = await pairedScreen()
    const changed = { name: 'Hall C', settings: { ...settings, departments: ['east'] } }
    await ask('PUT', id, changed)
    await cut
    const back = await connect(token)
    expect(await back.next('screen:self')).toMatchObject(changed)
    expect((await server.server.screens.tokens.find(token))?.departments).toEqual(['east'])
  })

  it.each([{ customers: 'masked' }, { amounts: 'hidden' }, { people: 'team' }])(
    'comes back when it may show less than before: %o',
    async (less) => {
      const { id, settings, cut, next } = await pairedScreen()
      const shown = { ...settings, language: 'en' }
      await ask('PUT', id, { name: 'Hall A', settings: shown })
      await next('screen:self', 2)
      await ask('PUT', id, { name: 'Hall A', settings: { ...shown, privacy: { ...settings.privacy, ...less } } })
      await cut
    },
  )

  it.each([
    ['it is revoked', (id: string) => ask('DELETE', id)],
    [
      'its rights change',
      (id: string, settings: ScreenSettings) =>
        ask('PUT', id, { name: 'Hall A', settings: { ...settings, departments: ['east'] } }),
    ],
  ])('loses its connection when %s, although its program would keep it', async (_, change) => {
    const { token, screen } = await pairScreen(server, lead)
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`)
    const admitted = new Promise<void>((resolve) => {
      socket.on('message', (data: Buffer) => {
        if (data.toString().startsWith('42["screen:self"')) resolve()
      })
    })
    await once(socket, 'open')
    socket.send(`40${JSON.stringify({ token })}`)
    await admitted
    const closed = once(socket, 'close')
    await change(screen.id, screen.settings)
    await closed
  })

  it('stays connected when only what it looks like has changed', async () => {
    const { id, settings, next, socket } = await pairedScreen()
    for (const theme of ['day', 'dark']) await ask('PUT', id, { name: 'Hall A', settings: { ...settings, theme } })
    await eventually(async () => expect(await next('screen:self', 3)).toMatchObject({ settings: { theme: 'dark' } }))
    expect(await join(socket)).toMatchObject({ ok: true })
  })

  it('is told of a change once, however often the table is read', async () => {
    const { id, settings, heard, next, socket } = await pairedScreen()
    await ask('PUT', id, { name: 'Hall B', settings })
    for (const command of ['identify', 'reload']) await ask('POST', `${id}/${command}`)
    await Promise.all([next('screen:self', 2), next('screen:identify'), next('screen:reload')])
    const other = await pairedScreen()
    for (let i = 0; i < 3; i++) {
      await ask('POST', `${other.id}/identify`)
      await other.next('screen:identify', i + 1)
    }
    await join(socket)
    expect(['screen:self', 'screen:identify', 'screen:reload'].map((event) => heard(event).length)).toEqual([2, 1, 1])
  })

  it('that connects from a second address while it is connected leaves a warning: its token may have been copied', async () => {
    const [{ token, screen }, other] = [await pairScreen(server, lead), await pairScreen(server, lead)]
    const warnings = () => lines.filter((line) => line.includes('two addresses'))
    await connect(other.token, '198.51.100.1')
    const first = await connect(token, '198.51.100.2')
    await connect(token, '198.51.100.2')
    expect(warnings()).toEqual([])
    await connect(token, '198.51.100.3')
    expect(warnings().map((line) => JSON.parse(line))).toMatchObject([
      { site: 'main', screen: screen.id, addresses: ['198.51.100.2', '198.51.100.3'] },
    ])
    first.close()
    expect(await listed(screen.id)).toMatchObject({ address: '198.51.100.3' })
  })

  it('shows its name and loads itself again when somebody asks for it, and only it', async () => {
    const [asked, other] = [await pairedScreen(), await pairedScreen()]
    expect(await ask('POST', `${asked.id}/identify`)).toMatchObject({ status: 200, body: { asked: true } })
    expect(await asked.next('screen:identify')).toEqual({ name: 'Hall A', forMs: 15_000 })
    expect(await ask('POST', `${asked.id}/reload`)).toMatchObject({ status: 200, body: { asked: true } })
    await asked.next('screen:reload')
    await join(other.socket)
    expect([...other.heard('screen:identify'), ...other.heard('screen:reload')]).toEqual([])
    expect(asked.heard('screen:identify')).toHaveLength(1)
  })

  it('is told that it was revoked and cut off within a second, and not let in again', async () => {
    const { id, token, next, cut } = await pairedScreen()
    const begin = performance.now()
    expect(await ask('DELETE', id)).toMatchObject({ status: 200, body: { revoked: true } })
    await cut
    expect(performance.now() - begin).toBeLessThan(1_000)
    await next('screen:revoked')
    await expect(openPaired(server.url, token)).rejects.toMatchObject({ data: { code: 'unauthorized' } })
  })
})

describe('the report of a screen', () => {
  it('is listed at once, and written down at most once a minute', async () => {
    const { id, socket } = await pairedScreen()
    const connectedAt = clock.now()
    socket.emit('screen:report', report)
    await eventually(async () => expect(await listed(id)).toMatchObject({ report, online: true }))
    expect(await listed(id)).toMatchObject({ lastSeenAt: connectedAt, address: '127.0.0.1' })
    await write()
    expect(await stored(id)).toMatchObject({ report, address: '127.0.0.1' })
    const later = { ...report, dataAgeMs: 900 }
    socket.emit('screen:report', later)
    await eventually(async () => expect(await listed(id)).toMatchObject({ report: later }))
    clock.advanceTo(clock.now() + 59_000)
    await write()
    expect(await stored(id)).toMatchObject({ report })
    clock.advanceTo(clock.now() + 1_000)
    await write()
    expect(await stored(id)).toMatchObject({ report: later })
  })

  it('is remembered when it is gone, and it is offline a minute and a half later', async () => {
    const { id, socket, close } = await pairedScreen()
    socket.emit('screen:report', report)
    await eventually(async () => expect(await listed(id)).toMatchObject({ report }))
    close()
    await eventually(() =>
      expect(server.server.screens.presence.lastSeen({ site: 'main', id }, clock.now() + 1)).toMatchObject({
        lastSeenAt: clock.now(),
      }),
    )
    const goneAt = clock.now()
    clock.advanceTo(goneAt + 89_000)
    expect(await listed(id)).toMatchObject({ online: true })
    clock.advanceTo(goneAt + 90_000)
    await eventually(async () => expect(await listed(id)).toMatchObject({ online: false, lastSeenAt: goneAt, report }))
  })

  it('is ignored when it is no report, whatever it is', async () => {
    const { id, socket } = await pairedScreen()
    socket.emit('screen:report', report)
    const odd = fc.oneof(
      fc.json().map((text): unknown => JSON.parse(text)),
      fc.record({ build: fc.anything({ withBigInt: false }), width: fc.double(), height: fc.integer() }),
      fc.constantFrom<unknown>({ ...report, width: 0 }, { ...report, build: 'x'.repeat(101) }, { ...report, more: 1 }),
      fc.constantFrom<unknown>({ ...report, scene: 'unknown' }, { ...report, dataAgeMs: -1 }, { toString: 1 }, null),
    )
    const seed = Date.now()
    // The rate limit of a connection is a hundred messages in five seconds.
    for (const one of fc.sample(odd, { numRuns: 60, seed })) socket.emit('screen:report', one as ScreenReport)
    // @ts-expect-error the report is missing
    socket.emit('screen:report')
    // @ts-expect-error reports are not acknowledged
    socket.emit('screen:report', report, () => undefined)
    expect({ seed, joined: (await join(socket)).ok }).toEqual({ seed, joined: true })
    expect(await listed(id)).toMatchObject({ report })
  })

  it('is ignored from a visitor', async () => {
    const visitor = await connect(await server.createKey(['read']))
    visitor.socket.emit('screen:report', report)
    expect(await join(visitor.socket)).toMatchObject({ ok: true })
    expect(visitor.heard('screen:self')).toEqual([])
  })
})

describe('the check of all screens', () => {
  const contextOf = (key: { site: string; id: string }) => {
    const presence = new ScreenPresence()
    presence.join(key, '198.51.100.9', clock.now())
    return { ...server.server.screens, database, presence }
  }
  const addressOf = async (id: string) => (await stored(id)).address

  it('waits for the database with a warning, and sends what has changed when it is back', async () => {
    const { id, heard, next } = await pairedScreen()
    const sockets = new ScreenSockets(contextOf({ site: 'main', id }), logger)
    const from = lines.length
    database.cut()
    await sockets.look()
    await sockets.close()
    database.mend()
    expect(
      lines.slice(from).filter((line) => line.includes('"level":40') && line.includes('screens wait')),
    ).not.toEqual([])
    expect(lines.slice(from).filter((line) => line.includes('"level":50'))).toEqual([])
    expect(heard('screen:identify')).toEqual([])
    await ask('POST', `${id}/identify`)
    await next('screen:identify')
  })

  it('reports any other error, and goes on', async () => {
    const { id } = await pairedScreen()
    const context = contextOf({ site: 'main', id })
    let isBroken = true
    const query: Database['query'] = (text, parameters) =>
      isBroken ? Promise.reject(new Error('a broken query')) : database.query(text, parameters)
    const values: Database['values'] = (text, parameters) =>
      isBroken ? Promise.reject(new Error('a broken query')) : database.values(text, parameters)
    const sockets = new ScreenSockets({ ...context, database: { ...database, query, values } }, logger)
    await sockets.look()
    expect(lines.at(-1)).toContain('screens could not be updated')
    isBroken = false
    await sockets.look()
    expect(await addressOf(id)).toBe('198.51.100.9')
    await sockets.close()
  })

  it('ends with a check that is under way, and writes nothing after it was closed', async () => {
    const [{ id }, later] = [await pairedScreen(), await pairedScreen()]
    const [context, closed] = [contextOf({ site: 'main', id }), contextOf({ site: 'main', id: later.id })]
    const sockets = new ScreenSockets(context, logger)
    void sockets.look()
    await sockets.close()
    expect(await addressOf(id)).toBe('198.51.100.9')
    const others = new ScreenSockets(closed, logger)
    await others.close()
    closed.news.tell()
    await others.look()
    expect(await addressOf(later.id)).not.toBe('198.51.100.9')
  })
})
