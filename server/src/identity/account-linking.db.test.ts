import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { loadChanges } from '../access/changes-table.ts'
import { prepareLink, refuseAccount } from './account-linking.ts'
import { saveMembership } from './memberships-table.ts'
import { saveSession } from './sessions-table.ts'
import { saveUser } from './users-table.ts'

const now = Date.UTC(2026, 10, 24, 8)
let database: Database

beforeAll(async () => {
  database = await openTestDatabase()
  await database.query(`insert into sites (code, name, time_zone) values ('main', '{}', 'UTC')`)
})
afterAll(() => database.close())
beforeEach(() => database.query('delete from users'))

/** An account with a password, a second factor, a pending reset link, a session and a browser that shows messages. */
async function newAccount(name: string, state: { emailVerified?: boolean; fictional?: boolean } = {}): Promise<string> {
  const { emailVerified = false, fictional = false } = state
  const user = { name, email: `${name}@example.com`, passwordHash: 'hash', emailVerified, fictional }
  const id = await saveUser(database, user)
  await saveMembership(database, 'main', id, { role: 'viewer' })
  await saveSession(database, id, { address: '203.0.113.5', userAgent: undefined })
  await database.query('update users set two_factor_enabled = true where id = $1', [id])
  for (const text of [
    `insert into two_factors (id, user_id, secret, backup_codes) values ($1, $1, 's', 'b')`,
    `insert into user_verifications (id, identifier, value, expires_at) values ($1, $1, $1, now() + interval '1 hour')`,
    `insert into push_subscriptions (id, user_id, endpoint, sealed, created_at) values ($1, $1, $1, 's', now())`,
    `insert into user_accounts (id, user_id, provider_id, account_id) values ($1, $1, 'other', $1)`,
  ])
    await database.query(text, [id])
  return id
}

const untouched = {
  verified: false,
  second: true,
  ways: 'credential other',
  factors: 1,
  links: 1,
  sessions: 1,
  browsers: 1,
}

async function stateOf(id: string): Promise<unknown> {
  const [state] = await database.query(
    `select email_verified as verified, two_factor_enabled as second,
       (select string_agg(provider_id, ' ' order by provider_id) from user_accounts where user_id = $1) as ways,
       (select count(*)::int from two_factors where user_id = $1) as factors,
       (select count(*)::int from user_verifications where value = $1) as links,
       (select count(*)::int from user_sessions where user_id = $1) as sessions,
       (select count(*)::int from push_subscriptions where user_id = $1) as browsers
     from users where id = $1`,
    [id],
  )
  return state
}

const link = (id: string, provenUserId?: string) => prepareLink(database, id, provenUserId, now)
const disable = (id: string) => database.query('update users set disabled_at = now() where id = $1', [id])

describe('an account whose address was never proven', () => {
  it('is linked without any way into it that was there before, and no other account changes', async () => {
    const [li, wu] = [await newAccount('li'), await newAccount('wu')]
    expect(await link(li)).toEqual({ email: 'li@example.com' })
    const linked = { verified: true, second: false, ways: 'other', factors: 0, links: 0, sessions: 0, browsers: 0 }
    expect([await stateOf(li), await stateOf(wu)]).toEqual([linked, untouched])
    expect(await loadChanges(database, 'main', { after: 0, limit: 1 })).toMatchObject([
      {
        changedAt: now,
        actor: { kind: 'person', name: 'li@example.com' },
        action: 'account.linked',
        subject: 'li@example.com',
        after: { singleSignOn: true, credentialsDropped: true },
      },
    ])
  })
})

describe('an account with a proven address', () => {
  it('is linked for whoever has just proven that it is theirs, and keeps its other ways', async () => {
    const [li, wu] = [await newAccount('li', { emailVerified: true }), await newAccount('wu', { emailVerified: true })]
    expect([await link(li), await link(li, wu)]).toEqual(['link_needed', 'link_needed'])
    expect(await link(li, li)).toEqual({ email: 'li@example.com' })
    expect(await stateOf(li)).toEqual({ ...untouched, verified: true })
    const [change] = await loadChanges(database, 'main', { after: 0, limit: 1 })
    expect(change?.after).toEqual({ singleSignOn: true, credentialsDropped: false })
  })
})

it('an account that is disabled, of the sample or gone is not linked, and nobody signs in to it', async () => {
  const [off, sample] = [await newAccount('off'), await newAccount('sample', { fictional: true })]
  await disable(off)
  expect([await link(off, off), await link(sample, sample), await link('gone')]).toEqual([
    'account_disabled',
    'invitation_needed',
    'invitation_needed',
  ])
  expect([await stateOf(off), await stateOf(sample)]).toEqual([untouched, untouched])
  const refusals = []
  for (const id of [off, sample, 'gone', await newAccount('li')]) refusals.push(await refuseAccount(database, id))
  expect(refusals).toEqual(['account_disabled', 'invitation_needed', 'invitation_needed', undefined])
})
