import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { keyList } from '@stagewatch/shared/contract/admin.ts'
import { peopleList } from '@stagewatch/shared/contract/people.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectProblem } from '../http/expect-problem.ts'
import { openScreen } from '../live/screen.ts'
import { administrator, password, startPeopled } from './peopled-server.ts'
import type { PeopledServer } from './peopled-server.ts'
import type { Visitor } from './visitor.ts'

const clock = new VirtualClock(Date.UTC(2026, 10, 25, 8))
let server: PeopledServer
let bob: Visitor

beforeAll(async () => {
  server = await startPeopled({ clock, variables: { PUBLIC_URL: 'http://board.example' } })
  bob = await server.join('bob@example.com', { role: 'operator' })
})
afterAll(() => server.close())

const idOf = async (email: string) => {
  const { people } = peopleList.parse((await server.ada.call('/api/v1/people')).body)
  return people.find((person) => person.email === email)!.id
}
const change = async (email: string, body: unknown, by = server.ada) =>
  by.call(`/api/v1/people/${await idOf(email)}`, { method: 'PUT', body })
const remove = async (email: string, by = server.ada) =>
  by.call(`/api/v1/people/${await idOf(email)}`, { method: 'DELETE' })

describe('a role', () => {
  it('lets somebody do what it says from the next request on', async () => {
    expectProblem(await bob.call('/api/v1/people'), 403, 'forbidden')
    expect(await change('bob@example.com', { role: 'manager', departments: ['assembly'] })).toMatchObject({
      status: 200,
      body: { role: 'manager', departments: ['assembly'], email: 'bob@example.com' },
    })
    expect((await bob.call('/api/v1/people')).status).toBe(200)
    expectProblem(await bob.call('/api/v1/keys'), 403, 'forbidden')
    await change('bob@example.com', { role: 'operator' })
    expectProblem(await bob.call('/api/v1/people'), 403, 'forbidden')
    expect((await server.recorded())[0]).toBe(`${administrator} person.changed bob@example.com`)
  })

  it('that another process changes counts two seconds later', async () => {
    expectProblem(await bob.call('/api/v1/people'), 403, 'forbidden')
    await server.database.query(`update memberships set role = 'manager' where role = 'operator'`)
    clock.advanceTo(clock.now() + 2_000)
    expect((await bob.call('/api/v1/people')).status).toBe(200)
  })

  it('holds at its own site only', async () => {
    await server.createKey(['read'], 'south')
    expectProblem(await server.ada.call('/api/v1/people?site=south'), 403, 'forbidden')
    const me = await server.ada.call('/api/v1/me?site=south')
    expect(me.body).toMatchObject({ kind: 'person', site: 'south', actions: [] })
    expect(me.body).not.toHaveProperty('role')
  })

  it('that is not known here changes nothing and leaves no record', async () => {
    const before = await server.recorded()
    expectProblem(await server.ada.call('/api/v1/people/nobody', { method: 'DELETE' }), 404, 'not_found')
    expectProblem(await change('bob@example.com', { role: 'emperor' }), 400, 'invalid_field')
    expect(await server.recorded()).toEqual(before)
  })
})

describe('the last administrator', () => {
  it('cannot leave or become less, and nothing is recorded', async () => {
    const before = await server.recorded()
    expectProblem(await remove(administrator), 409, 'last_administrator')
    expectProblem(await change(administrator, { role: 'manager' }), 409, 'last_administrator')
    const limited = { role: 'administrator', departments: ['assembly'] }
    expectProblem(await change(administrator, limited), 409, 'last_administrator')
    expect(await server.recorded()).toEqual(before)
    expect((await server.ada.call('/api/v1/me')).body).toMatchObject({ role: 'administrator' })
  })

  it('is one of two who demote each other at the same moment', async () => {
    const eve = await server.join('eve@example.com', { role: 'administrator' })
    const both = await Promise.all([
      change('eve@example.com', { role: 'viewer' }),
      change(administrator, { role: 'viewer' }, eve),
    ])
    expect(both.filter(({ status }) => status === 200)).toHaveLength(1)
    const left = await server.database.query(`select from memberships where site = 'main' and role = 'administrator'`)
    expect(left).toHaveLength(1)
    await server.database.query(
      `update memberships set role = case when user_id = (select id from users where email = $1) then 'administrator' else 'viewer' end
       where site = 'main'`,
      [administrator],
    )
    clock.advanceTo(clock.now() + 2_000)
  })
})

describe('an administrator of one department', () => {
  it('manages nobody and nothing beyond it', async () => {
    const carol = await server.join('carol@example.com', { role: 'administrator', departments: ['assembly'] })
    const invite = (body: unknown) => carol.call('/api/v1/invitations', { body })
    expectProblem(await change('carol@example.com', { role: 'administrator' }, carol), 403, 'forbidden')
    expectProblem(
      await change('bob@example.com', { role: 'viewer', departments: ['assembly'] }, carol),
      403,
      'forbidden',
    )
    expectProblem(await remove(administrator, carol), 403, 'forbidden')
    expectProblem(await invite({ email: 'x@example.com', role: 'viewer' }), 403, 'forbidden')
    const key = { name: 'mine', scopes: ['read'] }
    expectProblem(await carol.call('/api/v1/admin/keys', { body: key }), 403, 'forbidden')
    expect((await invite({ email: 'x@example.com', role: 'viewer', departments: ['assembly'] })).status).toBe(200)
  })
})

describe('an account', () => {
  const act = async (action: string, email: string, by = server.ada) =>
    by.call(`/api/v1/people/${await idOf(email)}/${action}`, { body: {} })

  it('is disabled: its sessions end, and nobody signs in to it until it is enabled', async () => {
    const dan = await server.join('dan@example.com', { role: 'viewer' })
    expect(await act('disable', 'dan@example.com')).toMatchObject({ status: 200, body: { disabledAt: clock.now() } })
    expectProblem(await dan.call('/api/v1/people'), 401, 'unauthorized')
    expect(await server.visitor().signIn('dan@example.com', password)).toMatchObject({
      status: 403,
      body: { code: 'ACCOUNT_DISABLED' },
    })
    expect(await server.visitor().signIn('dan@example.com', 'a wrong password')).toMatchObject({ status: 401 })
    expect((await server.recorded())[0]).toBe(`${administrator} account.disabled dan@example.com`)
    const enabled = await act('enable', 'dan@example.com')
    expect(enabled.body).not.toHaveProperty('disabledAt')
    // Its sessions have ended, and do not come back with it.
    expectProblem(await dan.call('/api/v1/people'), 401, 'unauthorized')
    expect((await server.visitor().signIn('dan@example.com', password)).status).toBe(200)
    expect((await server.recorded())[0]).toBe(`${administrator} account.enabled dan@example.com`)
  })

  it('is signed out everywhere, and may sign in again', async () => {
    const dan = server.visitor()
    await dan.signIn('dan@example.com', password)
    expect((await act('end-sessions', 'dan@example.com')).status).toBe(200)
    expectProblem(await dan.call('/api/v1/people'), 401, 'unauthorized')
    expect((await dan.signIn('dan@example.com', password)).status).toBe(200)
    expect((await server.recorded())[0]).toBe(`${administrator} sessions.ended dan@example.com`)
  })

  it('is not closed by its owner, nor by whoever manages one of its sites alone', async () => {
    expectProblem(await act('disable', administrator), 403, 'forbidden')
    await server.database.query(
      `insert into memberships (site, user_id, role) select 'south', id, 'viewer' from users where email = 'dan@example.com'`,
    )
    expectProblem(await act('disable', 'dan@example.com'), 403, 'forbidden')
    await server.database.query(`delete from memberships where site = 'south'`)
  })

  it('of the last administrator stays open, whoever asks', async () => {
    const headers = { authorization: `Bearer ${server.server.access.localAdminToken}` }
    const path = `/api/v1/people/${await idOf(administrator)}/disable`
    expectProblem(await server.visitor().call(path, { body: {}, headers }), 409, 'last_administrator')
  })
})

describe('a name', () => {
  it.each(['Ada\u202Egnp.exe', 'Ada\u0007', 'Ada\u200B', 'Ada\nLovelace', '\u2066Ada', ' '])(
    'is refused: %j',
    async (name) => {
      const invitation = { token: 'x'.repeat(43), name, password }
      const settings = {}
      for (const [method, path, body] of [
        ['PUT', '/api/v1/me', { name }],
        ['POST', '/api/v1/setup', { ...invitation, email: 'x@example.com' }],
        ['POST', '/api/v1/invitations/accept', invitation],
        ['POST', '/api/v1/admin/keys', { name, scopes: ['read'] }],
        ['PUT', '/api/v1/screens/none', { name, settings }],
        ['POST', '/api/v1/screens/pairing/BCDFGHJK/approve', { name, settings }],
      ] as const) {
        const reply = await server.ada.call(path, { method, body })
        expectProblem(reply, 400, 'invalid_field')
        expect([path, reply.body]).toMatchObject([path, { details: [{ field: 'name' }] }])
      }
    },
  )

  it('is changed by its owner, with a record', async () => {
    expect(await server.ada.call('/api/v1/me', { method: 'PUT', body: { name: ' Ada King ' } })).toMatchObject({
      status: 200,
      body: { name: 'Ada King' },
    })
    expect((await server.ada.call('/api/v1/me')).body).toMatchObject({ name: 'Ada King' })
    expect((await server.recorded())[0]).toBe(`${administrator} person.renamed ${administrator}`)
  })
})

describe('a proof of who somebody is', () => {
  const dear = async (): Promise<readonly (readonly [string, string, unknown?])[]> => {
    const id = await idOf('dan@example.com')
    return [
      ['POST', '/api/v1/admin/keys', { name: 'k', scopes: ['read'] }],
      ['PUT', `/api/v1/people/${id}`, { role: 'administrator' }],
      ['DELETE', `/api/v1/people/${id}`],
      ['POST', `/api/v1/people/${id}/disable`, {}],
      ['POST', `/api/v1/people/${id}/enable`, {}],
      ['POST', `/api/v1/people/${id}/end-sessions`, {}],
      ['POST', '/api/v1/invitations', { email: 'mallory@example.com', role: 'administrator' }],
    ]
  }

  it('is needed within ten minutes for what an abandoned browser must not do', async () => {
    const before = await server.recorded()
    await server.database.query(`update user_sessions set authenticated_at = now() - interval '10 minutes'`)
    clock.advanceTo(clock.now() + 2_000)
    for (const [method, path, body] of await dear()) {
      const reply = await server.ada.call(path, { method, body })
      expectProblem(reply, 403, 'reauthentication_required')
    }
    expect(await server.recorded()).toEqual(before)
    const confirm = (body: unknown) => server.ada.call('/api/v1/me/confirm', { body })
    expectProblem(await confirm({ password: 'not the password' }), 400, 'invalid_field')
    expectProblem(await confirm({ code: '123456' }), 400, 'invalid_field')
    expectProblem(await server.ada.call((await dear())[0]![1], { body: {} }), 403, 'reauthentication_required')
    expect((await confirm({ password })).status).toBe(200)
    const [, path, body] = (await dear())[0]!
    expect((await server.ada.call(path, { body })).status).toBe(200)
  })

  it('is not guessed for long', async () => {
    const confirm = () => server.ada.call('/api/v1/me/confirm', { body: { password: 'not the password' } })
    for (let i = 0; i < 10; i++) await confirm()
    expectProblem(await confirm(), 429, 'rate_limited')
  })

  it('cannot be given by a key or an anonymous visitor', async () => {
    const key = await server.createKey(['admin'])
    expectProblem(await server.visitor().call('/api/v1/me/confirm', { key, body: { password } }), 403, 'forbidden')
    expectProblem(await server.visitor().call('/api/v1/me/confirm', { body: { password } }), 401, 'unauthorized')
  })
})

describe('a key', () => {
  it('is listed and revoked, at once and with a record', async () => {
    const created = await server.ada.call('/api/v1/admin/keys', { body: { name: 'erp', scopes: ['read'] } })
    const { id, key } = created.body as { id: string; key: string }
    const read = () => server.visitor().call('/api/v1/board', { key, headers: { origin: 'http://board.example' } })
    expect((await read()).status).toBe(200)
    expect((await server.ada.call(`/api/v1/keys/${id}`, { method: 'DELETE' })).status).toBe(200)
    expectProblem(await read(), 401, 'unauthorized')
    expectProblem(await server.ada.call(`/api/v1/keys/${id}`, { method: 'DELETE' }), 404, 'not_found')
    const { keys } = keyList.parse((await server.ada.call('/api/v1/keys')).body)
    expect(keys).toContainEqual(expect.objectContaining({ id, name: 'erp', scopes: ['read'], revokedAt: clock.now() }))
    expect((await server.recorded()).slice(0, 2)).toEqual([
      `${administrator} key.revoked ${id}`,
      `${administrator} key.created ${id}`,
    ])
    expect(JSON.stringify(keys)).not.toContain(key)
  })
})

describe('the sockets of somebody', () => {
  const open = (visitor: Visitor) => openScreen(server.url, { headers: { cookie: visitor.cookie, origin: server.url } })
  const closed = (screen: Awaited<ReturnType<typeof open>>) =>
    new Promise((resolve) => screen.on('disconnect', (reason) => resolve(reason)))

  it('close when they leave the site', async () => {
    const frank = await server.join('frank@example.com', { role: 'viewer' })
    const ended = closed(await open(frank))
    expect((await remove('frank@example.com')).status).toBe(200)
    clock.advanceTo(clock.now() + 2_000)
    expect(await ended).toBe('io server disconnect')
    await expect(open(frank)).rejects.toThrow('forbidden')
    expect((await server.recorded())[0]).toBe(`${administrator} person.left frank@example.com`)
  })

  it('close when their session ends', async () => {
    const grace = await server.join('grace@example.com', { role: 'viewer' })
    const ended = closed(await open(grace))
    const other = server.visitor()
    await other.signIn('grace@example.com', password)
    await other.call('/api/auth/revoke-other-sessions', { body: {} })
    clock.advanceTo(clock.now() + 2_000)
    expect(await ended).toBe('io server disconnect')
    await expect(open(grace)).rejects.toThrow('unauthorized')
  })
})

it('somebody has twenty sessions at most, of which the oldest end', async () => {
  await server.join('many@example.com', { role: 'viewer' })
  const [user] = await server.database.query<{ id: string }>(`select id from users where email = 'many@example.com'`)
  await server.database.query(
    `insert into user_sessions (id, user_id, token, expires_at, updated_at)
     select 's-' || n, $1, 't-' || n, now() + interval '1 day', now() - interval '1 minute' * n from generate_series(1, 40) n`,
    [user!.id],
  )
  const visitor = server.visitor()
  expect((await visitor.signIn('many@example.com', password)).status).toBe(200)
  const left = await server.database.query<{ id: string }>('select id from user_sessions where user_id = $1', [
    user!.id,
  ])
  expect(left).toHaveLength(20)
  expect(left.map(({ id }) => id)).toEqual(expect.arrayContaining(['s-1', 's-2', 's-18']))
  expect((await visitor.call('/api/v1/me')).body).toMatchObject({ kind: 'person' })
})
