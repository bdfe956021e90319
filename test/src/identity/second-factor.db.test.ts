import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { expectProblem } from '../http/expect-problem.ts'
import { administrator, password, startPeopled } from './peopled-server.ts'
import type { PeopledServer } from './peopled-server.ts'
import { secretKey, totp } from './totp.ts'

const enabled = z.object({ totpURI: z.string().startsWith('otpauth://totp/'), backupCodes: z.array(z.string()).min(5) })
let server: PeopledServer
let secret: Buffer
let backupCodes: string[]

beforeAll(async () => {
  server = await startPeopled()
})
afterAll(() => server.close())

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
  })

  it('is asked for at sign-in: the password alone gives no session', async () => {
    const visitor = server.visitor()
    const reply = await visitor.signIn(administrator, password)
    expect(reply).toMatchObject({ status: 200, body: { twoFactorRedirect: true } })
    expect(visitor.cookie).not.toContain('session_token')
    expectProblem(await visitor.call('/api/v1/people'), 401, 'unauthorized')
    const guess = await visitor.call('/api/auth/two-factor/verify-totp', { body: { code: '000000' } })
    expect(guess.status).toBe(401)
    await visitor.call('/api/auth/two-factor/verify-totp', { body: { code: totp(secret) } })
    expect((await visitor.call('/api/v1/people')).status).toBe(200)
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
  })
})
