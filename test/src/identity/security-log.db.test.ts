import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { administrator, password, startPeopled } from './peopled-server.ts'
import type { PeopledServer } from './peopled-server.ts'
import { secretKey, totp } from './totp.ts'

const lines: string[] = []
let server: PeopledServer

beforeAll(async () => {
  const logger = pino({ level: 'info' }, { write: (line: string) => lines.push(line) })
  server = await startPeopled({
    logger,
    variables: { PUBLIC_URL: 'http://board.example', TRUSTED_PROXIES: '127.0.0.1' },
  })
})
afterAll(() => server.close())

describe('the log', () => {
  const securityLine = z.object({ security: z.string(), level: z.int(), requestId: z.string(), address: z.string() })

  /** The security log entries written while `work` ran. */
  async function said(work: () => Promise<unknown>) {
    lines.length = 0
    await work()
    const parsed: unknown[] = lines.map((line) => JSON.parse(line))
    return parsed.filter((line) => securityLine.safeParse(line).success)
  }
  const signIn = (given: string, address = '203.0.113.77') =>
    server.visitor().call('/api/auth/sign-in/email', {
      body: { email: administrator, password: given },
      headers: { 'x-forwarded-for': address },
    })

  it('says who signed in or tried to, from where, and under which request', async () => {
    expect(await said(() => signIn('a wrong password'))).toMatchObject([
      { security: 'sign-in.failed', level: 40, who: administrator, address: '203.0.113.77' },
    ])
    expect(await said(() => signIn(password))).toMatchObject([
      { security: 'sign-in.succeeded', level: 30, who: administrator, address: '203.0.113.77' },
    ])
    const guess = () => signIn('a wrong password', '203.0.113.78')
    for (let i = 0; i < 5; i++) await guess()
    expect(await said(guess)).toMatchObject([
      { security: 'sign-in.refused', reason: 'rate_limited', who: administrator },
    ])
  })

  it('says which address somebody typed, and nothing that is none', async () => {
    const typed = (email: string) =>
      said(() => server.visitor().call('/api/auth/sign-in/email', { body: { email, password: 'a wrong password' } }))
    const domain = '@example.com'
    const longest = `${'x'.repeat(320 - domain.length)}${domain}`
    expect(await typed('Nobody@Example.com')).toMatchObject([{ security: 'sign-in.failed', who: 'nobody@example.com' }])
    expect(await typed(longest)).toMatchObject([{ who: `${longest.slice(0, 200)}…` }])
    for (const other of [`x${longest}`, 'a pass@word.x', 'pass@word', 'a@b@c.d']) {
      expect(await typed(other)).toMatchObject([{ security: 'sign-in.failed', who: '(not an e-mail address)' }])
    }
  })

  it('says who came by a link, and who tried with a wrong one', async () => {
    const join = () => server.join('bob@example.com', { role: 'viewer' })
    expect(await said(join)).toMatchObject([
      { security: 'sign-in.succeeded', who: 'bob@example.com', site: 'main', route: '/api/v1/invitations/accept' },
    ])
    const body = { token: 'x'.repeat(43), name: 'Eve', password }
    expect(await said(() => server.visitor().call('/api/v1/invitations/accept', { body }))).toMatchObject([
      { security: 'sign-in.refused', reason: 'not_found', route: '/api/v1/invitations/accept' },
    ])
  })

  it('says what somebody does to the ways into their account, and what they try', async () => {
    const visitor = await server.join('kim@example.com', { role: 'viewer' })
    const post = (path: string, body: Readonly<Record<string, unknown>>) =>
      said(() => visitor.call(`/api/auth/${path}`, { body }))
    const line = (security: string) => [{ security, who: 'kim@example.com', address: '127.0.0.1' }]
    const wrong = 'a wrong password'

    expect(await post('two-factor/enable', { password: wrong })).toMatchObject(line('reauthentication.failed'))
    const { body } = await visitor.call('/api/auth/two-factor/enable', { body: { password } })
    const secret = secretKey(new URL((body as { totpURI: string }).totpURI).searchParams.get('secret') ?? '')
    expect(await post('two-factor/verify-totp', { code: '000000' })).toMatchObject(line('second-factor.failed'))
    expect(await post('two-factor/verify-totp', { code: totp(secret) })).toMatchObject(line('second-factor.enabled'))
    expect(await post('two-factor/disable', { password: wrong })).toMatchObject(line('reauthentication.failed'))
    expect(await post('two-factor/disable', { password })).toMatchObject(line('second-factor.disabled'))

    const change = { currentPassword: password, newPassword: 'another horse altogether' }
    expect(await post('change-password', { ...change, currentPassword: wrong })).toMatchObject(
      line('reauthentication.failed'),
    )
    expect(await post('change-password', change)).toMatchObject(line('password.changed'))
    expect(await post('revoke-other-sessions', {})).toMatchObject(line('sessions.ended'))

    const confirm = (given: string) => said(() => visitor.call('/api/v1/me/confirm', { body: { password: given } }))
    expect(await confirm(wrong)).toMatchObject(line('reauthentication.failed'))
    expect(await confirm(change.newPassword)).toMatchObject(line('reauthentication.succeeded'))
    expect(await post('sign-out', {})).toMatchObject(line('sign-out'))
  })

  it('says what was refused to whom', async () => {
    const visitor = server.visitor()
    const key = await server.createKey(['read'])
    expect(await said(() => visitor.call('/api/v1/keys', { key }))).toMatchObject([
      { security: 'access.refused', reason: 'forbidden', who: 'test', site: 'main', route: 'GET /api/v1/keys' },
    ])
    expect(await said(() => visitor.call('/api/v1/keys', { key: 'sw_unknown' }))).toMatchObject([
      { security: 'access.refused', reason: 'unauthorized' },
    ])
    expect(await said(() => visitor.call('/api/v1/me'))).toEqual([])
  })

  it('contains no password, key or cookie', async () => {
    lines.length = 0
    const visitor = server.visitor()
    await visitor.signIn(administrator, 'an unmistakable guess')
    await visitor.signIn(administrator, password)
    // Typed into the field of the address by mistake, until further attempts are refused and logged.
    for (let attempt = 0; attempt < 7; attempt++) await server.visitor().signIn('unmistakable pass@word', 'x')
    expect(lines.join('')).toContain('rate_limited')
    await visitor.call('/api/v1/keys', { key: 'sw_unmistakable' })
    await visitor.call('/api/auth/sign-out', { body: {} })
    expect(lines.length).toBeGreaterThan(3)
    expect(lines.join('')).not.toMatch(/unmistakable|correct horse|session_token|stagewatch\.device/)
  })
})
