import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../harness/free-port.ts'
import { expectProblem } from '../http/expect-problem.ts'
import { client, openOidcServer, signInThrough } from './oidc-server.ts'
import type { OidcServer } from './oidc-server.ts'
import { administrator, password, startPeopled } from './peopled-server.ts'
import type { PeopledServer } from './peopled-server.ts'

let provider: OidcServer
let server: PeopledServer

beforeAll(async () => {
  const port = String(await freePort())
  const url = `http://127.0.0.1:${port}`
  provider = await openOidcServer(`${url}/api/auth/callback/oidc`)
  const variables = {
    PUBLIC_URL: url,
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: client.id,
    OIDC_CLIENT_SECRET: client.secret,
    OIDC_NAME: 'Works login',
  }
  server = await startPeopled({ variables, port })
})
afterAll(async () => {
  await server.close()
  await provider.close()
})

const signIn = async (email: string) => {
  const visitor = server.visitor()
  return { visitor, came: await signInThrough(visitor, server.url, email) }
}
const invite = (email: string) =>
  server.ada.call('/api/v1/invitations', { body: { email, role: 'lead', departments: ['assembly'] } })
const accounts = () => server.database.query<{ email: string }>('select email from users order by email')

describe('single sign-on', () => {
  it('is offered under its name', async () => {
    expect((await server.visitor().call('/api/v1/sign-in')).body).toMatchObject({ singleSignOn: 'Works login' })
  })

  it('lets nobody in who was not invited, says so, and keeps no account', async () => {
    const { visitor, came } = await signIn('stranger@example.com')
    expect(came.pathname).toBe('/sign-in')
    expect(Object.fromEntries(came.searchParams)).toEqual({
      error: 'invitation_needed',
      error_description: 'Ask an administrator of your site for an invitation.',
    })
    expect(visitor.cookie).not.toContain('session_token')
    expect(await accounts()).toEqual([{ email: administrator }])
  })

  it('lets somebody in who was invited, as the invitation says, and again later', async () => {
    await invite('bob@example.com')
    for (let time = 1; time <= 2; time++) {
      const { visitor, came } = await signIn('bob@example.com')
      expect(came.href).toBe(`${server.url}/`)
      const me = { email: 'bob@example.com', name: 'Person bob@example.com', role: 'lead', departments: ['assembly'] }
      expect((await visitor.call('/api/v1/me')).body).toMatchObject(me)
    }
    expect((await server.recorded())[0]).toBe('bob@example.com person.joined bob@example.com')
    expect(await accounts()).toHaveLength(2)
  })

  it('lets nobody in under an address that the provider has not verified', async () => {
    await invite('unverified@example.com')
    const { visitor, came } = await signIn('unverified@example.com')
    expect(came.searchParams.get('error')).toBe('email_not_verified')
    expect(visitor.cookie).not.toContain('session_token')
    expect(await accounts()).toHaveLength(2)
  })

  it('leads somebody with a password to the account that they have', async () => {
    const { visitor } = await signIn(administrator)
    expect((await visitor.call('/api/v1/me')).body).toMatchObject({ name: 'Ada', role: 'administrator' })
    expect((await server.visitor().signIn(administrator, password)).status).toBe(200)
    expect(await accounts()).toHaveLength(2)
  })

  it('takes no token that did not come by way of the provider', async () => {
    const body = { provider: 'oidc', callbackURL: '/', idToken: { token: 'x' } }
    expectProblem(await server.visitor().call('/api/auth/sign-in/social', { body }), 400, 'invalid_field')
  })

  it('leads back to no other server', async () => {
    const body = { provider: 'oidc', callbackURL: 'https://evil.example/' }
    expect((await server.visitor().call('/api/auth/sign-in/social', { body })).status).toBe(403)
  })
})
