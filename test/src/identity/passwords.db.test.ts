import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectProblem } from '../http/expect-problem.ts'
import { openMailBox, tokenIn } from './mail-box.ts'
import type { MailBox } from './mail-box.ts'
import { administrator, password, startPeopled } from './peopled-server.ts'
import type { PeopledServer } from './peopled-server.ts'

const newPassword = 'another horse altogether'
let mails: MailBox
let server: PeopledServer

beforeAll(async () => {
  mails = await openMailBox()
  server = await startPeopled({ variables: { ...mails.variables, PUBLIC_URL: 'http://board.example' } })
})
afterAll(async () => {
  await server.close()
  await mails.close()
})

const forget = (email: string) => server.visitor().call('/api/auth/request-password-reset', { body: { email } })
const reset = (token: string, chosen = newPassword) =>
  server.visitor().call('/api/auth/reset-password', { body: { token, newPassword: chosen } })

describe('a forgotten password', () => {
  it('is replaced by way of a mail, once, and every session ends', async () => {
    const asked = await forget(administrator)
    expect(asked.status).toBe(200)
    const mail = await mails.next(administrator)
    expect(mail).toContain('http://board.example/reset#token=')
    const token = tokenIn(mail)
    expect((await reset(token, 'too short')).status).toBe(400)
    expect((await server.ada.call('/api/v1/me')).status).toBe(200)
    expect((await reset(token)).status).toBe(200)
    expectProblem(await server.ada.call('/api/v1/me'), 401, 'unauthorized')
    expect(await reset(token)).toMatchObject({ status: 400, body: { code: 'INVALID_TOKEN' } })
    expect((await server.visitor().signIn(administrator, password)).status).toBe(401)
    expect((await server.ada.signIn(administrator, newPassword)).status).toBe(200)
  })

  it('of somebody unknown is answered alike, without a mail', async () => {
    const [known, unknown] = [await forget(administrator), await forget('nobody@example.com')]
    expect(unknown).toMatchObject({ status: known.status, body: known.body })
    await mails.next(administrator)
    expect(mails.count).toBe(0)
  })

  it('is asked for three times in a quarter of an hour', async () => {
    expect((await forget(administrator)).status).toBe(200)
    await mails.next(administrator)
    const reply = await forget(administrator)
    expectProblem(reply, 429, 'rate_limited')
    expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0)
  })

  it('keeps no link in the database that could be used', async () => {
    const rows = await server.database.query<{ identifier: string }>('select identifier from user_verifications')
    expect(rows.filter(({ identifier }) => identifier.startsWith('reset-password:'))).toEqual([])
  })

  it('is replaced with a link of the operator, which nobody else can make', async () => {
    const { body } = await server.ada.call('/api/v1/people')
    const [{ id }] = (body as { people: [{ id: string }] }).people
    const path = `/api/v1/people/${id}/reset-link`
    expectProblem(await server.ada.call(path, { method: 'POST' }), 403, 'forbidden')
    const made = await server.visitor().call(path, { method: 'POST', key: server.server.access.operatorToken })
    expect(made.status).toBe(200)
    expect((await reset(tokenIn((made.body as { link: string }).link), password)).status).toBe(200)
    expect((await server.ada.signIn(administrator, password)).status).toBe(200)
  })
})

describe('a password', () => {
  it('is changed by who knows it, and other sessions end', async () => {
    const other = server.visitor()
    await other.signIn(administrator, password)
    const changed = { currentPassword: password, newPassword, revokeOtherSessions: true }
    const wrong = await server.ada.call('/api/auth/change-password', {
      body: { ...changed, currentPassword: 'wrong one' },
    })
    expect(wrong.status).toBe(400)
    expect((await server.ada.call('/api/auth/change-password', { body: changed })).status).toBe(200)
    expectProblem(await other.call('/api/v1/me'), 401, 'unauthorized')
    expect((await server.ada.call('/api/v1/me')).status).toBe(200)
  })
})
