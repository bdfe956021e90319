import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { roles } from '@stagewatch/shared/domain/access/action.ts'
import { departmentList } from '@stagewatch/shared/contract/departments.ts'
import { invitationCreated } from '@stagewatch/shared/contract/people.ts'
import { identitySettings } from '@stagewatch/server/identity/identity-settings.ts'
import { systemClock } from '@stagewatch/server/platform/clock/clock.ts'
import { parseEnvironment } from '@stagewatch/server/platform/environment.ts'
import { openSample } from '@stagewatch/server/sample/open-sample.ts'
import { departments as plantDepartments } from '@stagewatch/server/sample/plant-staff.ts'
import { pino } from 'pino'
import { expectProblem } from '../http/expect-problem.ts'
import { skipUnless } from '../harness/skip.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { openMailBox, tokenIn } from './mail-box.ts'
import type { MailBox } from './mail-box.ts'
import { newVisitor } from './visitor.ts'

const embedded = process.env['TEST_DATABASE_URL'] === undefined
let mails: MailBox
let server: StartedServer

beforeAll(async () => {
  mails = await openMailBox()
  server = await startServer({ demo: 'begun', variables: { ...mails.variables, PUBLIC_URL: 'http://localhost' } })
})
afterAll(async () => {
  await server.close()
  await mails.close()
})

const enter = async (role: string) => {
  const visitor = newVisitor(server.url)
  return { visitor, reply: await visitor.call('/api/v1/sample/enter', { body: { role } }) }
}

describe('the sample', () => {
  it('is never open beside a real database', () => {
    const environment = parseEnvironment({ DATABASE_URL: 'postgres://db/stagewatch', DEMO: 'on' })
    expect(identitySettings(environment, false).sampleOpen).toBe(false)
    expect(identitySettings(parseEnvironment({ DEMO: 'off' }), true).sampleOpen).toBe(false)
  })

  it(
    'cannot be entered on PostgreSQL, even where its site is there',
    skipUnless(!embedded, 'that the sample is closed on PostgreSQL (TEST_DATABASE_URL is not set)'),
    async () => {
      expect((await newVisitor(server.url).call('/api/v1/sign-in')).body).toMatchObject({ sampleRoles: [] })
      for (const role of roles) expectProblem((await enter(role)).reply, 403, 'forbidden')
      expect(await server.database.query('select from users')).toEqual([])
    },
  )
})

describe(
  'the sample of an embedded database',
  skipUnless(embedded, 'entering the sample (it is closed on PostgreSQL)'),
  () => {
    it.each(roles)('is entered as %s, at the sample alone', async (role) => {
      const { visitor, reply } = await enter(role)
      expect(reply).toMatchObject({ status: 200, body: { site: 'sample' } })
      const me = { name: `Sample ${role}`, role, site: 'sample' }
      expect((await visitor.call('/api/v1/me')).body).toMatchObject(me)
      expectProblem(await visitor.call('/api/v1/people?site=main'), 403, 'forbidden')
    })

    it('counts for nothing: the real site still waits to be set up', async () => {
      expect((await newVisitor(server.url).call('/api/v1/sign-in')).body).toMatchObject({
        needsSetup: true,
        sampleRoles: [...roles],
      })
    })

    it('sends no mail for whoever plays administrator', async () => {
      const { visitor } = await enter('administrator')
      const body = { email: 'guest@works.example', role: 'viewer' }
      const reply = await visitor.call('/api/v1/invitations?site=sample', { body })
      expect(invitationCreated.parse(reply.body).mailed).toBe(false)
      expect(mails.count).toBe(0)
    })

    it('knows fictional people only, so that nobody takes an address there before its owner comes', async () => {
      const { visitor } = await enter('administrator')
      const real = { email: 'victim@company.com', role: 'viewer' }
      const path = '/api/v1/invitations?site=sample'
      const refused = await visitor.call(path, { body: real })
      expectProblem(refused, 400, 'invalid_field')
      expect(refused.body).toMatchObject({ details: [{ field: 'email' }] })
      const invited = await visitor.call(path, { body: { email: 'guest@works.example', role: 'viewer' } })
      const token = tokenIn(invitationCreated.parse(invited.body).link)
      const accepted = { token, name: 'Guest', password: 'correct horse battery' }
      expect(await newVisitor(server.url).call('/api/v1/invitations/accept', { body: accepted })).toMatchObject({
        status: 200,
      })
      const people = await server.database.query(
        `select fictional, email_verified from users where email in ('guest@works.example', 'victim@company.com')`,
      )
      expect(people).toEqual([{ fictional: true, email_verified: false }])
    })

    it('gives nobody a way to a real site', async () => {
      const headers = { authorization: `Bearer ${server.server.access.localAdminToken}`, 'x-stagewatch-site': 'main' }
      const body = { email: 'manager@sample.invalid', role: 'administrator' }
      const invited = await newVisitor(server.url).call('/api/v1/invitations', { headers, body })
      const { visitor } = await enter('manager')
      const token = tokenIn(invitationCreated.parse(invited.body).link)
      expectProblem(await visitor.call('/api/v1/invitations/accept', { body: { token } }), 403, 'forbidden')
    })

    it('begins with managed departments, which a later start adds where missing and leaves as people made them', async () => {
      const { visitor } = await enter('administrator')
      const path = '/api/v1/departments'
      const before = departmentList.parse((await visitor.call(path)).body)
      const plant = Object.values(plantDepartments).map(({ name }) => name)
      expect(before.departments.map(({ key }) => key).toSorted()).toEqual(plant.toSorted())
      expect(before.departments.find(({ key }) => key === '质检部')?.name).toEqual({ zh: '质检部', en: 'Quality' })
      expect(before.unmanaged).toEqual([])
      const headers = { 'if-match': '*' }
      const renamed = { name: { zh: '销售处', en: 'Sales office' }, aliases: [], archived: true }
      const changes = [
        await visitor.call(`${path}/${encodeURIComponent('销售部')}`, { method: 'PUT', headers, body: renamed }),
        await visitor.call(`${path}/${encodeURIComponent('承运商')}/merge`, { headers, body: { into: '物流部' } }),
      ]
      expect(changes.map(({ status }) => status)).toEqual([200, 200])
      // As in a sample of a release that managed none.
      const { database } = server
      await database.query(`delete from departments where site = 'sample' and key in ('客服部', '生产部')`)
      await (await server.server.sites.get('sample')).readRules()
      const options = { database, sites: server.server.sites, clock: systemClock, logger: pino({ level: 'silent' }) }
      await (await openSample(options)).stop()
      const after = departmentList.parse((await visitor.call(path)).body)
      expect(after.departments.map(({ key }) => key).toSorted()).toEqual(
        plant.filter((key) => key !== '承运商').toSorted(),
      )
      expect(after.departments.find(({ key }) => key === '销售部')).toMatchObject(renamed)
      expect(after.departments.find(({ key }) => key === '物流部')?.aliases).toEqual(['承运商'])
      expect(after.unmanaged).toEqual([])
    })
  },
)
