import type { KeyScope } from '@stagewatch/shared/contract/admin.ts'
import { actions } from '@stagewatch/shared/domain/access/action.ts'
import { openPrivacy } from '@stagewatch/shared/domain/access/audience.ts'
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../platform/clock/virtual-clock.ts'
import { FailedAttempts } from '../platform/rate-limits/failed-attempts.ts'
import { sampleSite } from '../platform/site.ts'
import type { ApiKey } from './api-keys.ts'
import {
  audienceOf,
  identifyCaller,
  mayReadOpenly,
  requireAction,
  requireOwnDepartments,
  sameSecret,
} from './caller.ts'
import type { AccessRules, Caller, Credentials } from './caller.ts'

const call: Credentials = { hostname: 'board.example', isForwarded: false, address: '203.0.113.5' }
const clerk: Caller = {
  kind: 'person',
  name: 'li@example.com',
  role: 'viewer',
  site: 'main',
  actions: new Set(['board.read']),
  privacy: openPrivacy,
}

function rules(more: Partial<AccessRules> = {}): AccessRules {
  const keys: Record<string, ApiKey> = {
    sw_all: key(['ingest', 'void', 'read', 'admin']),
    sw_read: key(['read']),
    sw_send: { ...key(['ingest']), sources: ['erp'] },
    sw_admin: key(['admin']),
  }
  return {
    // Keys in the database are covered by the tests of `http/access`.
    keys: { find: (token: string) => Promise.resolve(keys[token]) },
    failures: new FailedAttempts(new VirtualClock(0)),
    proxies: [] as never,
    localAdminToken: 'local-admin-token',
    readsOpen: false,
    defaultSite: () => 'main',
    ...more,
  }
}

function key(scopes: readonly KeyScope[]): ApiKey {
  return { site: 'keyed', id: 'k1', name: 'scanner', scopes, sources: null }
}

const identify = (credentials: Partial<Credentials>, more: Partial<AccessRules> = {}) =>
  identifyCaller({ ...call, ...credentials }, rules(more))

describe('a caller with a token', () => {
  it('is the operator with that of this machine, at the site that is asked for, and may do everything', async () => {
    const operator = { kind: 'operator', name: 'operator', actions: new Set(actions), privacy: openPrivacy }
    expect(await identify({ token: 'local-admin-token', site: 'east' })).toEqual({ ...operator, site: 'east' })
    expect(await identify({ token: 'local-admin-token' })).toEqual({ ...operator, site: 'main' })
    await expect(identify({ token: 'local-admin-tokeN' })).rejects.toMatchObject({ code: 'unauthorized' })
  })

  it('is a key of its own site, whatever is asked for, with what its scopes allow', async () => {
    expect(await identify({ token: 'sw_read', site: 'east' })).toEqual({
      kind: 'key',
      id: 'k1',
      name: 'scanner',
      site: 'keyed',
      actions: new Set(['board.read', 'numbers.read', 'orders.read']),
      privacy: openPrivacy,
    })
    const actionsOf = async (token: string) => (await identify({ token })).actions
    expect(await actionsOf('sw_send')).toEqual(new Set(['events.append']))
    expect(await identify({ token: 'sw_send' })).toMatchObject({ sources: ['erp'] })
    const administering = await actionsOf('sw_admin')
    for (const action of ['events.append', 'events.void', 'board.read', 'numbers.read', 'orders.read'] as const) {
      expect(administering.has(action)).toBe(false)
    }
    expect(administering.size).toBe(
      actions.length - actions.filter((action) => action.startsWith('events.')).length - 3,
    )
  })

  it('is a screen with a token of screens, which is looked for among no keys', async () => {
    const screen: Caller = { ...clerk, kind: 'screen' }
    const findScreen = (token: string) => Promise.resolve(token === 'sws_1' ? screen : undefined)
    expect(await identify({ token: 'sws_1' }, { findScreen })).toBe(screen)
    await expect(identify({ token: 'sws_2' }, { findScreen })).rejects.toMatchObject({ code: 'unauthorized' })
    await expect(identify({ token: 'sws_1' })).rejects.toMatchObject({ code: 'unauthorized' })
  })

  it('has to wait after twenty unknown ones from an address, and a right one is taken all the same', async () => {
    const shared = rules()
    const attempt = (token: string, address = call.address) => identifyCaller({ ...call, token, address }, shared)
    for (let i = 0; i < 20; i++) await expect(attempt('sw_no')).rejects.toMatchObject({ code: 'unauthorized' })
    await expect(attempt('sw_no')).rejects.toMatchObject({ code: 'rate_limited', retryAfterS: 60 })
    expect(await attempt('sw_read')).toMatchObject({ kind: 'key' })
    await expect(attempt('sw_no', '203.0.113.6')).rejects.toMatchObject({ code: 'unauthorized' })
  })
})

describe('a caller without a token', () => {
  it('is the person whose session the cookies hold', async () => {
    const findPerson = (cookie: string, site: string | undefined) =>
      Promise.resolve(cookie === 'session=1' ? { ...clerk, site: site ?? 'main' } : undefined)
    expect(await identify({ cookie: 'session=1', site: 'east' }, { findPerson })).toEqual({ ...clerk, site: 'east' })
    await expect(identify({ cookie: 'session=2' }, { findPerson })).rejects.toMatchObject({ code: 'unauthorized' })
    await expect(identify({ cookie: 'session=1' })).rejects.toMatchObject({ code: 'unauthorized' })
  })

  it('reads the sample, and every site where reading is open', async () => {
    const visitor = {
      kind: 'visitor',
      name: 'visitor',
      actions: new Set(['board.read', 'numbers.read', 'orders.read']),
    }
    expect(await identify({ site: sampleSite })).toMatchObject({ ...visitor, site: sampleSite })
    await expect(identify({ site: 'east' })).rejects.toMatchObject({ code: 'unauthorized' })
    const local = { hostname: 'localhost' }
    expect(await identify(local, { readsOpen: true })).toMatchObject({ ...visitor, site: 'main' })
    await expect(identify({}, { readsOpen: true })).rejects.toMatchObject({ code: 'unauthorized' })
  })

  it('who is signed in without a role at the site may read what anybody may, and keeps their name', async () => {
    const { role: _, ...stranger } = clerk
    const findPerson = () => Promise.resolve({ ...stranger, site: 'main', actions: new Set<never>() })
    const open = await identify({ cookie: 'c', hostname: '127.0.0.1' }, { findPerson, readsOpen: true })
    expect(open).toMatchObject({
      kind: 'person',
      name: 'li@example.com',
      actions: new Set(['board.read', 'numbers.read', 'orders.read']),
    })
    expect((await identify({ cookie: 'c' }, { findPerson })).actions.size).toBe(0)
  })
})

it('reading is open by a loopback name of this machine alone, and through no proxy', () => {
  const may = (hostname: string | undefined, isForwarded = false, readsOpen = true) =>
    mayReadOpenly({ hostname, isForwarded }, { readsOpen })
  expect([may('localhost'), may('127.0.0.1'), may('::1')]).toEqual([true, true, true])
  expect([may('board.example'), may(undefined), may('localhost', true), may('localhost', false, false)]).toEqual([
    false,
    false,
    false,
    false,
  ])
})

it('a forbidden action is refused, and anonymous visitors are advised to sign in', () => {
  expect(() => requireAction(clerk, 'board.read')).not.toThrow()
  expect(() => requireAction(clerk, 'orders.read')).toThrow(expect.objectContaining({ code: 'forbidden' }))
  const visitor: Caller = { ...clerk, kind: 'visitor' }
  expect(() => requireAction(visitor, 'orders.read')).toThrow(expect.objectContaining({ code: 'unauthorized' }))
})

it('who has some departments gives nobody others, and not all of them', () => {
  const own = { ...clerk, departments: ['east', 'west'] }
  for (const allowed of [['east'], ['west', 'east'], []])
    expect(() => requireOwnDepartments(own, allowed)).not.toThrow()
  for (const beyond of [['north'], ['east', 'north'], undefined]) {
    expect(() => requireOwnDepartments(own, beyond)).toThrow(expect.objectContaining({ code: 'forbidden' }))
  }
  expect(() => requireOwnDepartments(clerk, undefined)).not.toThrow()
})

it('data that a site hides from everybody is visible only to its operator', () => {
  const site = { ...openPrivacy, customers: 'masked' } as const
  const own = { ...clerk, departments: ['east'] }
  expect(audienceOf(own, site)).toEqual({ departments: ['east'], privacy: site })
  expect(audienceOf({ ...own, kind: 'operator' }, site)).toEqual({ departments: ['east'], privacy: openPrivacy })
})

it('secrets are the same when every character is', () => {
  expect([sameSecret('abc', 'abc'), sameSecret('abc', 'abd'), sameSecret('abc', 'abcd'), sameSecret('', '')]).toEqual([
    true,
    false,
    false,
    true,
  ])
})
