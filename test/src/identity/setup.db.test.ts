import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectProblem } from '../http/expect-problem.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { newVisitor } from './visitor.ts'

const password = 'correct horse battery'
let server: StartedServer

beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.close())

const newToken = () => server.server.identity.enrollment.newSetupToken()
const setUp = (token: string, more: Readonly<Record<string, unknown>> = {}) => {
  const visitor = newVisitor(server.url)
  const body = { token, name: 'Ada', email: 'Ada@Example.com', password, ...more }
  return visitor.call('/api/v1/setup', { body }).then((reply) => ({ reply, visitor }))
}

describe('the setup link', () => {
  it('is asked for as long as there is nobody', async () => {
    expect((await newVisitor(server.url).call('/api/v1/sign-in')).body).toEqual({
      needsSetup: true,
      mail: false,
      sampleRoles: [],
    })
  })

  it('does not count when it is none, or a newer one was made', async () => {
    const old = await newToken()
    await newToken()
    expectProblem((await setUp(old)).reply, 409, 'already_used')
    expectProblem((await setUp('x'.repeat(43))).reply, 409, 'already_used')
  })

  it('is not used up by a password that is too short, or too long in bytes', async () => {
    const token = await newToken()
    expectProblem((await setUp(token, { password: 'too short' })).reply, 400, 'invalid_field')
    expectProblem((await setUp(token, { password: '密'.repeat(50) })).reply, 400, 'invalid_field')
    const rows = await server.database.query("select from settings where name = 'setup_token_hash'")
    expect(rows).toHaveLength(1)
  })

  it('makes one administrator, however many use it at once', async () => {
    const token = await newToken()
    const tries = await Promise.all([1, 2, 3].map((n) => setUp(token, { email: `ada${n}@example.com` })))
    const done = tries.filter(({ reply }) => reply.status === 200)
    expect(done).toHaveLength(1)
    for (const { reply } of tries) if (reply.status !== 200) expectProblem(reply, 409, 'already_used')

    const [first] = done
    const me = await first!.visitor.call('/api/v1/me')
    expect(me.body).toMatchObject({
      kind: 'person',
      name: 'Ada',
      site: 'main',
      role: 'administrator',
      twoFactor: false,
    })
    expect(me.body).not.toHaveProperty('departments')
    const changes = await server.database.query('select site, actor, action, subject, before from changes')
    const email = (me.body as { email: string }).email
    expect(changes).toEqual([{ site: 'main', actor: email, action: 'setup.done', subject: email, before: null }])
  })

  it('gives a cookie that scripts cannot read', async () => {
    await server.database.query('delete from memberships')
    const { reply } = await setUp(await newToken(), { email: 'eve@example.com' })
    expect(reply.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^stagewatch\.session_token=.+; Max-Age=86400; Path=\/; HttpOnly; SameSite=Lax$/),
    ])
  })

  it('makes nobody once somebody belongs to the site', async () => {
    expectProblem((await setUp(await newToken(), { email: 'second@example.com' })).reply, 409, 'already_used')
    expect((await newVisitor(server.url).call('/api/v1/sign-in')).body).toMatchObject({ needsSetup: false })
  })
})
