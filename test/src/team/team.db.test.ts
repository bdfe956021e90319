import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { teamList } from '@stagewatch/shared/contract/team.ts'
import type { TeamMember } from '@stagewatch/shared/contract/team.ts'
import { plantCalendar } from '@stagewatch/shared/domain/time/testing/plant-calendar.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call } from '../http/call.ts'
import { startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import type { Visitor } from '../identity/visitor.ts'

/** A Tuesday, 10:00 in the plant. */
const clock = new VirtualClock(Date.UTC(2026, 10, 24, 2))
let server: PeopledServer
let lead: Visitor
let wu: Visitor
let other: Visitor
let stranger: Visitor

beforeAll(async () => {
  server = await startPeopled({ clock })
  const key = await server.createKey(['admin'])
  const put = (path: string, body: unknown) => call(`${server.url}/api/v1/${path}`, { key, method: 'PUT', body })
  await put('admin/calendars/plant', { ...plantCalendar({}), code: 'plant' })
  await put('admin/calendar-choice', { site: 'plant', departments: {} })
  const skills = ['weld', 'paint'].map((each) => ({ key: each, name: { zh: each, en: each } }))
  expect(
    await server.ada.call('/api/v1/skills', { method: 'PUT', body: skills, headers: { 'if-match': '*' } }),
  ).toMatchObject({
    status: 200,
  })
  lead = await server.join('lead@example.com', { role: 'lead', departments: ['store'] })
  wu = await server.join('wu@example.com', { role: 'operator', departments: ['store'] })
  other = await server.join('other@example.com', { role: 'lead', departments: ['fleet'] })
  stranger = await server.join('stranger@example.com', { role: 'operator', departments: ['fleet'] })
})
afterAll(() => server.close())

const team = async (visitor: Visitor) => teamList.parse((await visitor.call('/api/v1/team')).body)
const names = async (visitor: Visitor) => (await team(visitor)).people.map(({ name }) => name)
const member = async (name: string, visitor = server.ada): Promise<TeamMember> =>
  (await team(visitor)).people.find((one) => one.name === name)!

async function change(name: string, body: object, by: Visitor) {
  const { id, version } = await member(name)
  return by.call(`/api/v1/team/${id}`, { method: 'PUT', body, headers: { 'if-match': version } })
}
const enter = async (name: string, body: object, by: Visitor) =>
  by.call(`/api/v1/team/${(await member(name)).id}/absences`, { body: { kind: 'leave', ...body } })

describe('the people of a site', () => {
  it('are listed for those who manage them; others see only themselves', async () => {
    expect(await names(server.ada)).toEqual(['Ada', 'lead', 'other', 'stranger', 'wu'])
    expect(await names(lead)).toEqual(['lead', 'wu'])
    expect(await names(wu)).toEqual(['wu'])
    const { deputies } = await team(wu)
    expect(deputies.map(({ name }) => name)).toEqual(['Ada', 'lead', 'wu'])
  })

  it('are at work by their calendar, else that of the department, else that of the site', async () => {
    expect(await member('wu')).toMatchObject({
      worksBy: 'plant',
      timeZone: 'Asia/Shanghai',
      presence: { state: 'here' },
    })
    clock.advanceTo(Date.UTC(2026, 10, 24, 16))
    const { presence } = await member('wu')
    expect(presence).toMatchObject({ state: 'off', next: expect.any(Number) as number })
    clock.advanceTo(Date.UTC(2026, 10, 25, 2))
    expect(await member('wu')).toMatchObject({ presence: { state: 'here' } })
  })

  it('have skills and a calendar that their lead says, and not they themselves', async () => {
    expect(await change('wu', { skills: ['weld'], calendar: 'plant' }, lead)).toMatchObject({ status: 200 })
    expect(await member('wu')).toMatchObject({ skills: ['weld'], calendar: 'plant' })
    for (const visitor of [wu, other, stranger]) {
      expect(await change('wu', { skills: ['paint'] }, visitor)).toMatchObject({ status: 404 })
    }
    expect(await change('wu', { skills: ['fly'] }, lead)).toMatchObject({
      status: 400,
      body: { details: [{ field: 'skills.0', reason: 'not_offered' }] },
    })
    expect(await change('wu', { skills: [], calendar: 'moon' }, lead)).toMatchObject({ status: 422 })
  })

  it('are away when they or their lead say so, with somebody who stands in', async () => {
    const { id: deputy } = await member('lead')
    const answer = await enter('wu', { from: '2026-11-25', to: '2026-11-26', deputy }, wu)
    expect(answer).toMatchObject({ status: 200 })
    expect(await member('wu', lead)).toMatchObject({
      presence: { state: 'absent', kind: 'leave', deputyId: deputy, until: Date.UTC(2026, 10, 26, 16) },
      absences: [{ deputyName: 'lead' }],
    })
    expect(await enter('wu', { from: '2026-12-24', to: '2026-12-24', kind: 'sick' }, lead)).toMatchObject({
      status: 200,
    })
    for (const visitor of [other, stranger]) {
      expect(await enter('wu', { from: '2026-12-01', to: '2026-12-01' }, visitor)).toMatchObject({ status: 404 })
    }
    const { id: elsewhere } = await member('stranger')
    expect(await enter('wu', { from: '2026-12-01', to: '2026-12-01', deputy: elsewhere }, wu)).toMatchObject({
      status: 400,
      body: { details: [{ field: 'deputy', reason: 'wrong' }] },
    })
    expect(await enter('wu', { from: '2026-12-02', to: '2026-12-01' }, wu)).toMatchObject({
      status: 400,
      body: { details: [{ field: 'to', reason: 'out_of_order' }] },
    })
    // No permanent record contains the reason.
    const { rows } = {
      rows: await server.database.query<{ text: string }>(
        `select coalesce(before::text, '') || coalesce(after::text, '') as text from changes where action like 'absence.%'`,
      ),
    }
    expect(rows.length).toBe(2)
    expect(rows.map(({ text }) => text).join()).not.toMatch(/sick|leave/)
  })

  it('take an absence back, which nobody of another department can', async () => {
    const { id, absences } = await member('wu')
    const path = `/api/v1/team/${id}/absences/${absences[0]?.id}`
    expect(await other.call(path, { method: 'DELETE' })).toMatchObject({ status: 404 })
    expect(await wu.call(path, { method: 'DELETE' })).toMatchObject({ status: 200 })
    expect((await member('wu')).presence.state).toBe('here')
  })

  it('are managed by the lead of their department, whatever their role', async () => {
    const { id } = await member('stranger')
    expect(await names(stranger)).toEqual(['stranger'])
    const body = { name: { zh: '仓库', en: 'Store' }, lead: id, aliases: [], archived: false }
    expect(await server.ada.call('/api/v1/departments/store', { method: 'PUT', body })).toMatchObject({ status: 200 })
    expect(await names(stranger)).toEqual(['lead', 'stranger', 'wu'])
    expect(await enter('wu', { from: '2026-12-10', to: '2026-12-10' }, stranger)).toMatchObject({ status: 200 })
  })

  it('are listed for a key only if it may manage them', async () => {
    const read = await server.createKey(['read'])
    expect(await call(`${server.url}/api/v1/team`, { key: read })).toMatchObject({
      status: 200,
      body: { people: [], deputies: [] },
    })
  })

  it('leave nothing behind when they go', async () => {
    const { id } = await member('wu')
    await server.ada.call(`/api/v1/people/${id}`, { method: 'DELETE' })
    const left = await server.database.query(`select 1 from absences union all select 1 from member_settings`)
    expect(left).toEqual([])
  })
})
