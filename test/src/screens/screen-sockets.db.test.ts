import { screenList } from '@stagewatch/shared/contract/screen.ts'
import type { Screen, ScreenReport } from '@stagewatch/shared/contract/screen.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { call } from '../http/call.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { join } from '../live/screen.ts'
import { pairScreen } from './pair-screen.ts'
import { openPaired } from './paired-socket.ts'
import type { PairedSocket } from './paired-socket.ts'
import { eventually } from '../harness/eventually.ts'

const clock = new VirtualClock(Date.UTC(2026, 10, 22, 12))
const report: ScreenReport = { build: 'wall-1.js', width: 3_840, height: 2_160, dataAgeMs: 400, reconnects: 0 }
let server: StartedServer
let lead: string
const open: PairedSocket[] = []

beforeAll(async () => {
  server = await startServer({ clock })
  lead = await server.createKey(['admin'])
})
afterAll(() => server.close())
afterEach(() => {
  for (const screen of open.splice(0)) screen.close()
})

async function pairedScreen() {
  const { token, screen } = await pairScreen(server, lead)
  const line = await openPaired(server.url, token)
  open.push(line)
  return { ...line, token, ...screen }
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
  })

  it('comes back with its new rights when its departments change', async () => {
    const { id, token, settings, cut } = await pairedScreen()
    const changed = { name: 'Hall C', settings: { ...settings, departments: ['east'] } }
    await ask('PUT', id, changed)
    await cut
    const back = await openPaired(server.url, token)
    open.push(back)
    expect(await back.next('screen:self')).toMatchObject(changed)
    expect((await server.server.screens.tokens.find(token))?.departments).toEqual(['east'])
  })

  it('shows its name and loads itself again when somebody asks for it, and only it', async () => {
    const [asked, other] = [await pairedScreen(), await pairedScreen()]
    await ask('POST', `${asked.id}/identify`)
    expect(await asked.next('screen:identify')).toEqual({ name: 'Hall A', forMs: 15_000 })
    await ask('POST', `${asked.id}/reload`)
    await asked.next('screen:reload')
    await join(other.socket)
    expect([...other.heard('screen:identify'), ...other.heard('screen:reload')]).toEqual([])
    expect(asked.heard('screen:identify')).toHaveLength(1)
  })

  it('is told that it was revoked and cut off within a second, and not let in again', async () => {
    const { id, token, next, cut } = await pairedScreen()
    const begin = performance.now()
    await ask('DELETE', id)
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
    const visitor = await openPaired(server.url, await server.createKey(['read']))
    open.push(visitor)
    visitor.socket.emit('screen:report', report)
    expect(await join(visitor.socket)).toMatchObject({ ok: true })
    expect(visitor.heard('screen:self')).toEqual([])
  })
})
