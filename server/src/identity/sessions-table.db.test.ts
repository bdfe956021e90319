import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { saveMembership } from './memberships-table.ts'
import { deleteEndedSessions, endIfIdle, loadSessionPerson, saveSession } from './sessions-table.ts'
import { saveFictionalUser, saveUser } from './users-table.ts'

const origin = { address: '203.0.113.5', userAgent: 'a browser' }
let database: Database
let li: string

beforeAll(async () => {
  database = await openTestDatabase()
  await database.query(`insert into sites (code, name, time_zone) values ('main', '{}', 'UTC'), ('east', '{}', 'UTC')`)
})
afterAll(() => database.close())
beforeEach(async () => {
  await database.query('delete from users')
  li = await newUser('li')
})

const newUser = (name: string) =>
  saveUser(database, { name, email: `${name}@example.com`, passwordHash: 'hash', emailVerified: true })

async function begin(count: number, userId = li): Promise<string[]> {
  const tokens: string[] = []
  for (let i = 0; i < count; i++) tokens.push(await saveSession(database, userId, origin))
  return tokens
}
/** Sets an instant of a session to some minutes ago; negative: in the future. */
const set = (token: string, column: string, minutesAgo: number) =>
  database.query(`update user_sessions set ${column} = now() - make_interval(mins => $2::int) where token = $1`, [
    token,
    minutesAgo,
  ])
async function tokensOf(userId = li): Promise<Set<string>> {
  const rows = await database.query<{ token: string }>('select token from user_sessions where user_id = $1', [userId])
  return new Set(rows.map(({ token }) => token))
}
const isOpen = async (token: string) => (await loadSessionPerson(database, token)) !== undefined

describe('the sessions of a person', () => {
  it('are twenty: another one ends the one that was not used for longest', async () => {
    const wu = await newUser('wu')
    const [ofWu = ''] = await begin(1, wu)
    await set(ofWu, 'updated_at', 400)
    const tokens = await begin(20)
    for (const [i, token] of tokens.entries()) await set(token, 'updated_at', 100 + ((i + 7) % 20))
    expect(await tokensOf()).toEqual(new Set(tokens))
    const [added = ''] = await begin(1)
    // 119 minutes ago.
    expect(await tokensOf()).toEqual(new Set([...tokens.filter((_, i) => i !== 12), added]))
    expect(await tokensOf(wu)).toEqual(new Set([ofWu]))
  })

  it('end in the order in which they began, if they were used at the same time', async () => {
    const tokens = await begin(20)
    for (const [i, token] of tokens.entries()) await set(token, 'created_at', i === 5 ? 200 : 100)
    await database.query('update user_sessions set updated_at = now()')
    await begin(1)
    expect((await tokensOf()).has(tokens[5] ?? '')).toBe(false)
  })

  it('are a thousand for a person of the sample, whom everybody plays', async () => {
    const sample = await saveFictionalUser(database, 'Sample', 'lead@sample.invalid')
    await database.query(
      `insert into user_sessions (id, user_id, token, expires_at, updated_at)
       select 'sample ' || n, $1, 'sample ' || n, now() + interval '1 day', now() - n * interval '1 second'
       from generate_series(1, 999) as n`,
      [sample],
    )
    await begin(1, sample)
    expect((await tokensOf(sample)).size).toBe(1_000)
    await begin(1, sample)
    const left = await tokensOf(sample)
    expect([left.size, left.has('sample 998'), left.has('sample 999')]).toEqual([1_000, true, false])
  })
})

describe('a session', () => {
  it('is that of a person with their roles, and says whether they have just confirmed who they are', async () => {
    await saveMembership(database, 'main', li, { role: 'lead', departments: ['press'] })
    await saveMembership(database, 'east', li, { role: 'viewer' })
    const [token = ''] = await begin(1)
    const person = await loadSessionPerson(database, token)
    expect(person).toEqual({
      id: li,
      name: 'li',
      email: 'li@example.com',
      twoFactor: false,
      fictional: false,
      language: null,
      timeZone: null,
      provenRecently: true,
      memberships: [
        { site: 'east', role: 'viewer', departments: null, seen: null },
        { site: 'main', role: 'lead', departments: ['press'], seen: ['press'] },
      ],
    })
    await set(token, 'authenticated_at', 9)
    expect(await loadSessionPerson(database, token)).toMatchObject({ provenRecently: true })
    await set(token, 'authenticated_at', 10)
    expect(await loadSessionPerson(database, token)).toMatchObject({ provenRecently: false })
    expect(await isOpen(`${token}x`)).toBe(false)
  })

  it('keeps where it began, as far as that is known', async () => {
    await saveSession(database, li, origin)
    await saveSession(database, li, { address: '2001:db8::1', userAgent: undefined })
    const begun = await database.query(
      'select ip_address as address, user_agent as browser from user_sessions order by ip_address desc',
    )
    expect(begun).toEqual([
      { address: '203.0.113.5', browser: 'a browser' },
      { address: '2001:db8::1', browser: null },
    ])
  })

  it('ends after eight hours without use, when its time is over, and with the account', async () => {
    const [idle = '', over = '', own = ''] = await begin(3)
    await set(idle, 'updated_at', 8 * 60)
    await set(over, 'expires_at', 0)
    expect([await isOpen(idle), await isOpen(over), await isOpen(own)]).toEqual([false, false, true])
    await database.query('update users set disabled_at = now()')
    expect(await isOpen(own)).toBe(false)
  })

  it('is noted as used at most every five minutes', async () => {
    const [token = ''] = await begin(1)
    const noted = async () => {
      const [row] = await database.query<{ used: boolean; seen: boolean | null }>(
        `select s.updated_at > now() - interval '1 minute' as used, u.last_seen_at > now() - interval '1 minute' as seen
         from user_sessions s join users u on u.id = s.user_id`,
      )
      return row
    }
    await isOpen(token)
    expect(await noted()).toEqual({ used: true, seen: true })
    await database.query(`update users set last_seen_at = now() - interval '1 day'`)
    await set(token, 'updated_at', 4)
    await isOpen(token)
    expect(await noted()).toEqual({ used: false, seen: false })
    await set(token, 'updated_at', 5)
    await isOpen(token)
    expect(await noted()).toEqual({ used: true, seen: true })
  })

  it('is deleted once it has ended, and no other', async () => {
    const [idle = '', over = '', used = '', future = ''] = await begin(4)
    await set(idle, 'updated_at', 8 * 60)
    await set(over, 'expires_at', 0)
    await set(used, 'updated_at', 8 * 60 - 1)
    await set(future, 'expires_at', -1)
    for (const token of [over, used, future, 'unknown']) await endIfIdle(database, token)
    expect((await tokensOf()).size).toBe(4)
    await endIfIdle(database, idle)
    expect(await tokensOf()).toEqual(new Set([over, used, future]))
    const [alsoIdle = ''] = await begin(1)
    await set(alsoIdle, 'updated_at', 8 * 60)
    await deleteEndedSessions(database)
    expect(await tokensOf()).toEqual(new Set([used, future]))
  })
})
