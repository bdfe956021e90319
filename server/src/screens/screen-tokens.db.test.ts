import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { screenSettings } from '@stagewatch/shared/contract/screen.ts'
import type { ScreenSettings } from '@stagewatch/shared/contract/screen.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { VirtualClock } from '../platform/clock/virtual-clock.ts'
import { newScreenToken, secretHash } from './screen-secrets.ts'
import { ScreenTokens } from './screen-tokens.ts'
import { insertScreen } from './screens-table.ts'

const start = Date.UTC(2026, 10, 22, 12)
const minuteMs = 60_000
const hourMs = 60 * minuteMs
const weekMs = 7 * 24 * hourMs
let database: Database
let clock: VirtualClock
let tokens: ScreenTokens

beforeAll(async () => {
  database = await openTestDatabase()
  await database.query(`insert into sites (code, name, time_zone) values ('main', '{}', 'UTC')`)
})
afterAll(() => database.close())
beforeEach(async () => {
  await database.query('delete from screens')
  clock = new VirtualClock(start)
  tokens = new ScreenTokens(database, clock)
})

const after = (ms: number) => clock.advanceTo(clock.now() + ms)

/** A screen that was given its token now. */
async function screenWithToken(id = 's1', settings: Partial<ScreenSettings> = {}): Promise<string> {
  const counts = { version: 0, identifyCount: 0, reloadCount: 0 }
  const screen = { site: 'main', id, name: 'Hall', settings: { ...screenSettings.parse({}), ...settings } }
  await insertScreen(database, { ...screen, approvedBy: 'ada', pairedAt: clock.now(), ...counts })
  const token = newScreenToken()
  await database.query(`update screens set token_hash = $1, token_issued_at = $2 where id = $3`, [
    secretHash(token),
    new Date(clock.now()),
    id,
  ])
  return token
}

/** The screen as the table has it. */
async function screenOf(token: string) {
  tokens.expire()
  return tokens.admit(token)
}
const rotate = async (token: string) => tokens.rotate(await screenOf(token), token)

describe('a screen with a token', () => {
  it('is a caller who may only watch, until it is revoked, which is known five seconds later at the latest', async () => {
    const token = await screenWithToken('s1', { departments: ['east'] })
    const found = { kind: 'screen', id: 's1', name: 'Hall', site: 'main', departments: ['east'] }
    expect(await tokens.find(token)).toMatchObject({ ...found, actions: new Set(['board.read']) })
    await database.query(`update screens set revoked_at = now()`)
    after(4_999)
    expect(await tokens.find(token)).toMatchObject(found)
    after(1)
    expect(await tokens.find(token)).toBeUndefined()
    await expect(tokens.admit(token)).rejects.toMatchObject({ code: 'unauthorized' })
  })

  it('without departments shows all of them', async () => {
    expect(await tokens.find(await screenWithToken())).not.toHaveProperty('departments')
  })

  it('is looked up again at once when screens have changed', async () => {
    const token = await screenWithToken()
    await tokens.find(token)
    expect(tokens.usage.size).toBe(1)
    await database.query(`update screens set revoked_at = now()`)
    tokens.expire()
    expect(await tokens.find(token)).toBeUndefined()
  })

  it('is confirmed when it uses its token for the first time, which is recorded once', async () => {
    const token = await screenWithToken('confirmed')
    const confirmedAt = async () => (await database.query('select confirmed_at from screens'))[0]
    const recorded = () => database.query(`select action from changes where subject = 'confirmed'`)
    after(1_000)
    // Another server instance may hear of it at the same time.
    await Promise.all([tokens.find(token), new ScreenTokens(database, clock).find(token)])
    expect(await confirmedAt()).toEqual({ confirmed_at: new Date(start + 1_000) })
    after(hourMs)
    await tokens.find(token)
    expect(await confirmedAt()).toEqual({ confirmed_at: new Date(start + 1_000) })
    expect(await recorded()).toEqual([{ action: 'screen.confirmed' }])
  })
})

describe('a new token', () => {
  it('is given to the screen seven days after the last one', async () => {
    const old = await screenWithToken()
    after(weekMs - 1)
    expect(await rotate(old)).toBeUndefined()
    after(1)
    expect(await rotate(old)).toEqual({ token: expect.stringMatching(/^sws_/), replacesLost: false })
  })

  it('is replaced by another one an hour later if the screen still uses its old one', async () => {
    const old = await screenWithToken()
    after(weekMs)
    const lost = await rotate(old)
    expect(await rotate(old)).toBeUndefined()
    after(hourMs - 1)
    expect(await rotate(old)).toBeUndefined()
    after(1)
    // It is in use, so it was not lost.
    expect(await tokens.rotate(await screenOf(old), lost!.token)).toBeUndefined()
    expect(await rotate(old)).toEqual({ token: expect.stringMatching(/^sws_/), replacesLost: true })
    expect(await tokens.find(lost!.token)).toBeUndefined()
  })

  it('is given once, whichever of two server instances is faster, and not to a revoked screen', async () => {
    const old = await screenWithToken()
    after(weekMs)
    const seen = await screenOf(old)
    expect(await tokens.rotate(seen, old)).toBeDefined()
    expect(await tokens.rotate(seen, old)).toBeUndefined()
    after(hourMs)
    const seenLater = await screenOf(old)
    await database.query(`update screens set revoked_at = now()`)
    expect(await tokens.rotate(seenLater, old)).toBeUndefined()
  })

  it('replaces the old one when it is used five minutes after it was issued, which is recorded once', async () => {
    const old = await screenWithToken('rotated')
    after(weekMs)
    const { token } = (await rotate(old))!
    const issuedAt = clock.now()
    after(5 * minuteMs - 1)
    await screenOf(token)
    expect(await screenOf(old)).toMatchObject({ id: 'rotated', tokenIssuedAt: start, nextTokenIssuedAt: issuedAt })
    after(1)
    const before = await screenOf(old)
    // The old one proves nothing about the new one.
    expect(await tokens.settle(before, old)).toBe(true)
    expect(await tokens.find(old)).toBeDefined()
    // Two connections at once.
    expect(await Promise.all([tokens.settle(before, token), tokens.settle(before, token)])).toEqual([true, true])
    expect(await tokens.find(old)).toBeUndefined()
    const current = await screenOf(token)
    expect(current.tokenIssuedAt).toBe(issuedAt)
    expect(current).not.toHaveProperty('nextTokenIssuedAt')
    expect(
      await database.query(`select before, after from changes where subject = 'rotated' and action = 'screen.rotated'`),
    ).toEqual([{ before: { tokenIssuedAt: start }, after: { tokenIssuedAt: issuedAt } }])
  })

  it('that was replaced by another one is refused where it was known before', async () => {
    const old = await screenWithToken()
    after(weekMs)
    const { token: lost } = (await rotate(old))!
    after(hourMs)
    await tokens.find(lost)
    await new ScreenTokens(database, clock).admit(old).then((screen) => tokens.rotate(screen, old))
    // The cache still has it.
    await expect(tokens.admit(lost)).rejects.toMatchObject({ code: 'unauthorized' })
    expect(await screenOf(old)).toMatchObject({ id: 's1' })
  })

  it('of one screen leaves those of others as they are', async () => {
    const [old, other] = [await screenWithToken('s1'), await screenWithToken('s2')]
    after(weekMs)
    const { token } = (await rotate(old))!
    after(5 * minuteMs)
    await screenOf(token)
    expect(await screenOf(other)).toMatchObject({ id: 's2', tokenIssuedAt: start })
    await expect(screenOf(old)).rejects.toMatchObject({ code: 'unauthorized' })
  })
})
