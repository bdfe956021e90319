import { peopleList } from '@stagewatch/shared/contract/people.ts'
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

/** Lets time pass for the links that wait. */
const pass = (time: string) =>
  server.database.query('update user_verifications set expires_at = expires_at - $1::interval', [time])

const addressIsProven = async () => {
  const [row] = await server.database.query<{ proven: boolean }>(
    'select email_verified as proven from users where email = $1',
    [administrator],
  )
  return row?.proven
}

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
    expect(await mails.next(administrator)).toMatch(/密码已通过链接重置[^]*was reset by a link/)
    expect((await server.recorded())[0]).toBe(`${administrator} password.reset ${administrator}`)
    expect(await addressIsProven()).toBe(true)
  })

  it('is replaced by one link: the others of before end with it', async () => {
    const email = 'bob@example.com'
    await server.join(email, { role: 'viewer' })
    await mails.next(email)
    const links = []
    for (let i = 0; i < 2; i++) {
      await forget(email)
      links.push(tokenIn(await mails.next(email)))
    }
    expect((await reset(links[1]!)).status).toBe(200)
    await mails.next(email)
    expect(await reset(links[0]!, 'a third horse in a row')).toMatchObject({ body: { code: 'INVALID_TOKEN' } })
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

  it('is replaced within an hour, by whichever kind of link', async () => {
    const email = 'carol@example.com'
    await server.join(email, { role: 'viewer' })
    await mails.next(email)
    const { people } = peopleList.parse((await server.ada.call('/api/v1/people')).body)
    const path = `/api/v1/people/${people.find((one) => one.email === email)?.id}/reset-link`
    const mailed = async () => {
      await forget(email)
      return mails.next(email)
    }
    const made = async () => {
      const key = server.server.access.localAdminToken
      const { body } = await server.visitor().call(path, { method: 'POST', key })
      return (body as { link: string }).link
    }
    for (const newLink of [mailed, made]) {
      const late = tokenIn(await newLink())
      await pass('60 minutes')
      expect(await reset(late)).toMatchObject({ status: 400, body: { code: 'INVALID_TOKEN' } })
      const early = tokenIn(await newLink())
      await pass('59 minutes')
      expect((await reset(early)).status).toBe(200)
      await mails.next(email)
    }
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
    const made = await server.visitor().call(path, { method: 'POST', key: server.server.access.localAdminToken })
    expect(made.status).toBe(200)
    await server.database.query('update users set email_verified = false')
    expect((await reset(tokenIn((made.body as { link: string }).link), password)).status).toBe(200)
    await mails.next(administrator)
    expect(await addressIsProven()).toBe(false)
    expect((await server.ada.signIn(administrator, password)).status).toBe(200)
  })
})

describe('a password', () => {
  it('is changed by who knows it, and other sessions end', async () => {
    const other = server.visitor()
    await other.signIn(administrator, password)
    const changed = { currentPassword: password, newPassword }
    const wrong = await server.ada.call('/api/auth/change-password', {
      body: { ...changed, currentPassword: 'wrong one' },
    })
    expect(wrong.status).toBe(400)
    expect((await server.ada.call('/api/auth/change-password', { body: changed })).status).toBe(200)
    expectProblem(await other.call('/api/v1/me'), 401, 'unauthorized')
    expect((await server.ada.call('/api/v1/me')).status).toBe(200)
    expect(await mails.next(administrator)).toMatch(/密码已修改[^]*was changed/)
    expect((await server.recorded())[0]).toBe(`${administrator} password.changed ${administrator}`)
  })

  it('is not changed when the change cannot be recorded', async () => {
    const { database } = server
    await database.query(`create function refuse_record() returns trigger language plpgsql as
      $$ begin raise exception 'on purpose'; end $$`)
    await database.query(`create trigger refuse_record before insert on changes
      for each row when (new.action = 'password.changed') execute function refuse_record()`)
    const before = await server.recorded()
    const other = server.visitor()
    await other.signIn(administrator, newPassword)
    const body = { currentPassword: newPassword, newPassword: 'a fourth horse, unseen' }
    expect((await server.ada.call('/api/auth/change-password', { body })).status).toBe(500)
    await database.query('drop function refuse_record cascade')
    expect((await other.call('/api/v1/me')).status).toBe(200)
    expect((await server.visitor().signIn(administrator, body.newPassword)).status).toBe(401)
    expect((await server.visitor().signIn(administrator, newPassword)).status).toBe(200)
    expect([await server.recorded(), mails.count]).toEqual([before, 0])
  })

  it('is refused while it is one of those that are guessed first, wherever it is chosen', async () => {
    const weak = 'Password123'
    const changed = { currentPassword: newPassword, newPassword: weak }
    const refused = await server.ada.call('/api/auth/change-password', { body: changed })
    expectProblem(refused, 400, 'weak_password')
    expect(refused.body).toMatchObject({ details: [{ field: 'newPassword' }] })
    expectProblem(await reset('x'.repeat(30), weak), 400, 'weak_password')
    const invited = await server.ada.call('/api/v1/invitations', { body: { email: 'eve@example.com', role: 'viewer' } })
    const token = tokenIn((invited.body as { link: string }).link)
    const accept = (chosen: string) =>
      server.visitor().call('/api/v1/invitations/accept', { body: { token, name: 'Eve Adams', password: chosen } })
    expectProblem(await accept(weak), 400, 'weak_password')
    expectProblem(await accept('Eve@Example.com'), 400, 'weak_password')
    expect((await accept(password)).status).toBe(200)
    const setup = await server.server.identity.enrollment.newSetupToken()
    const first = { token: setup, name: 'Ada', email: 'ada2@example.com', password: weak }
    expectProblem(await server.visitor().call('/api/v1/setup', { body: first }), 400, 'weak_password')
  })
})
