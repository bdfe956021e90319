import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { VirtualClock } from '../platform/clock/virtual-clock.ts'
import { cookieRules, SessionCookie } from './session-cookie.ts'
import { saveSession } from './sessions-table.ts'
import { Sessions } from './sessions.ts'
import { saveUser } from './users-table.ts'

const start = Date.UTC(2026, 10, 24, 8)
const cookie = new SessionCookie(cookieRules(undefined), 's'.repeat(32))
let database: Database
let clock: VirtualClock
let sessions: Sessions
/** Thrown by the next statements in place of an answer. */
let failure: Error | undefined

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  await database.query('delete from users')
  failure = undefined
  clock = new VirtualClock(start)
  const failing: Queryable = {
    query: (text, parameters) => (failure ? Promise.reject(failure) : database.query(text, parameters)),
    values: (text, parameters) => (failure ? Promise.reject(failure) : database.values(text, parameters)),
  }
  sessions = new Sessions(failing, clock, () => Promise.resolve(cookie))
})

async function signIn(name = 'li'): Promise<{ id: string; cookies: string }> {
  const user = { name, email: `${name}@example.com`, passwordHash: 'hash', emailVerified: true }
  const id = await saveUser(database, user)
  const token = await saveSession(database, id, { address: '203.0.113.5', userAgent: undefined })
  return { id, cookies: cookie.write(token).split(';', 1)[0] ?? '' }
}
const nameOf = async (cookies: string) => (await sessions.find(cookies))?.name
const rename = (name: string) => database.query('update users set name = $1', [name])

it('a person is read again after two seconds, and at once when something was changed here', async () => {
  const { cookies } = await signIn()
  expect(await nameOf(cookies)).toBe('li')
  await rename('Li')
  clock.advanceTo(start + 1_999)
  expect(await nameOf(cookies)).toBe('li')
  clock.advanceTo(start + 2_000)
  expect(await nameOf(cookies)).toBe('Li')
  await rename('Li Wei')
  sessions.forget()
  expect([await nameOf(cookies), sessions.usage.size]).toEqual(['Li Wei', 1])
})

it('nobody is signed in with a cookie that this server has not signed', async () => {
  const { cookies } = await signIn()
  expect([await nameOf(''), await nameOf(`${cookies}x`), sessions.usage.size]).toEqual([undefined, undefined, 0])
})

it('what could not be read is read again', async () => {
  const { cookies } = await signIn()
  failure = new Error('the database is away')
  await expect(sessions.find(cookies)).rejects.toThrow('the database is away')
  failure = undefined
  expect(await nameOf(cookies)).toBe('li')
})

it('a confirmation and an end concern the session of the cookie alone, and count at once', async () => {
  const [li, wu] = [await signIn('li'), await signIn('wu')]
  await database.query(`update user_sessions set authenticated_at = now() - interval '1 hour'`)
  const proven = async ({ cookies }: typeof li) => (await sessions.find(cookies))?.provenRecently
  expect([await proven(li), await proven(wu)]).toEqual([false, false])
  await sessions.markProven(li.cookies)
  await sessions.markProven('')
  expect([await proven(li), await proven(wu)]).toEqual([true, false])
  await sessions.end('')
  await sessions.end(wu.cookies)
  expect([await nameOf(li.cookies), await nameOf(wu.cookies)]).toEqual(['li', undefined])
  expect(await database.query('select user_id as id from user_sessions')).toEqual([{ id: li.id }])
})
