import { request } from 'node:http'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectProblem } from '../http/expect-problem.ts'
import { administrator, password, startPeopled } from './peopled-server.ts'
import type { PeopledServer } from './peopled-server.ts'

const clock = new VirtualClock(Date.UTC(2026, 10, 25, 8))
let server: PeopledServer

beforeAll(async () => {
  server = await startPeopled({
    clock,
    variables: { PUBLIC_URL: 'http://board.example', TRUSTED_PROXIES: '127.0.0.1' },
  })
})
afterAll(() => server.close())

const dayMs = 24 * 3_600_000

describe('signing in', () => {
  it('takes the right password and gives a session of its own each time', async () => {
    const visitor = server.visitor()
    expect(await visitor.signIn(administrator.toUpperCase(), password)).toMatchObject({ status: 200 })
    const first = visitor.cookie
    expect((await visitor.call('/api/v1/me')).body).toMatchObject({ email: administrator, role: 'administrator' })
    await visitor.signIn(administrator, password)
    expect(visitor.cookie).not.toBe(first)
  })

  it('answers a wrong password and an unknown person alike', async () => {
    const wrong = await server.visitor().signIn(administrator, 'wrong password')
    const unknown = await server.visitor().signIn('nobody@example.com', 'wrong password')
    expect(wrong.status).toBe(401)
    expect(unknown).toMatchObject({ status: wrong.status, body: wrong.body })
    expect(unknown.headers.getSetCookie()).toEqual(wrong.headers.getSetCookie())
  })

  it('refuses a password that is longer than what is hashed', async () => {
    const signIn = (given: string) => server.visitor().signIn(administrator, given)
    expectProblem(await signIn('x'.repeat(10_000)), 400, 'invalid_field')
    // Bytes are counted, of which a Chinese character takes three.
    for (const given of ['x'.repeat(129), '密'.repeat(43)]) {
      const reply = await signIn(given)
      expectProblem(reply, 400, 'invalid_field')
      expect(reply.body).toMatchObject({ details: [{ field: 'password', reason: 'too_long', limit: 128 }] })
    }
    for (const given of ['x'.repeat(128), '密'.repeat(42)]) expect((await signIn(given)).status).toBe(401)
    expect((await signIn(password)).status).toBe(200)
  })

  it('is tried five times, and then after a delay that grows, for each account', async () => {
    const email = 'guessed@example.com'
    for (let i = 0; i < 5; i++) expect((await server.visitor().signIn(email, `guess number ${i}`)).status).toBe(401)
    const reply = await server.visitor().signIn(email, 'guess number 6')
    expectProblem(reply, 429, 'rate_limited')
    expect(Number(reply.headers.get('retry-after'))).toBe(30)
    expect((await server.visitor().signIn(administrator, password)).status).toBe(200)
    clock.advanceTo(clock.now() + 30_000)
    expect((await server.visitor().signIn(email, 'guess number 7')).status).toBe(401)
    const later = await server.visitor().signIn(email, 'guess number 8')
    expect(Number(later.headers.get('retry-after'))).toBe(60)
  })

  it('is counted by the address of the client, not by that of the proxy, nor by what the client makes up', async () => {
    const from = (address: string) =>
      server.visitor().call('/api/auth/sign-in/email', {
        body: { email: 'proxied@example.com', password: 'a wrong password' },
        headers: { 'x-forwarded-for': address },
      })
    for (let i = 0; i < 5; i++) expect((await from(`1.2.3.${i}, 203.0.113.9`)).status).toBe(401)
    expectProblem(await from('1.2.3.9, 203.0.113.9'), 429, 'rate_limited')
    expect((await from('203.0.113.10')).status).toBe(401)
    for (let i = 0; i < 5; i++) expect((await from(`2001:db8:0:1::${i}`)).status).toBe(401)
    expectProblem(await from('2001:db8:0:1:ffff::1'), 429, 'rate_limited')
    expect((await from('2001:db8:0:2::1')).status).toBe(401)
  })

  it('goes on for an owner in a browser that is known, whatever strangers at the same address try', async () => {
    const owner = server.visitor()
    expect((await owner.signIn(administrator, password)).status).toBe(200)
    await owner.call('/api/auth/sign-out', { body: {} })
    for (let i = 0; i < 6; i++) await server.visitor().signIn(administrator, 'a wrong password')
    expectProblem(await server.visitor().signIn(administrator, password), 429, 'rate_limited')
    expect((await owner.signIn(administrator, password)).status).toBe(200)
    const made = owner.cookie.replace(/stagewatch\.device=[^;]+/, 'stagewatch.device=made-up.signature')
    const forged = { email: administrator, password }
    const headers = { cookie: made.replace(/stagewatch\.session_token=[^;]+;? ?/, '') }
    const reply = await server.visitor().call('/api/auth/sign-in/email', { body: forged, headers })
    expectProblem(reply, 429, 'rate_limited')
    clock.advanceTo(clock.now() + dayMs)
  })

  it('of many accounts from one address is slowed down, but not from where they are known', async () => {
    const from = (address: string, email: string, given: string) =>
      server.visitor().call('/api/auth/sign-in/email', {
        body: { email, password: given },
        headers: { 'x-forwarded-for': address },
      })
    expect((await from('198.51.100.7', administrator, password)).status).toBe(200)
    for (let i = 0; i < 50; i++) await from('198.51.100.7', `sprayed-${i}@example.com`, 'a wrong password')
    expectProblem(await from('198.51.100.7', 'sprayed-51@example.com', 'a wrong password'), 429, 'rate_limited')
    expect((await from('198.51.100.7', administrator, password)).status).toBe(200)
    expect((await from('198.51.100.8', 'sprayed-51@example.com', 'a wrong password')).status).toBe(401)
  })

  it('is not tried more often by trying all at once', async () => {
    const tries = Array.from({ length: 12 }, () => server.visitor().signIn('burst@example.com', 'a guess of many'))
    const statuses = (await Promise.all(tries)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 401)).toHaveLength(5)
    expect(statuses.filter((status) => status === 429)).toHaveLength(7)
  })

  it('begins to count anew after a success', async () => {
    for (let i = 0; i < 4; i++) await server.visitor().signIn(administrator, 'wrong password')
    expect((await server.visitor().signIn(administrator, password)).status).toBe(200)
    expect((await server.visitor().signIn(administrator, 'wrong password')).status).toBe(401)
    expect((await server.visitor().signIn(administrator, password)).status).toBe(200)
  })
})

it('an address of thousands of dots costs no more time than any other', async () => {
  const email = `a@${'.'.repeat(16_000)}@`
  const begin = process.cpuUsage()
  for (let i = 0; i < 8; i++) {
    const { status } = await server.visitor().signIn(email, 'a wrong password')
    expect(status).toBeGreaterThanOrEqual(400)
  }
  const { user } = process.cpuUsage(begin)
  expect(user / 1_000).toBeLessThan(2_500)
})

describe('signing up', () => {
  it.each([
    'sign-up/email',
    'sign-in/anonymous',
    'delete-user',
    'change-email',
    'update-user',
    'link-social',
    'get-access-token',
  ])('is not there: %s', async (path) => {
    const body = { email: 'new@example.com', name: 'New', password }
    expectProblem(await server.visitor().call(`/api/auth/${path}`, { body }), 404, 'not_found')
  })
})

describe('a request that changes something', () => {
  const endSession = (headers: Readonly<Record<string, string>>) =>
    server.ada.call('/api/auth/revoke-session', { body: { token: 'none' }, headers })

  it('comes from a page of this server', async () => {
    expect((await endSession({})).status).toBe(200)
    expect((await endSession({ origin: 'http://board.example' })).status).toBe(200)
  })

  it.each(['https://evil.example', 'null', 'http://board.example.evil.example'])(
    'is refused from %s',
    async (origin) => {
      expectProblem(await endSession({ origin }), 403, 'forbidden')
      const invitation = { email: 'eve@example.com', role: 'administrator' }
      const invite = server.ada.call('/api/v1/invitations', { body: invitation, headers: { origin } })
      expectProblem(await invite, 403, 'forbidden')
      const signIn = { email: administrator, password }
      expectProblem(
        await server.visitor().call('/api/auth/sign-in/email', { body: signIn, headers: { origin } }),
        403,
        'forbidden',
      )
    },
  )

  it('says where it comes from when it brings a cookie', async () => {
    const { hostname, port } = new URL(server.url)
    const status = await new Promise((resolve, reject) => {
      const headers = { cookie: server.ada.cookie }
      const sent = request({ hostname, port, method: 'DELETE', path: '/api/v1/people/x', headers }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
      sent.on('error', reject)
      sent.end()
    })
    expect(status).toBe(403)
  })

  it.each(['Basic dXNlcjpwYXNz', 'Bearer sw_any', 'Bearer', 'Negotiate abc'])(
    'is refused from elsewhere whatever else the browser adds: %s',
    async (authorization) => {
      const headers = { origin: 'https://evil.example', authorization }
      expectProblem(await endSession(headers), 403, 'forbidden')
      expectProblem(await server.ada.call('/api/auth/sign-out', { body: {}, headers }), 403, 'forbidden')
      expect((await server.ada.call('/api/v1/me')).status).toBe(200)
    },
  )

  it('needs no origin when a key speaks for it beside the cookie of a load balancer', async () => {
    const key = await server.createKey(['admin'])
    const headers = { cookie: 'SERVERID=one', 'content-type': 'application/json', authorization: `Bearer ${key}` }
    const body = JSON.stringify({ name: 'k', scopes: ['read'] })
    const reply = await fetch(`${server.url}/api/v1/admin/keys`, { method: 'POST', headers, body })
    expect(reply.status).toBe(200)
  })

  it('needs no origin when a key speaks for it', async () => {
    const key = await server.createKey(['admin'])
    const headers = { origin: 'https://evil.example' }
    const reply = await server.visitor().call('/api/v1/keys', { key, headers })
    expect(reply.status).toBe(200)
    const created = await server
      .visitor()
      .call('/api/v1/admin/keys', { key, headers, body: { name: 'k', scopes: ['read'] } })
    expect(created.status).toBe(200)
  })
})

describe('sessions', () => {
  const sessionsOf = async (visitor: { call: PeopledServer['ada']['call'] }) => {
    const { body } = await visitor.call('/api/auth/list-sessions')
    return body as { token: string; userAgent: string }[]
  }

  it('are listed and ended by their owner alone', async () => {
    const [desk, phone] = [await server.join('bob@example.com', { role: 'lead' }), server.visitor()]
    await phone.signIn('bob@example.com', password)
    expect(await sessionsOf(desk)).toHaveLength(2)
    const own = await sessionsOf(phone)
    await server.ada.call('/api/auth/revoke-session', { body: { token: own[0]!.token } })
    expect(await sessionsOf(phone)).toHaveLength(2)
    expect((await phone.call('/api/auth/revoke-other-sessions', { body: {} })).status).toBe(200)
    expectProblem(await desk.call('/api/v1/me'), 401, 'unauthorized')
    expect((await phone.call('/api/v1/me')).status).toBe(200)
  })

  it('end with signing out, on the server as well', async () => {
    const visitor = server.visitor()
    await visitor.signIn('bob@example.com', password)
    const { cookie } = visitor
    expect((await visitor.call('/api/auth/sign-out', { body: {} })).status).toBe(200)
    expect(visitor.cookie).not.toContain('session_token')
    expectProblem(await server.visitor().call('/api/v1/me', { headers: { cookie } }), 401, 'unauthorized')
  })

  it('end when nobody has used them for eight hours, and a day after they began at the latest', async () => {
    for (const age of [`updated_at = now() - interval '8 hours'`, `expires_at = now()`]) {
      const visitor = server.visitor()
      await visitor.signIn('bob@example.com', password)
      expect((await visitor.call('/api/v1/me')).status).toBe(200)
      await server.database.query(
        `update user_sessions set ${age} where user_id = (select id from users where email = 'bob@example.com')`,
      )
      expect((await visitor.call('/api/auth/get-session')).body).toBeNull()
      clock.advanceTo(clock.now() + 2_000)
      expectProblem(await visitor.call('/api/v1/me'), 401, 'unauthorized')
    }
  })

  it('go on while they are used', async () => {
    const visitor = server.visitor()
    await visitor.signIn('bob@example.com', password)
    const used = `select s.updated_at > now() - interval '1 minute' as used, u.last_seen_at > now() - interval '1 minute' as seen
      from user_sessions s join users u on u.id = s.user_id where u.email = 'bob@example.com'`
    await server.database.query(`update user_sessions set updated_at = now() - interval '7 hours'`)
    expect((await visitor.call('/api/v1/me')).status).toBe(200)
    expect(await server.database.query(used)).toContainEqual({ used: true, seen: true })
  })
})
