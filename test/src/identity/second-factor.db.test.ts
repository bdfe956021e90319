import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { expectProblem } from '../http/expect-problem.ts'
import { administrator, password, startPeopled } from './peopled-server.ts'
import type { PeopledServer } from './peopled-server.ts'
import type { Visitor } from './visitor.ts'
import { secretKey, totp } from './totp.ts'

const enabled = z.object({ totpURI: z.string().startsWith('otpauth://totp/'), backupCodes: z.array(z.string()).min(5) })
let server: PeopledServer
let secret: Buffer
let backupCodes: string[]

beforeAll(async () => {
  server = await startPeopled()
})
afterAll(() => server.close())

/** A code is valid once within its 30 s window, and a test does not wait that long. */
const forgetUsedCodes = () => server.database.query('delete from used_codes')

describe('a second factor', () => {
  it('is set up by who knows the password, and counts once a code was right', async () => {
    const wrong = await server.ada.call('/api/auth/two-factor/enable', { body: { password: 'not the password' } })
    expect(wrong.status).toBe(400)
    const reply = await server.ada.call('/api/auth/two-factor/enable', { body: { password } })
    const { totpURI, backupCodes: codes } = enabled.parse(reply.body)
    secret = secretKey(new URL(totpURI).searchParams.get('secret') ?? '')
    backupCodes = codes
    expect((await server.ada.call('/api/v1/me')).body).toMatchObject({ twoFactor: false })
    const verified = await server.ada.call('/api/auth/two-factor/verify-totp', { body: { code: totp(secret) } })
    expect(verified.status).toBe(200)
    expect((await server.ada.call('/api/v1/me')).body).toMatchObject({ twoFactor: true })
    expect((await server.recorded())[0]).toBe(`${administrator} second-factor.enabled ${administrator}`)
  })

  it('is asked for at sign-in: the password alone gives no session', async () => {
    const visitor = server.visitor()
    const reply = await visitor.signIn(administrator, password)
    expect(reply).toMatchObject({ status: 200, body: { twoFactorRedirect: true } })
    expect(visitor.cookie).not.toContain('session_token')
    expectProblem(await visitor.call('/api/v1/people'), 401, 'unauthorized')
    const guess = await visitor.call('/api/auth/two-factor/verify-totp', { body: { code: '000000' } })
    expect(guess.status).toBe(401)
    await forgetUsedCodes()
    await visitor.call('/api/auth/two-factor/verify-totp', { body: { code: totp(secret) } })
    expect((await visitor.call('/api/v1/people')).status).toBe(200)
  })

  it('takes a code once: not again within its half minute, and not from two at the same moment', async () => {
    await forgetUsedCodes()
    const challenged = async () => {
      const visitor = server.visitor()
      await visitor.signIn(administrator, password)
      return visitor
    }
    const enter = (visitor: Visitor, code: string) =>
      visitor.call('/api/auth/two-factor/verify-totp', { body: { code } })
    const [first, second, third] = [await challenged(), await challenged(), await challenged()]
    const code = totp(secret)
    const replies = await Promise.all([enter(first, code), enter(second, code)])
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200, 401]))
    const cookies = [first, second].map(({ cookie }) => cookie.includes('session_token'))
    expect(new Set(cookies)).toEqual(new Set([false, true]))
    expect(await enter(third, code)).toMatchObject({ status: 401, body: { code: 'INVALID_CODE' } })
    expectProblem(await third.call('/api/v1/people'), 401, 'unauthorized')
    await forgetUsedCodes()
    expect((await enter(third, totp(secret))).status).toBe(200)
  })

  it('cannot be skipped the next time', async () => {
    const visitor = server.visitor()
    await visitor.signIn(administrator, password)
    const body = { code: totp(secret), trustDevice: true }
    expectProblem(await visitor.call('/api/auth/two-factor/verify-totp', { body }), 400, 'invalid_field')
  })

  it('is replaced by a backup code, once', async () => {
    const enter = async () => {
      const visitor = server.visitor()
      await visitor.signIn(administrator, password)
      return visitor.call('/api/auth/two-factor/verify-backup-code', { body: { code: backupCodes[0] } })
    }
    expect((await enter()).status).toBe(200)
    expect((await enter()).status).toBe(401)
  })

  it('confirms who somebody is, once with each code, and only for its owner', async () => {
    const confirm = (code: string, visitor: Visitor = server.ada) =>
      visitor.call('/api/v1/me/confirm', { body: { code } })
    const other = await server.join('bob@example.com', { role: 'viewer' })
    await forgetUsedCodes()
    expectProblem(await confirm('000000'), 400, 'invalid_field')
    expectProblem(await confirm(totp(secret), other), 400, 'invalid_field')
    await server.database.query(`update user_sessions set authenticated_at = now() - interval '1 hour'`)
    server.server.identity.sessions.forget()
    const invite = () =>
      server.ada.call('/api/v1/invitations', { body: { email: 'carol@example.com', role: 'viewer' } })
    expectProblem(await invite(), 403, 'reauthentication_required')
    const code = totp(secret)
    const replies = await Promise.all([confirm(code), confirm(code)])
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200, 400]))
    expect(replies.map(({ body }) => body)).toContainEqual({ confirmed: true })
    expect((await invite()).status).toBe(200)
    expectProblem(await confirm(code), 400, 'invalid_field')
  })

  it('is kept encrypted', async () => {
    const [row] = await server.database.query<{ secret: string }>('select secret from two_factors')
    expect(row?.secret).not.toContain(secret.toString())
  })

  it('is given up by who knows the password', async () => {
    expect((await server.ada.call('/api/auth/two-factor/disable', { body: { password } })).status).toBe(200)
    expect((await server.ada.call('/api/v1/me')).body).toMatchObject({ twoFactor: false })
    const visitor = server.visitor()
    await visitor.signIn(administrator, password)
    expect((await visitor.call('/api/v1/people')).status).toBe(200)
    expect((await server.recorded())[0]).toBe(`${administrator} second-factor.disabled ${administrator}`)
  })
})
