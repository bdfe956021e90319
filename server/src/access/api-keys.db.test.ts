import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { VirtualClock } from '../platform/clock/virtual-clock.ts'
import { ApiKeys } from './api-keys.ts'
import { loadChanges } from './changes-table.ts'

const noon = Date.UTC(2026, 10, 24, 12)
const ada = { kind: 'person', name: 'ada@example.com', site: 'main' } as const
let database: Database
let clock: VirtualClock
let keys: ApiKeys

beforeAll(async () => {
  database = await openTestDatabase()
  await database.query(`insert into sites (code, name, time_zone) values ('main', '{}', 'UTC'), ('east', '{}', 'UTC')`)
})
afterAll(() => database.close())
beforeEach(async () => {
  await database.query('delete from api_keys')
  clock = new VirtualClock(noon)
  keys = new ApiKeys(database, clock)
})

const newKey = (name: string, site = 'main') => keys.create(site, { name, scopes: ['read'] }, { ...ada, site })
/** As another server instance revokes it. */
const revokeElsewhere = (id: string) => database.query('update api_keys set revoked_at = now() where id = $1', [id])
const nameOf = async (key: string) => (await keys.find(key))?.name

describe('a key', () => {
  it('is 256 random bits, of which the database keeps a hash', async () => {
    const { id, key } = await newKey('scanner')
    // 43 characters of six bits each.
    expect(key).toMatch(/^sw_[\w-]{43}$/)
    expect(id).toMatch(/^[\da-f]{12}$/)
    expect((await newKey('scanner')).key).not.toBe(key)
    expect(await keys.find(key)).toEqual({ site: 'main', id, name: 'scanner', scopes: ['read'], sources: null })
    expect([await keys.find(`${key}x`), await keys.find('')]).toEqual([undefined, undefined])
    expect(JSON.stringify(await database.query('select * from api_keys'))).not.toContain(key.slice(3))
  })

  it('names its sources as events do', async () => {
    const { key } = await keys.create('main', { name: 'erp', scopes: ['ingest'], sources: [' ＥＲＰ '] })
    expect((await keys.find(key))?.sources).toEqual(['ERP'])
    expect((await keys.list('main')).map(({ sources }) => sources)).toEqual([['ERP']])
  })

  it('is revoked at once, once, and at its own site only', async () => {
    const [one, other] = [await newKey('one'), await newKey('other', 'east')]
    expect([await nameOf(one.key), await nameOf(other.key)]).toEqual(['one', 'other'])
    await keys.revoke(one.id, ada)
    expect([await nameOf(one.key), await nameOf(other.key)]).toEqual([undefined, 'other'])
    for (const { id } of [one, other]) {
      await expect(keys.revoke(id, ada)).rejects.toMatchObject({ code: 'not_found', field: 'id' })
    }
    expect(await keys.list('main')).toMatchObject([{ id: one.id, name: 'one', revokedAt: noon }])
    const before = { name: 'one', scopes: ['read'] }
    expect(await loadChanges(database, 'main', { after: 0, limit: 1 })).toMatchObject([
      { changedAt: noon, actor: { kind: 'person', name: 'ada@example.com' }, action: 'key.revoked', before },
    ])
  })
})

describe('the cache', () => {
  it('takes a key that another server instance has revoked for five seconds at most', async () => {
    const { id, key } = await newKey('scanner')
    await keys.find(key)
    await revokeElsewhere(id)
    clock.advanceTo(noon + 4_999)
    expect(await nameOf(key)).toBe('scanner')
    clock.advanceTo(noon + 5_000)
    expect(await nameOf(key)).toBeUndefined()
    expect(keys.usage.size).toBe(0)
  })

  it('forgets everything when something has changed, and what is being read at that moment', async () => {
    const { id, key } = await newKey('scanner')
    await keys.find(key)
    await revokeElsewhere(id)
    keys.expire()
    expect(await nameOf(key)).toBeUndefined()

    const other = await newKey('other')
    const reading = keys.find(other.key)
    keys.expire()
    expect((await reading)?.name).toBe('other')
    await revokeElsewhere(other.id)
    expect(await nameOf(other.key)).toBeUndefined()
  })
})
