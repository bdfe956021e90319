import { VirtualClock } from '@stagewatch/server/clock/virtual-clock.ts'
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
