import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import type { Database } from '@stagewatch/db/database.ts'
import { changeList } from '@stagewatch/shared/contract/changes.ts'
import { pairingDone } from '@stagewatch/shared/contract/pairing.ts'
import { screen as pairedScreen, screenList, type ScreenReport } from '@stagewatch/shared/contract/screen.ts'
import { screenToken } from '@stagewatch/shared/contract/socket.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { pino } from 'pino'
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
const minuteMs = 60_000
const clock = new VirtualClock(Date.UTC(2026, 10, 22, 12))
let database: Database
let server: StartedServer
let lead: string
const report: ScreenReport = { build: 'wall-1.js', width: 1_920, height: 1_080, dataAgeMs: 400, reconnects: 0 }
const open: PairedSocket[] = []
const lines: string[] = []
const logger = pino({ level: 'warn' }, { write: (line: string) => lines.push(line) })

beforeAll(async () => {
  database = await openTestDatabase()
  server = await startServer({ clock, database, logger })
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

  it('holds until the new one is used five minutes after it was issued, and then dies', async () => {
    clock.advanceTo(clock.now() + 7 * dayMs)
    const fresh = await tokenOf(line)
    await connect(old)
    await connect(fresh)
    await connect(old)
    clock.advanceTo(clock.now() + 5 * minuteMs)
    await connect(fresh)
    await expectDead(old)
    await connect(fresh)
    const { body } = await call(`${server.url}/api/v1/admin/changes?limit=1`, { key: lead })
    expect(changeList.parse(body).changes).toMatchObject([{ action: 'screen.rotated', subject: id }])
  })

  it('dies while the connection with the new one lasts, without another one', async () => {
    clock.advanceTo(clock.now() + 7 * dayMs)
    const fresh = await tokenOf(line)
    line.close()
    const kept = await connect(fresh)
    clock.advanceTo(clock.now() + 4 * minuteMs)
    kept.socket.emit('screen:report', report)
    await expectNoToken(kept)
    ;(await connect(old)).close()
    clock.advanceTo(clock.now() + minuteMs)
    // An open connection alone proves nothing: the screen may have lost power.
    await expectNoToken(kept)
    ;(await connect(old)).close()
    kept.socket.emit('screen:report', report)
    await eventually(() => expectDead(old))
    await connect(fresh)
  })

  describe('of a screen whose power fails before its browser has written the new one to the disk', () => {
    it.each([
      ['30 seconds', 30_000],
      ['10 minutes', 10 * minuteMs],
      ['two days', 2 * dayMs],
    ])('holds when power returns after %s, and is replaced an hour later', async (_, offMs) => {
      clock.advanceTo(clock.now() + 7 * dayMs)
      const lost = await tokenOf(line)
      line.close()
      // The page connects with the new token at once, and then power fails.
      ;(await connect(lost)).close()
      clock.advanceTo(clock.now() + offMs)
      const again = await connect(old)
      clock.advanceTo(clock.now() + hourMs)
      const fresh = await tokenOf(again)
      again.close()
      await expectDead(lost)
      ;(await connect(fresh)).close()
      clock.advanceTo(clock.now() + 30_000)
      // Power fails a second time.
      ;(await connect(old)).close()
      const stays = await connect(fresh)
      clock.advanceTo(clock.now() + 5 * minuteMs)
      stays.socket.emit('screen:report', report)
      await eventually(() => expectDead(old))
      await connect(fresh)
    })

    it('holds on a server that was started in between', async () => {
      clock.advanceTo(clock.now() + 7 * dayMs)
      const lost = await tokenOf(line)
      ;(await connect(lost)).close()
      await server.close()
      server = await startServer({ clock, database, logger })
      clock.advanceTo(clock.now() + 10 * minuteMs)
      await connect(old)
    })
  })

  it('is not replaced a second time while the new one is in use, however late the server hears of it', async () => {
    clock.advanceTo(clock.now() + 7 * dayMs)
    const fresh = await tokenOf(line)
    line.close()
    const kept = await connect(fresh)
    // Such as after the server was suspended: nothing has been reported in the meantime.
    clock.advanceTo(clock.now() + 2 * hourMs)
    await expectNoToken(kept)
    await connect(fresh)
    await expectDead(old)
  })

  it('is never replaced twice without a warning: a copy of the old one would look like a power cut', async () => {
    const warnings = () => lines.filter((logged) => logged.includes(id) && logged.includes('old token was copied'))
    clock.advanceTo(clock.now() + 7 * dayMs)
    const kept = await tokenOf(line)
    expect(warnings()).toEqual([])
    line.close()
    ;(await connect(kept)).close()
    clock.advanceTo(clock.now() + hourMs)
    // The screen is off; somebody else has the old token.
    const stolen = await connect(old)
    await tokenOf(stolen)
    expect(warnings()).toHaveLength(1)
    // It cannot stay unnoticed either: the screen has to be paired again.
    await expectDead(kept)
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
    clock.advanceTo(clock.now() + 5 * minuteMs)
    await connect(fresh)
    await expectDead(old)
  })

  it('does not change when only a request has shown the new one', async () => {
    clock.advanceTo(clock.now() + 7 * dayMs)
    const fresh = await tokenOf(line)
    clock.advanceTo(clock.now() + 5 * minuteMs)
    for (const token of [fresh, old, fresh]) {
      expect((await call(`${server.url}/api/v1/screens/self`, { key: token })).status).toBe(200)
    }
    await connect(old)
    await connect(fresh)
    await expectDead(old)
  })

  it('of a screen with two pages is the new one as soon as either has stored it', async () => {
    const other = await connect(old)
    clock.advanceTo(clock.now() + 7 * dayMs)
    const [one, two] = await Promise.all([tokenOf(line), tokenOf(other)])
    expect(one).toBe(two)
    clock.advanceTo(clock.now() + 5 * minuteMs)
    await Promise.all([connect(one), connect(one), connect(one)])
    clock.advanceTo(clock.now() + 6_000)
    await line.cut
    await other.cut
  })

  it('is known to a server that was started in between, the old one and the new one', async () => {
    clock.advanceTo(clock.now() + 7 * dayMs)
    const fresh = await tokenOf(line)
    await server.close()
    server = await startServer({ clock, database, logger })
    await connect(old)
    await connect(fresh)
    await server.close()
    server = await startServer({ clock, database, logger })
    clock.advanceTo(clock.now() + 5 * minuteMs)
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
