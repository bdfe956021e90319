import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../harness/free-port.ts'
import { expectProblem } from '../http/expect-problem.ts'
import { client, openOidcServer, signInThrough } from './oidc-server.ts'
import type { OidcServer } from './oidc-server.ts'
import { administrator, password, startPeopled } from './peopled-server.ts'
import type { PeopledServer } from './peopled-server.ts'

const lines: string[] = []
let provider: OidcServer
let server: PeopledServer

beforeAll(async () => {
  const port = String(await freePort())
  const url = `http://127.0.0.1:${port}`
  const logger = pino({ level: 'info' }, { write: (line: string) => lines.push(line) })
  provider = await openOidcServer(`${url}/api/auth/callback/oidc`)
  const variables = {
    PUBLIC_URL: url,
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: client.id,
    OIDC_CLIENT_SECRET: client.secret,
    OIDC_NAME: 'Works login',
  }
  server = await startPeopled({ variables, port, logger })
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
    const [bob] = await server.database.query(
      `select email_verified as verified, two_factor_enabled as second from users where email = 'bob@example.com'`,
    )
    expect(bob).toEqual({ verified: true, second: false })
  })

  it.each([
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    ' //evil.example',
    '/.//evil.example',
    '/%09/evil.example',
    '/%2f/evil.example',
    '/\uff0fevil.example',
    'javascript:alert(1)',
  ])('comes back to no address of somebody else: %j', async (address) => {
    for (const field of ['callbackURL', 'errorCallbackURL', 'newUserCallbackURL']) {
      const body = { provider: 'oidc', [field]: address }
      const reply = await server.visitor().call('/api/auth/sign-in/social', { body })
      expect(reply.body).toMatchObject({ code: 'forbidden', details: [{ field }] })
      expect([field, reply.status]).toEqual([field, 403])
    }
  })

  it.each(['false', 'null', '0', '"true"', '1', 'absent'])(
    'lets nobody in while email_verified is %s',
    async (claim) => {
      const email = `verified-${claim}@example.com`
      await server.database.query(
        `insert into invitations (site, id, email, role, hash, invited_by, expires_at)
         values ('main', $1, $1, 'lead', $1, 'ada', now() + interval '1 day')`,
        [email],
      )
      const { visitor, came } = await signIn(email)
      expect(came.searchParams.get('error')).toBe('email_not_verified')
      expect(visitor.cookie).not.toContain('session_token')
      expect(await accounts()).toHaveLength(2)
    },
  )

  it('takes an account over whose address was never proven, and ends what its maker knows of it', async () => {
    const squatter = await server.join('owner@example.com', { role: 'lead', departments: ['assembly'] })
    const { visitor } = await signIn('owner@example.com')
    expect((await visitor.call('/api/v1/me')).body).toMatchObject({ email: 'owner@example.com', role: 'lead' })
    expect((await squatter.call('/api/v1/me')).body).toMatchObject({ kind: 'visitor' })
    expect((await server.visitor().signIn('owner@example.com', password)).status).toBe(401)
    expect((await server.recorded())[0]).toBe('owner@example.com account.linked owner@example.com')
    const linked = lines.filter((line) => line.includes('security')).map((line): unknown => JSON.parse(line))
    expect(linked).toContainEqual(
      expect.objectContaining({ security: 'account.linked', who: 'owner@example.com', address: '127.0.0.1' }),
    )
  })

  it('is connected with a proven account only by whoever has just proven that it is theirs', async () => {
    await server.database.query('update users set email_verified = true where email = $1', [administrator])
    const stranger = await signIn(administrator)
    expect(stranger.came.searchParams.get('error')).toBe('link_needed')
    expect(stranger.visitor.cookie).not.toContain('session_token')
    const other = await server.join('other@example.com', { role: 'viewer' })
    expect((await signInThrough(other, server.url, administrator)).searchParams.get('error')).toBe('link_needed')

    await server.database.query(`update user_sessions set authenticated_at = now() - interval '11 minutes'`)
    server.server.identity.sessions.forget()
    expect((await signInThrough(server.ada, server.url, administrator)).searchParams.get('error')).toBe('link_needed')

    const own = server.visitor()
    expect((await own.signIn(administrator, password)).status).toBe(200)
    await signInThrough(own, server.url, administrator)
    expect((await server.recorded())[0]).toBe(`${administrator} account.linked ${administrator}`)
    const later = await signIn(administrator)
    expect((await later.visitor.call('/api/v1/me')).body).toMatchObject({ name: 'Ada', role: 'administrator' })
    expect((await server.visitor().signIn(administrator, password)).status).toBe(200)
  })

  it('lets nobody into an account that was disabled', async () => {
    await server.database.query(`update users set disabled_at = now() where email = 'bob@example.com'`)
    const { visitor, came } = await signIn('bob@example.com')
    expect(came.searchParams.get('error')).toBe('account_disabled')
    expect(visitor.cookie).not.toContain('session_token')
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
