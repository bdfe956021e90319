import { afterAll, beforeAll, expect, it } from 'vitest'
import { administrator, password, startPeopled } from './peopled-server.ts'
import type { PeopledServer } from './peopled-server.ts'

let server: PeopledServer

beforeAll(async () => {
  server = await startPeopled({ variables: { PUBLIC_URL: 'https://board.example' } })
})
afterAll(() => server.close())

it('behind https every cookie is secure and belongs to this host alone', async () => {
  const visitor = server.visitor()
  const reply = await visitor.call('/api/auth/sign-in/email', {
    body: { email: administrator, password },
    headers: { origin: 'https://board.example' },
  })
  const cookies = reply.headers.getSetCookie()
  expect(cookies.length).toBeGreaterThan(0)
  for (const cookie of cookies) {
    expect(cookie).toMatch(/^__Host-stagewatch\./)
    for (const attribute of ['Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax']) expect(cookie).toContain(attribute)
    expect(cookie).not.toMatch(/domain/i)
  }
  expect((await visitor.call('/api/v1/me')).body).toMatchObject({ email: administrator })
  const stripped = visitor.cookie.replaceAll('__Host-', '')
  expect((await server.visitor().call('/api/v1/me', { headers: { cookie: stripped } })).status).toBe(401)
})

it('the cookie of better-auth and the one of an invitation are the same', async () => {
  const bob = await server.join('bob@example.com', { role: 'viewer' })
  const { body } = await bob.call('/api/auth/get-session')
  expect(body).toMatchObject({ user: { email: 'bob@example.com' } })
})
