import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import type { Database } from '@stagewatch/db/database.ts'
import { changeList } from '@stagewatch/shared/contract/changes.ts'
import { pairingDone } from '@stagewatch/shared/contract/pairing.ts'
import { screen as pairedScreen, screenList } from '@stagewatch/shared/contract/screen.ts'
import { screenToken } from '@stagewatch/shared/contract/socket.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { call } from '../http/call.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { join } from '../live/screen.ts'
import { approve, pairScreen, poll, startPairing } from './pair-screen.ts'
import { openPaired } from './paired-socket.ts'
import type { PairedSocket } from './paired-socket.ts'
import { eventually } from '../harness/eventually.ts'

const dayMs = 86_400_000
const hourMs = 3_600_000
const clock = new VirtualClock(Date.UTC(2026, 10, 22, 12))
let database: Database
let server: StartedServer
let lead: string
const open: PairedSocket[] = []

beforeAll(async () => {
  database = await openTestDatabase()
  server = await startServer({ clock, database })
  lead = await server.createKey(['admin'])
})
afterAll(async () => {
  await server.close()
  await database.close()
})
afterEach(() => {
  for (const screen of open.splice(0)) screen.close()
})

async function connect(token: string): Promise<PairedSocket> {
  const line = await openPaired(server.url, token)
  open.push(line)
  return line
}

/** Expects the token to be refused and removed from the cache. */
async function expectDead(token: string): Promise<void> {
  clock.advanceTo(clock.now() + 6_000)
  await expect(connect(token)).rejects.toMatchObject({ data: { code: 'unauthorized' } })
}

/** The server checks its screens every two seconds; a check starts when the previous one is done. */
function lookAgain(): void {
  clock.advanceTo(clock.now() + 2_000)
}

function tokenOf(line: PairedSocket): Promise<string> {
  return eventually(() => {
    lookAgain()
    return screenToken.parse(line.heard('screen:token')[0]).token
  })
}

/** All earlier messages have arrived by the time of the acknowledgement. */
async function expectNoToken(line: PairedSocket): Promise<void> {
  for (let i = 0; i < 5; i++) {
    lookAgain()
    await join(line.socket)
  }
  expect(line.heard('screen:token')).toEqual([])
}

describe('the token of a screen', () => {
  it('pairs the screen when it is used for the first time, and not when it is sent', async () => {
    const started = await startPairing(server)
    const approved = pairedScreen.parse((await approve(server, lead, started)).body)
    const listed = async () => {
      const { body } = await call(`${server.url}/api/v1/screens`, { key: lead })
      return screenList.parse(body).screens.find(({ id }) => id === approved.id)
    }
    expect(approved.confirmedAt).toBeUndefined()
    const { token } = pairingDone.parse((await poll(server, started)).body)
    // A message may be lost on its way.
    expect((await listed())?.confirmedAt).toBeUndefined()
    const confirmedAt = clock.now()
    const useToken = () => call(`${server.url}/api/v1/screens/self`, { key: token })
    expect((await useToken()).status).toBe(200)
    expect((await listed())?.confirmedAt).toBe(confirmedAt)
    clock.advanceTo(clock.now() + hourMs)
    expect((await useToken()).status).toBe(200)
    expect((await listed())?.confirmedAt).toBe(confirmedAt)
    const { body } = await call(`${server.url}/api/v1/admin/changes?limit=2`, { key: lead })
    expect(changeList.parse(body).changes).toMatchObject([
      { action: 'screen.confirmed', actor: { kind: 'screen', name: 'Hall A' }, subject: approved.id },
      { action: 'screen.paired', subject: approved.id },
    ])
  })

  let old: string
  let id: string
  let line: PairedSocket
  beforeEach(async () => {
    const paired = await pairScreen(server, lead)
    old = paired.token
    id = paired.screen.id
    line = await connect(old)
  })

  it('stays for seven days', async () => {
    clock.advanceTo(clock.now() + 7 * dayMs - 60_000)
    await expectNoToken(line)
    clock.advanceTo(clock.now() + 60_000)
    expect(await tokenOf(line)).toMatch(/^sws_.{43}$/)
  })

  it('holds until the new one has been used, and then dies', async () => {
    clock.advanceTo(clock.now() + 7 * dayMs)
    const fresh = await tokenOf(line)
    await connect(old)
    await connect(fresh)
    await expectDead(old)
    await connect(fresh)
    const { body } = await call(`${server.url}/api/v1/admin/changes?limit=1`, { key: lead })
    expect(changeList.parse(body).changes).toMatchObject([{ action: 'screen.rotated', subject: id }])
  })

  it('goes on holding when the new one was lost on its way, which is sent again an hour later', async () => {
    clock.advanceTo(clock.now() + 7 * dayMs)
    const lost = await tokenOf(line)
    line.close()
    const again = await connect(old)
    clock.advanceTo(clock.now() + 30 * 60_000)
    await expectNoToken(again)
    clock.advanceTo(clock.now() + hourMs)
    const fresh = await tokenOf(again)
    await expectDead(lost)
    await connect(old)
    await connect(fresh)
    await expectDead(old)
  })

  it('does not change when only a request has shown the new one', async () => {
    clock.advanceTo(clock.now() + 7 * dayMs)
    const fresh = await tokenOf(line)
    for (const token of [fresh, old, fresh]) {
      expect((await call(`${server.url}/api/v1/screens/self`, { key: token })).status).toBe(200)
    }
    await connect(old)
    await connect(fresh)
    await expectDead(old)
  })

  it('of a screen with two pages is the new one as soon as either has used it', async () => {
    const other = await connect(old)
    clock.advanceTo(clock.now() + 7 * dayMs)
    const [one, two] = await Promise.all([tokenOf(line), tokenOf(other)])
    expect(one).toBe(two)
    await Promise.all([connect(one), connect(one), connect(one)])
    clock.advanceTo(clock.now() + 6_000)
    await line.cut
    await other.cut
  })

  it('is known to a server that was started in between, the old one and the new one', async () => {
    clock.advanceTo(clock.now() + 7 * dayMs)
    const fresh = await tokenOf(line)
    await server.close()
    server = await startServer({ clock, database })
    await connect(old)
    await connect(fresh)
    await server.close()
    server = await startServer({ clock, database })
    await connect(fresh)
    await expectDead(old)
  })

  it('that was revoked takes the new one with it', async () => {
    clock.advanceTo(clock.now() + 7 * dayMs)
    const fresh = await tokenOf(line)
    await call(`${server.url}/api/v1/screens/${id}`, { key: lead, method: 'DELETE' })
    await line.cut
    await expectDead(fresh)
    await expectDead(old)
  })
})
