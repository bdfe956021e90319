import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { screenSettings } from '@stagewatch/shared/contract/screen.ts'
import { openPrivacy } from '@stagewatch/shared/domain/access/audience.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Caller } from '../access/caller.ts'
import type { AppError } from '../platform/app-error.ts'
import { VirtualClock } from '../platform/clock/virtual-clock.ts'
import { approvePairing, denyPairing, findPairing } from './answer-pairing.ts'
import { listScreens } from './manage-screens.ts'
import { pollPairing } from './poll-pairing.ts'
import { createScreenContext } from './screen-context.ts'
import type { ScreenContext } from './screen-context.ts'
import { startPairing } from './start-pairing.ts'

const start = Date.UTC(2026, 10, 22, 12)
const minuteMs = 60_000
const dayMs = 86_400_000
const lead: Caller = { kind: 'person', name: 'li@example.com', site: 'main', actions: new Set(), privacy: openPrivacy }
const approval = { name: 'Hall A', settings: screenSettings.parse({}) }
let database: Database
let clock: VirtualClock
let context: ScreenContext

beforeAll(async () => {
  database = await openTestDatabase()
  await database.query(`insert into sites (code, name, time_zone) values ('main', '{}', 'UTC')`)
})
afterAll(() => database.close())
beforeEach(async () => {
  await database.query('delete from screen_pairings')
  clock = new VirtualClock(start)
  context = createScreenContext(database, clock)
})

const after = (ms: number) => clock.advanceTo(clock.now() + ms)
async function ask(device = 'a television') {
  const started = await startPairing(database, { address: '10.0.0.1', device, origin: 'https://wall' }, clock.now())
  return { ...started, typed: started.userCode.replace('-', '') }
}
/** What is thrown, or `done`. */
const outcomeOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'done',
    (error: AppError) => error.code,
  )
const poll = (deviceCode: string) => outcomeOf(pollPairing(context, deviceCode))

describe('a pairing', () => {
  it('is valid for ten minutes, for those who answer it and for the screen that polls', async () => {
    const { deviceCode, typed, expiresInS } = await ask()
    expect(expiresInS).toBe(600)
    after(10 * minuteMs - 1)
    expect(await findPairing(context, typed)).toMatchObject({ askedAt: start, expiresAt: start + 10 * minuteMs })
    expect(await poll(deviceCode)).toBe('authorization_pending')
    after(1)
    expect(await outcomeOf(findPairing(context, typed))).toBe('code_expired')
    expect(await poll(deviceCode)).toBe('code_expired')
  })

  it('of a clock that is more than a minute ahead is expired: it would be valid for too long', async () => {
    const { typed } = await ask()
    clock = new VirtualClock(start - minuteMs)
    context = { ...context, clock }
    expect(await outcomeOf(findPairing(context, typed))).toBe('done')
    clock.set(start - minuteMs - 1)
    expect(await outcomeOf(findPairing(context, typed))).toBe('code_expired')
  })

  it('leaves the screen a minute to fetch its token when it is approved in the last second', async () => {
    const [early, late, later] = [await ask(), await ask(), await ask()]
    await approvePairing(context, lead, early.typed, approval)
    after(10 * minuteMs - 1)
    expect(await poll(early.deviceCode)).toBe('done')
    for (const { typed } of [late, later]) await approvePairing(context, lead, typed, approval)
    after(minuteMs - 1)
    expect(await poll(late.deviceCode)).toBe('done')
    after(1)
    expect(await poll(later.deviceCode)).toBe('code_expired')
  })

  it('that was approved or denied cannot be answered again', async () => {
    const [approved, fetched, denied] = [await ask(), await ask(), await ask()]
    for (const { typed } of [approved, fetched]) await approvePairing(context, lead, typed, approval)
    await poll(fetched.deviceCode)
    await denyPairing(context, denied.typed)
    const answers = [approved, fetched, denied].map(({ typed }) => outcomeOf(denyPairing(context, typed)))
    expect(await Promise.all(answers)).toEqual(['already_used', 'already_used', 'code_expired'])
    expect(await outcomeOf(findPairing(context, 'BBBBBBBB'))).toBe('not_found')
  })

  it('makes a new screen of the site of the one who approves it, which is not online yet', async () => {
    const { typed } = await ask()
    after(1_000)
    const screen = await approvePairing(context, lead, typed, approval)
    expect(screen).toMatchObject({ ...approval, approvedBy: 'li@example.com', pairedAt: start + 1_000, online: false })
    expect(screen.id).toMatch(/^[0-9a-f]{12}$/)
    const listed = await listScreens(context, lead)
    expect(listed.find(({ id }) => id === screen.id)).toEqual(screen)
  })

  it('keeps the first 300 characters of how the browser describes itself', async () => {
    const { typed } = await ask('x'.repeat(301))
    expect((await findPairing(context, typed)).device).toBe('x'.repeat(300))
  })

  it('is deleted a day after it expired, when somebody asks for another one', async () => {
    const { typed } = await ask()
    after(10 * minuteMs + dayMs)
    await ask()
    expect(await outcomeOf(findPairing(context, typed))).toBe('code_expired')
    after(1)
    await ask()
    expect(await outcomeOf(findPairing(context, typed))).toBe('not_found')
  })
})

describe('a screen that polls', () => {
  it('may do so every five seconds, and five seconds less often after each time that it was too early', async () => {
    const { deviceCode, intervalS } = await ask()
    expect(intervalS).toBe(5)
    expect(await poll(deviceCode)).toBe('authorization_pending')
    after(5_000)
    expect(await poll(deviceCode)).toBe('authorization_pending')
    after(4_999)
    expect(await poll(deviceCode)).toBe('slow_down')
    after(9_999)
    expect(await poll(deviceCode)).toBe('slow_down')
    after(15_000)
    expect(await poll(deviceCode)).toBe('authorization_pending')
  })

  it('gets its token once, which is valid from then on', async () => {
    const { deviceCode, typed } = await ask()
    const { id } = await approvePairing(context, lead, typed, approval)
    after(2_000)
    const { token, screen } = await pollPairing(context, deviceCode)
    expect(screen).toEqual({ id, site: 'main', ...approval })
    expect(await context.tokens.admit(token)).toMatchObject({ id, tokenIssuedAt: start + 2_000 })
    expect(await poll(deviceCode)).toBe('code_expired')
    // The token is looked up again as soon as screens have changed.
    await database.query(`update screens set revoked_at = now() where id = $1`, [id])
    expect(await context.tokens.find(token)).toMatchObject({ id })
    context.news.tell()
    expect(await context.tokens.find(token)).toBeUndefined()
  })
})
