import { widenDepartments } from '@stagewatch/server/access/widened-departments.ts'
import { calendarList } from '@stagewatch/shared/contract/calendar-settings.ts'
import { departmentList, departmentNames } from '@stagewatch/shared/contract/departments.ts'
import { heatmapAnswer } from '@stagewatch/shared/contract/heatmap.ts'
import { me } from '@stagewatch/shared/contract/me.ts'
import { orderDetail, ordersAnswer } from '@stagewatch/shared/contract/orders.ts'
import { overviewAnswer } from '@stagewatch/shared/contract/overview.ts'
import { widenedScope } from '@stagewatch/shared/domain/departments.ts'
import { propertyRuns } from '@stagewatch/shared/domain/testing/property-runs.ts'
import { plantCalendar, weekOf } from '@stagewatch/shared/domain/time/testing/plant-calendar.ts'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call } from '../http/call.ts'
import { someEvent } from '../http/some-event.ts'
import { startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import type { Visitor } from '../identity/visitor.ts'
import { join, openScreen } from '../live/screen.ts'

const texts = ['Quality', 'QA', '质检', 'Sales'] as const
type Text = (typeof texts)[number]

let server: PeopledServer
const leads = new Map<Text, Visitor>()
const orders = new Map<string, Text>()

/** One order with each spelling of a department, and a lead of each. */
beforeAll(async () => {
  server = await startPeopled()
  const key = await server.createKey(['ingest', 'admin'])
  const process = {
    code: 'default',
    name: { zh: '订单', en: 'Orders' },
    acceptsNewStages: true,
    goals: {},
    stages: [
      { code: 'packing', name: { zh: '打包', en: 'Pack' }, targetMs: 60_000, warnAtRatio: 0.8, toleranceRatio: 0.1 },
    ],
  }
  const admin = { key, method: 'PUT' } as const
  await call(`${server.url}/api/v1/admin/processes/default`, { ...admin, body: process })
  // Work around the clock makes the orders overdue at any time of day.
  const day = [{ from: '00:00', to: '24:00' }]
  const calendar = { ...plantCalendar({ week: { ...weekOf(day), 6: day, 7: day } }), code: 'plant' }
  await call(`${server.url}/api/v1/admin/calendars/plant`, { ...admin, body: calendar })
  for (const department of texts) {
    const event = someEvent({ occurredAt: new Date(Date.now() - 7_200_000).toISOString(), data: { department } })
    await call(`${server.url}/api/v1/events`, { key, body: event })
    orders.set(String(event['order']), department)
    const address = `lead-${leads.size}@example.com`
    leads.set(department, await server.join(address, { role: 'lead', departments: [department] }))
  }
})
afterAll(() => server.close())

const list = async (visitor = server.ada) => departmentList.parse((await visitor.call('/api/v1/departments')).body)
const chosen = async () =>
  calendarList.parse((await server.ada.call('/api/v1/admin/calendars')).body).choice.departments
const find = async (key: string) => (await list()).departments.find((one) => one.key === key)

async function save(key: string, settings: object, visitor = server.ada) {
  const { version } = (await find(key)) ?? {}
  const body = { name: { zh: key, en: key }, aliases: [], archived: false, ...settings }
  const headers = version === undefined ? {} : { 'if-match': version }
  return visitor.call(`/api/v1/departments/${encodeURIComponent(key)}`, { method: 'PUT', body, headers })
}

async function merge(key: string, into: string) {
  const headers = { 'if-match': (await find(key))?.version ?? '' }
  return server.ada.call(`/api/v1/departments/${encodeURIComponent(key)}/merge`, { body: { into }, headers })
}

async function ordersOf(visitor: Visitor, search = ''): Promise<Text[]> {
  const { body } = await visitor.call(`/api/v1/orders${search}`)
  return ordersAnswer
    .parse(body)
    .orders.map(({ order }) => orders.get(order)!)
    .toSorted()
}

/** The spellings whose orders each lead sees. */
async function seen(): Promise<Record<string, Text[]>> {
  const all = [...leads].map(async ([text, visitor]) => [text, await ordersOf(visitor)] as const)
  return Object.fromEntries(await Promise.all(all))
}

const onlyOwn = Object.fromEntries(texts.map((text) => [text, [text]]))

describe('departments', () => {
  it('that events name are listed as not managed, with what they are used for', async () => {
    const { departments, unmanaged } = await list()
    expect(departments).toEqual([])
    expect(unmanaged.toSorted((a, b) => (a.text < b.text ? -1 : 1))).toEqual(
      [...texts].toSorted().map((text) => ({ text, members: 1, stages: 0, openOrders: 1 })),
    )
    expect((await list(leads.get('Sales'))).unmanaged.map(({ text }) => text)).toEqual(['Sales'])
  })

  it('are taken over, renamed, led and archived without anybody seeing other orders or other figures', async () => {
    const figures = async () => {
      const { body } = await server.ada.call('/api/v1/stages/heatmap?rows=department&metric=wip')
      const { rows, cells, counts } = heatmapAnswer.parse(body)
      return rows.map(({ key }, i) => [key, cells[i], counts[i]])
    }
    const before = await figures()
    expect(await save('Quality', { name: { zh: '质量部', en: 'Quality' } })).toMatchObject({ status: 200 })
    expect(await seen()).toEqual(onlyOwn)
    const id = me.parse((await leads.get('Quality')!.call('/api/v1/me')).body).id
    await save('Quality', { name: { zh: '质量管理部', en: 'Quality control' }, lead: id, calendar: 'plant' })
    expect(await find('Quality')).toMatchObject({ leadName: 'lead-0', calendar: 'plant', members: 1, openOrders: 1 })
    await save('Sales', { archived: true, calendar: 'plant' })
    expect(await seen()).toEqual(onlyOwn)
    expect(await figures()).toEqual(before)
  })

  it('are called by their names wherever they are shown', async () => {
    const name = { zh: '质量管理部', en: 'Quality control' }
    const heatmap = await server.ada.call('/api/v1/stages/heatmap?rows=department&metric=wip')
    expect(heatmapAnswer.parse(heatmap.body).rows.find(({ key }) => key === 'Quality')?.name).toEqual(name)
    const [order] = [...orders].find(([, text]) => text === 'Quality')!
    const { translations } = orderDetail.parse((await server.ada.call(`/api/v1/orders/${order}`)).body)
    expect(translations?.['Quality']).toEqual(name)
    const { body } = await leads.get('Quality')!.call('/api/v1/department-names')
    expect(departmentNames.parse(body).departments).toEqual([{ key: 'Quality', name, aliases: [], archived: false }])
  })

  it('take other texts as their own: their leads see these orders, filters find them, and nobody else does', async () => {
    expect(await save('Quality', { aliases: ['QA'], calendar: 'plant' })).toMatchObject({ status: 200 })
    const both = ['QA', 'Quality']
    expect(await seen()).toEqual({ ...onlyOwn, Quality: both, QA: both })
    expect(await ordersOf(server.ada, '?department=Quality')).toEqual(both)
    const { lateness } = overviewAnswer.parse((await server.ada.call('/api/v1/overview')).body)
    const visits = lateness.departments.map((one) => [one.department, one.visits])
    expect(Object.fromEntries(visits)).toEqual({ Quality: 2, Sales: 1, 质检: 1 })
    const heat = async (search: string) => {
      const { body } = await server.ada.call(`/api/v1/stages/heatmap?rows=department&metric=wip&columns=day&${search}`)
      const { rows, counts } = heatmapAnswer.parse(body)
      return Object.fromEntries(rows.map(({ key }, i) => [key, counts[i]?.at(-1)]))
    }
    expect(await heat('')).toEqual({ Quality: 2, Sales: 1, 质检: 1 })
    expect(await heat('department=QA')).toEqual({ Quality: 2 })
    // The department's calendar applies to all of its spellings.
    expect(await chosen()).toEqual({ Sales: 'plant', Quality: 'plant', QA: 'plant' })
    expect(me.parse((await leads.get('QA')!.call('/api/v1/me')).body).departments).toEqual(['QA'])
  })

  it('become part of another one: who looks on is shown the orders of both at once', async () => {
    await save('质检', {})
    const screen = await openScreen(server.url, { headers: { cookie: leads.get('质检')!.cookie } })
    await join(screen)
    const gone = new Promise<void>((resolve) => screen.on('disconnect', () => resolve()))
    expect(await merge('质检', 'Quality')).toMatchObject({ status: 200 })
    await gone
    screen.close()
    const all = ['QA', 'Quality', '质检']
    expect(await seen()).toEqual({ Quality: all, QA: all, 质检: all, Sales: ['Sales'] })
    expect((await find('Quality'))?.aliases).toEqual(['QA', '质检'])
    expect(await chosen()).toEqual({ Sales: 'plant', Quality: 'plant', QA: 'plant', 质检: 'plant' })
    expect((await list(leads.get('Sales'))).departments.map(({ key }) => key)).toEqual(['Sales'])
  })

  it('give a text back, and what was seen by it is seen no more', async () => {
    await save('Quality', { aliases: ['质检'] })
    const both = ['Quality', '质检']
    expect(await seen()).toEqual({ ...onlyOwn, Quality: both, 质检: both })
    expect(await chosen()).toEqual({ Sales: 'plant' })
  })

  it('refuse a text of another one, a lead of nowhere, a calendar that is none, and to join themselves', async () => {
    expect(await save('Sales', { aliases: ['QA', '质检'] })).toMatchObject({
      status: 409,
      body: { code: 'already_used', details: [{ field: 'aliases.1' }] },
    })
    expect(await save('Sales', { aliases: ['Sales'] })).toMatchObject({
      status: 409,
      body: { code: 'already_used', details: [{ field: 'aliases.0' }] },
    })
    expect(await save('质检', {})).toMatchObject({
      status: 409,
      body: { code: 'already_used', details: [{ field: 'key' }] },
    })
    expect(await save('Sales', { lead: 'nobody' })).toMatchObject({
      status: 400,
      body: { details: [{ field: 'lead' }] },
    })
    expect(await save('Sales', { calendar: 'moon' })).toMatchObject({ status: 422, body: { code: 'unknown_calendar' } })
    expect(await merge('Sales', 'Sales')).toMatchObject({ status: 400, body: { details: [{ field: 'into' }] } })
    expect(await merge('Nowhere', 'Sales')).toMatchObject({ status: 404 })
    expect(await save('Sales', {}, leads.get('Sales'))).toMatchObject({ status: 403 })
    expect((await server.recorded()).filter((line) => line.includes('department.')).slice(0, 2)).toEqual([
      'ada@example.com department.saved Quality',
      'ada@example.com department.merged 质检',
    ])
  })
})

it('a site has five hundred departments at most', async () => {
  const { length: count } = (await list()).departments
  const fill = `insert into departments (site, key, name, aliases)
    select 'main', 'many-' || n, '{"en": "Any"}', '{}' from generate_series(1, $1::int) as n`
  await server.database.query(fill, [500 - count - 1])
  expect(await save('five hundred', {})).toMatchObject({ status: 200 })
  expect(await save('one more', {})).toMatchObject({
    status: 400,
    body: { details: [{ field: 'key', reason: 'too_many' }] },
  })
  expect(await save('five hundred', { archived: true })).toMatchObject({ status: 200 })
  await server.database.query(`delete from departments where key like 'many-%' or key = 'five hundred'`)
  await (await server.server.sites.get('main')).readRules()
})

it('the database widens a scope as the pages do', async () => {
  const text = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
  const register = fc
    .uniqueArray(text)
    .chain((all) => fc.array(fc.nat(2), { minLength: all.length, maxLength: all.length }).map((of) => ({ all, of })))
  const db = server.database
  await db.query(`insert into sites (code, name, time_zone) values ('wide', '{"en": "Wide"}', 'UTC')`)
  await fc.assert(
    fc.asyncProperty(register, fc.uniqueArray(text), async ({ all, of }, scope) => {
      const groups = [0, 1, 2].map((group) => all.filter((_, i) => of[i] === group)).filter(({ length }) => length > 0)
      const managed = groups.map(([key = '', ...aliases]) => ({ key, aliases }))
      await db.query(`delete from departments where site = 'wide'`)
      for (const { key, aliases } of managed) {
        await db.query(`insert into departments (site, key, name, aliases) values ('wide', $1, '{"en": "Any"}', $2)`, [
          key,
          aliases,
        ])
      }
      const widened = await widenDepartments(db, 'wide', scope)
      expect(widened.toSorted()).toEqual([...(widenedScope(scope, managed) ?? [])].toSorted())
    }),
    { numRuns: Math.ceil(propertyRuns.numRuns / 10) },
  )
})

it('who has left the site leads nothing there', async () => {
  const id = me.parse((await leads.get('Sales')!.call('/api/v1/me')).body).id!
  await save('Sales', { lead: id })
  expect((await find('Sales'))?.lead).toBe(id)
  await server.database.query('delete from memberships where user_id = $1', [id])
  await (await server.server.sites.get('main')).readRules()
  expect(await find('Sales')).not.toHaveProperty('lead')
})
