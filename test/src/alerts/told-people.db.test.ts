import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { changeText } from '@stagewatch/server/channels/site-texts.ts'
import type { SitePipeline } from '@stagewatch/server/sites/site-pipeline.ts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { submitEvents } from '../harness/open-site.ts'
import { beginAt, entered, event, hourMs, minuteMs, setTarget, stageName } from './alert-world.ts'
import { ToldWorld } from './told-world.ts'

let world: ToldWorld
let site: SitePipeline

beforeAll(async () => (world = new ToldWorld(await openTestDatabase())))
beforeEach(async () => (site = await world.beginTold()))
afterEach(() => world.end())
afterAll(() => world.database.close())

describe('recipients of alerts', () => {
  async function addChannel(id: string, kind: string, order: number): Promise<void> {
    await world.database.query(
      `insert into channels (site, id, kind, name, enabled, settings, sealed, created_at)
       values ('main', $1, $2, $1, true, '{}'::jsonb, '', now() + $3::int * interval '1 second')`,
      [id, kind, order],
    )
  }

  it('are notified in their language, through the first of their preferred channels that the site has', async () => {
    await addChannel('mail', 'email', 1)
    await addChannel('app', 'wecom-app', 2)
    await setTarget(site, hourMs)
    await world.createRule({
      name: '超时',
      ladder: [
        { afterMs: 0, to: [{ kind: 'owner' }, { kind: 'leads' }] },
        { afterMs: 30 * minuteMs, to: [{ kind: 'managers' }, { kind: 'person', id: 'fang' }] },
      ],
    })
    await submitEvents(site, [entered('SO-1', 0, 'picking', { department: 'store', owner: 'Li' })])
    await submitEvents(site, [event('SO-1', 'order.assigned', 1, { data: { owner: 'LI' } })])
    await world.letPass(95)
    // Fang leads another department and may not see the order.
    expect(await world.sent()).toEqual([
      { way: 'app we-li', title: '超时：SO-1' },
      { way: 'app we-zhou', title: '超时：SO-1' },
      { way: 'inbox li', title: '超时：SO-1' },
      { way: 'inbox zhou', title: '超时：SO-1' },
      { way: 'app we-chen', title: '超时：SO-1' },
      { way: 'inbox chen', title: '超时：SO-1' },
    ])
    const [route] = await world.database.query<{ fallbacks: unknown }>(
      `select fallbacks from messages where recipient = 'we-li'`,
    )
    expect(route).toEqual({ fallbacks: [{ channel: 'mail', to: 'li@example.com' }] })
  })

  it('are notified directly in DingTalk and Feishu, if the site has an application there', async () => {
    const preferences = {
      li: [{ kind: 'dingtalk', userId: 'ding-li' }],
      // A mobile number only serves to mention somebody in a group.
      zhou: [
        { kind: 'dingtalk', mobile: '+8613800138000' },
        { kind: 'feishu', openId: 'ou_zhou' },
      ],
    }
    for (const [id, ways] of Object.entries(preferences))
      await world.database.query(`update user_profiles set channels = $2::jsonb where user_id = $1`, [
        id,
        JSON.stringify(ways),
      ])
    await addChannel('robot', 'dingtalk-robot', 1)
    await addChannel('ding', 'dingtalk-app', 2)
    await addChannel('lark', 'feishu-app', 3)
    await setTarget(site, hourMs)
    const people = ['li', 'zhou'].map((id) => ({ kind: 'person', id }) as const)
    await world.createRule({ ladder: [{ afterMs: 0, to: people }] })
    await submitEvents(site, [entered('SO-1', 0, 'picking', { department: 'store' })])
    await world.letPass(65)
    expect((await world.sent()).map(({ way }) => way)).toEqual([
      'ding ding-li',
      'inbox li',
      'inbox zhou',
      'lark ou_zhou',
    ])
  })

  it('are notified with the text of the site in their language, with the names that the site shows', async () => {
    await setTarget(site, hourMs)
    const actor = { kind: 'operator', name: 'operator' } as const
    const texts = {
      'alert.order': { title: '请处理 {order}', body: '{stage}｜{owner}｜{customer}｜{rule}' },
      'alert.orders': { title: '{count} 单，{stage}', body: '{order}：{customer}' },
    } as const
    for (const key of ['alert.order', 'alert.orders'] as const)
      await changeText(world.database, 'main', { key, language: 'zh' }, texts[key], {
        actor,
        changedAt: beginAt,
        expected: '*',
      })
    await site.privacy.save({ customers: 'masked', amounts: 'shown', people: 'shown' }, actor, '*')
    await world.createRule({ ladder: [{ afterMs: 0, to: [{ kind: 'person', id: 'chen' }] }] })
    await submitEvents(site, [
      entered('SO-1', 0, 'picking', { customer: '华辰重工' }),
      event('SO-1', 'order.assigned', 1, { data: { owner: 'Li' } }),
    ])
    await world.letPass(65)
    await submitEvents(
      site,
      ['SO-2', 'SO-3'].map((order) => entered(order, 65, 'picking', { customer: '华辰重工' })),
    )
    await world.letPass(65)
    const told = await world.database.query<{ title: string; lines: string[] }>(
      `select message->>'title' as title, message->'lines' as lines from messages where channel_id = 'inbox' order by created_at`,
    )
    expect(told).toEqual([
      { title: '请处理 SO-1', lines: ['拣货｜Li｜华辰**｜Overdue'] },
      { title: '2 单，拣货', lines: ['SO-2：华辰**', 'SO-3：华辰**', '连同之前的，共 3 单。'] },
    ])
    await site.privacy.save({ customers: 'shown', amounts: 'shown', people: 'shown' }, actor, '*')
  })

  it('are notified of the orders of their department under every spelling that events use', async () => {
    await setTarget(site, hourMs)
    await world.database.query(
      `insert into departments (site, key, name, aliases) values ('main', 'store', '{"en": "Store"}', '{仓库}')`,
    )
    await world.createRule({ ladder: [{ afterMs: 0, to: [{ kind: 'leads' }, { kind: 'person', id: 'li' }] }] })
    await submitEvents(site, [entered('SO-1', 0, 'picking', { department: '仓库' })])
    await world.letPass(70)
    expect((await world.sent()).map(({ way }) => way)).toEqual(['inbox li', 'inbox zhou'])
  })

  describe('who are the members of a department', () => {
    const toStore = [{ afterMs: 0, to: [{ kind: 'department', id: 'store' }] }] as const

    beforeEach(async () => {
      await setTarget(site, hourMs)
      await world.database.query(
        `insert into departments (site, key, name, aliases) values ('main', 'store', '{"en": "Store"}', '{仓库}')`,
      )
      // The role of Qian names the department by another of its texts.
      await world.addMember('qian', 'operator', ['仓库', 'fleet'])
    })

    const orderOf = (department: string) => submitEvents(site, [entered('SO-1', 0, 'picking', { department })])

    it('are notified unless they are absent or may not see the order, and each only once', async () => {
      await world.database.query(
        `insert into absences (site, user_id, id, from_date, to_date, kind, deputy_id)
         values ('main', 'zhou', 'a1', '2026-11-23', '2026-11-23', 'leave', 'fang')`,
      )
      const li = { kind: 'person', id: 'li' } as const
      await world.createRule({ ladder: [{ afterMs: 0, to: [...toStore[0].to, li] }] })
      await orderOf('store')
      await world.letPass(70)
      // Chen is a member of no department in particular, and Fang leads another one.
      expect((await world.sent()).map(({ way }) => way)).toEqual(['inbox li', 'inbox qian'])
    })

    it('are not notified of orders of departments that they do not see', async () => {
      await world.createRule({ ladder: toStore })
      await orderOf('fleet')
      await world.letPass(70)
      expect((await world.sent()).map(({ way }) => way)).toEqual(['inbox qian'])
    })

    const all = ['inbox li', 'inbox qian', 'inbox zhou']
    it.each([
      ['renamed and archived', `update departments set name = '{"en": "Warehouse"}', archived_at = now()`, all],
      ['merged into another', `update departments set key = 'warehouse', aliases = '{store,仓库}'`, all],
      ['taken off the list', `delete from departments`, ['inbox li', 'inbox zhou']],
    ])('are found by the same text after the department was %s', async (_, statement, expected) => {
      await world.createRule({ ladder: toStore })
      await world.database.query(statement)
      await orderOf('store')
      await world.letPass(70)
      expect((await world.sent()).map(({ way }) => way)).toEqual(expected)
    })

    it('are nobody if all are absent, and the next step does not wait', async () => {
      await world.database.query(
        `insert into absences (site, user_id, id, from_date, to_date, kind)
         select 'main', id, 'a-' || id, '2026-11-23', '2026-11-23', 'leave' from unnest('{li,zhou,qian}'::text[]) id`,
      )
      await world.createRule({ ladder: [...toStore, { afterMs: 5 * hourMs, to: [{ kind: 'managers' }] }] })
      await orderOf('store')
      await world.letPass(70)
      expect((await world.sent()).map(({ way }) => way)).toEqual(['inbox chen'])
    })
  })

  it('are notified again when a problem grows, of the new orders and of how many there are by then', async () => {
    await setTarget(site, hourMs)
    await world.createRule({ ladder: [{ afterMs: 0, to: [{ kind: 'managers' }] }] })
    await submitEvents(site, [entered('SO-1', 0), entered('SO-2', 0)])
    await world.letPass(60)
    await submitEvents(site, [entered('SO-3', 20), entered('SO-4', 20), entered('SO-5', 20, 'packing')])
    await world.letPass(30)
    // One has left: it is not part of the problem any more.
    await submitEvents(site, [entered('SO-1', 90, 'packing')])
    await submitEvents(site, [entered('SO-6', 40)])
    await world.letPass(60)
    const told = await world.database.query<{ orders: string[]; last: string }>(`
      select message->'orders' as orders, message->'lines'->>-1 as last from messages
      where channel_id = 'inbox' order by created_at`)
    expect(told.map(({ orders }) => orders)).toEqual([['SO-1', 'SO-2'], ['SO-3', 'SO-4'], ['SO-6']])
    expect(told[0]?.last).toContain('SO-2')
    expect(told[1]?.last).toBe('连同之前的，共 4 单。')
    expect(told[2]?.last).toBe('连同之前的，共 4 单。')
  })

  describe('whoever is on duty', () => {
    const ladder = [{ afterMs: 0, to: [{ kind: 'onDuty' }] }] as const
    const worksBy = (id: string, code: string) =>
      world.database.query(
        `insert into member_settings (site, user_id, skills, calendar) values ('main', $1, '{}', $2)`,
        [id, code],
      )

    beforeEach(async () => {
      await setTarget(site, hourMs)
      for (const [code, from, to] of [
        ['early', '00:00', '08:00'],
        ['late', '08:00', '16:00'],
      ] as const) {
        const day = [{ from, to }]
        const week = { 1: day, 2: day, 3: day, 4: day, 5: day, 6: day, 7: day }
        const versions = [{ timeZone: 'UTC', week, holidays: [] }]
        await site.saveCalendar({ code, name: stageName, versions }, { kind: 'operator', name: 'operator' })
      }
      await world.addMember('qian', 'operator', ['store'])
      await world.addMember('wu', 'viewer', ['store'])
      for (const id of ['li', 'fang', 'wu']) await worksBy(id, 'early')
      for (const id of ['qian', 'zhou']) await worksBy(id, 'late')
    })

    const enterAt = (order: string, minute: number) =>
      submitEvents(site, [entered(order, minute, 'picking', { department: 'store' })])

    it('are the people of the department who are at work at that moment and may act', async () => {
      await world.createRule({ ladder })
      await enterAt('SO-1', 0)
      await world.letPass(70)
      // Wu only reads, Fang works for another department, and Qian and Zhou come later.
      expect((await world.sent()).map(({ way }) => way)).toEqual(['inbox li'])
      await world.letPass(8 * 60)
      await enterAt('SO-2', 9 * 60)
      await world.letPass(70)
      expect((await world.sent()).slice(1).map(({ way }) => way)).toEqual(['inbox qian', 'inbox zhou'])
    })

    it('are the leads of the department if nobody is there', async () => {
      await world.database.query(
        `insert into absences (site, user_id, id, from_date, to_date, kind)
         values ('main', 'li', 'a1', '2026-11-23', '2026-11-23', 'leave')`,
      )
      await world.createRule({ ladder, severity: 'critical' })
      await enterAt('SO-1', 0)
      await world.letPass(70)
      expect((await world.sent()).map(({ way }) => way)).toEqual(['inbox zhou'])
    })
  })
})
