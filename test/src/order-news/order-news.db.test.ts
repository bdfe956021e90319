import { OrderNews } from '@stagewatch/server/order-news/order-news.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { SettableClock } from '../harness/settable-clock.ts'
import { call } from '../http/call.ts'
import { startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import type { Visitor } from '../identity/visitor.ts'

const clock = new SettableClock()
let server: PeopledServer
let second: OrderNews
let key: string
let mei: Visitor
let li: Visitor
let lead: Visitor

beforeAll(async () => {
  server = await startPeopled({ clock })
  const site = await server.server.sites.get('main')
  await site.saveProcess({
    code: 'default',
    name: { en: 'Orders' },
    stages: [
      { ...plainStage('cut'), name: { zh: '裁剪', en: 'Cutting' } },
      { ...plainStage('sew'), name: { zh: '缝制', en: 'Sewing' } },
    ],
    acceptsNewStages: true,
    goals: {},
  })
  mei = await server.join('mei@example.com', { role: 'manager' })
  li = await server.join('li@example.com', { role: 'operator' })
  lead = await server.join('lead@example.com', { role: 'lead', departments: ['store'] })
  await server.database.query(
    `insert into user_profiles (user_id, language, time_zone, channels)
     select id, case name when 'li' then 'zh' else 'en' end, 'Asia/Shanghai', '[]'::jsonb from users`,
  )
  key = await server.createKey(['ingest'])
  second = new OrderNews({ database: server.database, clock, sites: server.server.sites })
}, 60_000)
afterAll(async () => {
  second.close()
  await server.close()
})

let eventCount = 0
async function send(order: string, type: string, more: Readonly<Record<string, unknown>> = {}, imported = false) {
  eventCount += 1
  const occurredAt = new Date(clock.now() - 60_000 + eventCount).toISOString()
  const body = { source: 'mes', id: `e${eventCount}`, type, order, occurredAt, ...more }
  const headers = imported ? { 'x-stagewatch-import': 'on' } : {}
  const reply = await call(`${server.url}/api/v1/events`, { key, body, headers })
  expect(reply.body).toMatchObject({ accepted: 1 })
}

const enter = (order: string, stage: string, imported = false) =>
  send(order, 'stage.entered', { stage, data: { department: 'store' } }, imported)
const follow = (visitor: Visitor, order: string, method = 'POST') =>
  visitor.call(`/api/v1/orders/${order}/follow`, { method })
const act = (visitor: Visitor, order: string, action: object, stage = 'cut') =>
  visitor.call(`/api/v1/orders/${order}/actions`, {
    body: { id: `an-action-on-the-desk-${(eventCount += 1)}`, stage, do: action },
  })

/** Messages in message centres about the order, oldest first. */
async function told(order: string): Promise<string[]> {
  await Promise.all([server.server.orderNews.work(), second.work()])
  const rows = await server.database.query<{ text: string }>(
    `select u.name || ': ' || (m.message ->> 'title') as text from messages m join users u on u.id = m.recipient
     where m.channel_id = 'inbox' and m.message -> 'orders' ? $1 order by m.created_at, m.id, text`,
    [order],
  )
  return rows.map(({ text }) => text).toSorted()
}

describe('whoever follows an order', () => {
  it('is told once of each stage, hold and end, in their language, whichever server instances look', async () => {
    await enter('SO-1', 'cut')
    await enter('SO-2', 'cut')
    expect((await follow(mei, 'SO-1')).body).toEqual({ isFollowed: true })
    expect((await follow(mei, 'SO-1')).body).toEqual({ isFollowed: true })
    expect((await follow(li, 'SO-1')).body).toEqual({ isFollowed: true })
    expect((await mei.call('/api/v1/orders/SO-1/follow')).body).toEqual({ isFollowed: true })
    expect((await mei.call('/api/v1/orders/SO-2/follow')).body).toEqual({ isFollowed: false })
    await enter('SO-1', 'sew')
    await enter('SO-2', 'sew')
    await send('SO-1', 'order.held', { data: { reason: 'no zips' } })
    await send('SO-1', 'order.changed', { data: { priority: 'A' } })
    await send('SO-1', 'order.completed')
    const all = ['mei: SO-1 is now in Sewing', 'mei: SO-1 was put on hold', 'mei: SO-1 is completed']
    const chinese = ['li: SO-1 已进入“缝制”', 'li: SO-1 已挂起', 'li: SO-1 已完成']
    await eventually(async () => expect(await told('SO-1')).toEqual([...all, ...chinese].toSorted()))
    expect(await told('SO-1')).toHaveLength(6)
    expect(await told('SO-2')).toEqual([])
    const [held] = await server.database.query<{ lines: string[] }>(
      `select message -> 'lines' as lines from messages where message ->> 'title' = 'SO-1 was put on hold'`,
    )
    expect(held?.lines).toContain('no zips')
    // An order that has ended is followed by nobody.
    expect(await server.database.query(`select * from order_follows where order_id = 'SO-1'`)).toEqual([])
  })

  it('is not told of imports, of what they did themselves, and after they stopped', async () => {
    await enter('SO-3', 'cut')
    await follow(mei, 'SO-3')
    await enter('SO-3', 'sew', true)
    expect(await act(mei, 'SO-3', { action: 'hold', reason: 'waits for cloth' }, 'sew')).toMatchObject({ status: 200 })
    expect((await follow(mei, 'SO-3', 'DELETE')).body).toEqual({ isFollowed: false })
    await act(server.ada, 'SO-3', { action: 'resume' }, 'sew')
    // Everything before this order has been handled once it is.
    await enter('SO-4', 'cut')
    await follow(mei, 'SO-4')
    await enter('SO-4', 'sew')
    await eventually(async () => expect(await told('SO-4')).toEqual(['mei: SO-4 is now in Sewing']))
    expect(await told('SO-3')).toEqual([])
  })

  it('sees the order: others can neither follow it nor are told when it has left their departments', async () => {
    await send('SO-5', 'stage.entered', { stage: 'cut', data: { department: 'sales' } })
    expect(await follow(lead, 'SO-5')).toMatchObject({ status: 404 })
    await enter('SO-6', 'cut')
    expect(await follow(lead, 'SO-6')).toMatchObject({ status: 200 })
    await send('SO-6', 'stage.entered', { stage: 'sew', data: { department: 'sales' } })
    await enter('SO-7', 'cut')
    await follow(lead, 'SO-7')
    await enter('SO-7', 'sew')
    await eventually(async () => expect(await told('SO-7')).toEqual(['lead: SO-7 is now in Sewing']))
    expect(await told('SO-6')).toEqual([])
    expect(await call(`${server.url}/api/v1/orders/SO-7/follow`, { key })).toMatchObject({ status: 403 })
  })

  it('is told no text that people wrote where the site hides names', async () => {
    const site = await server.server.sites.get('main')
    const actor = { kind: 'operator', name: 'operator' } as const
    const open = { customers: 'shown', amounts: 'shown', people: 'shown' } as const
    for (const [order, hidden] of [
      ['SO-20', { customers: 'masked' }],
      ['SO-21', { people: 'team' }],
    ] as const) {
      await site.privacy.save({ ...open, ...hidden }, actor, '*')
      await enter(order, 'cut')
      await follow(mei, order)
      await send(order, 'order.held', { data: { reason: 'Acme has told Li Na to wait' } })
      await eventually(async () => expect(await told(order)).toEqual([`mei: ${order} was put on hold`]))
      const sent = await server.database.query(`select message from messages where message -> 'orders' ? $1`, [order])
      expect(JSON.stringify(sent)).not.toMatch(/Acme|Li Na/)
    }
    await site.privacy.save(open, actor, '*')
  })

  it('is told after their quiet hours', async () => {
    await enter('SO-8', 'cut')
    await follow(li, 'SO-8')
    const quiet = { from: '00:00', to: '23:59', days: [1, 2, 3, 4, 5, 6, 7], criticalBreaks: true }
    await server.database.query(
      `update user_profiles set quiet_hours = $1::jsonb where user_id = (select id from users where name = 'li')`,
      [JSON.stringify(quiet)],
    )
    await enter('SO-8', 'sew')
    await eventually(async () => {
      expect(await told('SO-8')).toEqual([])
      const waiting = await server.database.query(
        `select id from jobs where queue = 'order-news' and last_error = 'the person is not at work'`,
      )
      expect(waiting).toHaveLength(1)
    })
    await server.database.query(`update user_profiles set quiet_hours = null`)
    clock.set(86_400_000)
    await eventually(async () => expect(await told('SO-8')).toEqual(['li: SO-8 已进入“缝制”']))
  })
})

describe('somebody on the desk', () => {
  it('tells whom a comment mentions, and to whom an order is assigned, but not themselves', async () => {
    await enter('SO-9', 'cut')
    const [person] = await server.database.query<{ id: string }>(`select id from users where name = 'li'`)
    const comment = { action: 'comment', comment: 'ask @li about zips', mentions: [person?.id] }
    expect(await act(mei, 'SO-9', comment)).toMatchObject({ status: 200 })
    expect(await act(mei, 'SO-9', { action: 'assign', owner: 'li' })).toMatchObject({ status: 200 })
    expect(await act(mei, 'SO-9', { action: 'claim' })).toMatchObject({ status: 200 })
    await eventually(async () =>
      expect(await told('SO-9')).toEqual(['li: mei 在 SO-9 中提到了您', 'li: SO-9 已转派给您'].toSorted()),
    )
  })

  it('is told by no assignment of another system', async () => {
    await enter('SO-10', 'cut')
    await send('SO-10', 'order.assigned', { data: { owner: 'li' } })
    await act(mei, 'SO-10', { action: 'assign', owner: 'li' })
    await eventually(async () => expect(await told('SO-10')).toEqual(['li: SO-10 已转派给您']))
  })
})

it('follows at most 500 orders', async () => {
  await enter('SO-11', 'cut')
  await server.database.query(
    `insert into order_follows (site, user_id, order_id)
     select 'main', id, 'X-' || n from users, generate_series(1, 500) n where name = 'mei'`,
  )
  expect(await follow(mei, 'SO-11')).toMatchObject({ status: 409, body: { code: 'conflict' } })
})
