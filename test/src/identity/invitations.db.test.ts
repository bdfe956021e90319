import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { invitationCreated, peopleList } from '@stagewatch/shared/contract/people.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectProblem } from '../http/expect-problem.ts'
import { openMailBox, tokenIn } from './mail-box.ts'
import type { MailBox } from './mail-box.ts'
import { administrator, password, startPeopled } from './peopled-server.ts'
import type { PeopledServer } from './peopled-server.ts'

const clock = new VirtualClock(Date.UTC(2026, 10, 25, 8))
const dayMs = 24 * 3_600_000
let mails: MailBox
let server: PeopledServer

beforeAll(async () => {
  mails = await openMailBox()
  server = await startPeopled({ clock, variables: { ...mails.variables, PUBLIC_URL: 'http://board.example/' } })
})
afterAll(async () => {
  await server.close()
  await mails.close()
})

const invite = (email: string, more: Readonly<Record<string, unknown>> = {}) =>
  server.ada.call('/api/v1/invitations', { body: { email, role: 'lead', ...more } })
const accept = (token: string, more: Readonly<Record<string, unknown>> = { name: 'Bob', password }) => {
  const visitor = server.visitor()
  return visitor.call('/api/v1/invitations/accept', { body: { token, ...more } }).then((reply) => ({ reply, visitor }))
}
const listed = async () => peopleList.parse((await server.ada.call('/api/v1/people')).body)

describe('an invitation', () => {
  it('comes by mail and lets its reader in, once', async () => {
    const reply = await invite('Bob@Example.com', { departments: ['assembly'] })
    expect(reply).toMatchObject({ status: 200, body: { mailed: true, invitation: { invitedBy: administrator } } })
    const mail = await mails.next('bob@example.com')
    expect(mail).toContain('http://board.example/join#token=')
    expect(mail).toContain('您被邀请加入')
    const { visitor, reply: accepted } = await accept(tokenIn(mail))
    expect(accepted).toMatchObject({ status: 200, body: { site: 'main' } })
    const me = { email: 'bob@example.com', name: 'Bob', role: 'lead', departments: ['assembly'], site: 'main' }
    expect((await visitor.call('/api/v1/me')).body).toMatchObject(me)
    expectProblem((await accept(tokenIn(mail))).reply, 409, 'already_used')
    expect((await server.recorded()).slice(0, 2)).toEqual([
      'bob@example.com person.joined bob@example.com',
      `${administrator} person.invited bob@example.com`,
    ])
  })

  it('proves the address only by the link that was mailed, not by the one that its sender was shown', async () => {
    const verified = async (email: string) => {
      const [row] = await server.database.query<{ verified: boolean }>(
        'select email_verified as verified from users where email = $1',
        [email],
      )
      return row?.verified
    }
    expect(await verified('bob@example.com')).toBe(true)
    const { link } = invitationCreated.parse((await invite('shown@example.com')).body)
    const mailed = tokenIn(await mails.next('shown@example.com'))
    expect(mailed).not.toBe(tokenIn(link))
    expect((await accept(tokenIn(link))).reply.status).toBe(200)
    expect(await verified('shown@example.com')).toBe(false)
    expectProblem((await accept(mailed)).reply, 409, 'already_used')
  })

  it('is replaced only by somebody who could have sent it', async () => {
    const lead = await server.join('press.admin@example.com', { role: 'administrator', departments: ['press'] })
    await mails.next('press.admin@example.com')
    await invite('wide@example.com')
    await mails.next('wide@example.com')
    const narrow = { email: 'wide@example.com', role: 'viewer', departments: ['press'] }
    expectProblem(await lead.call('/api/v1/invitations', { body: narrow }), 403, 'forbidden')
    const [kept] = (await listed()).invitations
    expect(kept).toMatchObject({ email: 'wide@example.com', role: 'lead' })
    await server.ada.call(`/api/v1/invitations/${kept!.id}`, { method: 'DELETE' })
  })

  it('is not sent to somebody who belongs to the site', async () => {
    expectProblem(await invite('BOB@example.com'), 409, 'already_used')
    expect(mails.count).toBe(0)
  })

  it('is accepted by one of two who use it at once', async () => {
    const { link } = invitationCreated.parse((await invite('carol@example.com')).body)
    const replies = await Promise.all([accept(tokenIn(link)), accept(tokenIn(link))])
    expect(new Set(replies.map(({ reply }) => reply.status))).toEqual(new Set([200, 409]))
    await mails.next('carol@example.com')
  })

  it('makes one account for one of two that are accepted at once, and the other is kept for it', async () => {
    const { link } = invitationCreated.parse((await invite('frank@example.com')).body)
    const headers = { authorization: `Bearer ${server.server.access.localAdminToken}`, 'x-stagewatch-site': 'north' }
    const body = { email: 'frank@example.com', role: 'viewer' }
    const toNorth = await server.visitor().call('/api/v1/invitations', { headers, body })
    const tokens = [tokenIn(link), tokenIn(invitationCreated.parse(toNorth.body).link)]
    const [main, north] = await Promise.all(tokens.map((token) => accept(token)))
    expect(new Set([main?.reply.status, north?.reply.status])).toEqual(new Set([200, 409]))
    const [winner, left] = main?.reply.status === 200 ? [main, tokens[1]] : [north, tokens[0]]
    const joined = await winner?.visitor.call('/api/v1/invitations/accept', { body: { token: left } })
    expect(joined?.status).toBe(200)
    for (let i = 0; i < 2; i++) await mails.next('frank@example.com')
  })

  it('asks somebody new for a name and a password, and is not used up by that', async () => {
    const token = tokenIn(invitationCreated.parse((await invite('dave@example.com')).body).link)
    expectProblem((await accept(token, { password })).reply, 400, 'missing_field')
    expectProblem((await accept(token, { name: 'Dave' })).reply, 400, 'missing_field')
    expectProblem((await accept(token, { name: 'Dave', password: 'short' })).reply, 400, 'invalid_field')
    expect((await accept(token)).reply.status).toBe(200)
    await mails.next('dave@example.com')
  })

  it('expires after a week', async () => {
    const token = tokenIn(invitationCreated.parse((await invite('late@example.com')).body).link)
    clock.advanceTo(clock.now() + 7 * dayMs)
    expectProblem((await accept(token)).reply, 410, 'code_expired')
    expect((await listed()).invitations).toMatchObject([{ email: 'late@example.com', expiresAt: clock.now() }])
    await mails.next('late@example.com')
  })

  it('is replaced by a newer one to the same address, and ends when it is withdrawn', async () => {
    const [first, second] = [await invite('late@example.com'), await invite('late@example.com', { role: 'viewer' })]
    const [old, current] = [invitationCreated.parse(first.body), invitationCreated.parse(second.body)]
    expectProblem((await accept(tokenIn(old.link))).reply, 404, 'not_found')
    expect((await listed()).invitations).toEqual([current.invitation])
    const withdraw = () => server.ada.call(`/api/v1/invitations/${current.invitation.id}`, { method: 'DELETE' })
    expect((await withdraw()).status).toBe(200)
    expectProblem(await withdraw(), 404, 'not_found')
    expectProblem((await accept(tokenIn(current.link))).reply, 404, 'not_found')
    expect((await server.recorded())[0]).toBe(`${administrator} invitation.withdrawn late@example.com`)
  })

  it('to another site is accepted by whoever is signed in under the address, and by nobody else', async () => {
    const operator = { authorization: `Bearer ${server.server.access.localAdminToken}`, 'x-stagewatch-site': 'south' }
    const body = { email: 'bob@example.com', role: 'viewer' }
    const invited = await server.visitor().call('/api/v1/invitations', { headers: operator, body })
    const token = tokenIn(invitationCreated.parse(invited.body).link)
    expectProblem(await server.ada.call('/api/v1/invitations/accept', { body: { token } }), 403, 'forbidden')
    expectProblem((await accept(token)).reply, 409, 'already_used')
    const bob = server.visitor()
    await bob.signIn('bob@example.com', password)
    expect(await bob.call('/api/v1/invitations/accept', { body: { token } })).toMatchObject({ body: { site: 'south' } })
    expect((await bob.call('/api/v1/me')).body).toMatchObject({ site: 'main', role: 'lead' })
    expect((await bob.call('/api/v1/me?site=south')).body).toMatchObject({ site: 'south', role: 'viewer' })
    expect((await server.recorded('south')).slice(0, 1)).toEqual(['bob@example.com person.joined bob@example.com'])
    const { invitations } = await listed()
    expect(invitations).toEqual([])
  })

  it('cannot be guessed for long', async () => {
    const guess = () => accept('x'.repeat(43)).then(({ reply }) => reply)
    let reply = await guess()
    for (let i = 0; i < 60 && reply.status !== 429; i++) reply = await guess()
    expectProblem(reply, 429, 'rate_limited')
    expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0)
  })
})
