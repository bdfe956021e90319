import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { DueLists } from '@stagewatch/server/alerts/due-lists.ts'
import type { SitePipeline } from '@stagewatch/server/sites/site-pipeline.ts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { submitEvents } from '../harness/open-site.ts'
import { beginAt, entered, event, hourMs, minuteMs, setTarget } from './alert-world.ts'
import { ToldWorld } from './told-world.ts'

let world: ToldWorld
let site: SitePipeline

beforeAll(async () => (world = new ToldWorld(await openTestDatabase())))
beforeEach(async () => (site = await world.beginTold()))
afterEach(() => world.end())
afterAll(() => world.database.close())

describe('recipients of alerts', () => {
  it('are notified on their return if they are away, and their deputies at once', async () => {
    await setTarget(site, hourMs)
    await world.database.query(
      `insert into absences (site, user_id, id, from_date, to_date, to_time, kind, deputy_id)
       values ('main', 'zhou', 'a1', '2026-11-23', '2026-11-23', '03:00', 'leave', 'li')`,
    )
    await world.createRule({ ladder: [{ afterMs: 0, to: [{ kind: 'leads' }] }] })
    await submitEvents(site, [entered('SO-1', 0, 'picking', { department: 'store' })])
    await world.letPass(70)
    expect((await world.sent()).map(({ way }) => way)).toEqual(['inbox li'])
    await world.letPass(120)
    expect((await world.sent()).map(({ way }) => way)).toEqual(['inbox li', 'inbox zhou'])
  })

  it.each([
    ['have left the site', `delete from memberships where user_id = 'zhou'`],
    ['may not sign in any more', `update users set disabled_at = now() where id = 'zhou'`],
    ['have been given another department', `update memberships set departments = '{fleet}' where user_id = 'zhou'`],
  ])('are not notified on their return if they %s meanwhile', async (_why, change) => {
    await setTarget(site, hourMs)
    await world.database.query(
      `insert into absences (site, user_id, id, from_date, to_date, to_time, kind)
       values ('main', 'zhou', 'a1', '2026-11-23', '2026-11-23', '03:00', 'leave')`,
    )
    await world.createRule({ ladder: [{ afterMs: 0, to: [{ kind: 'leads' }, { kind: 'person', id: 'li' }] }] })
    await submitEvents(site, [entered('SO-1', 0, 'picking', { department: 'store' })])
    await world.letPass(70)
    expect(await world.database.query(`select receiver from alert_notices where state = 'waiting'`)).toEqual([
      { receiver: 'person:zhou' },
    ])
    await world.database.query(change)
    await world.letPass(120)
    expect((await world.sent()).map(({ way }) => way)).toEqual(['inbox li'])
    expect(await world.database.query(`select receiver from alert_notices where state = 'waiting'`)).toEqual([])
  })
})

describe('people with orders of their own, in the morning,', () => {
  const morning = 8 * 60
  const lists = () =>
    world.database.query<{ to: string; title: string; lines: string[] }>(
      `select recipient as to, message->>'title' as title, message->'lines' as lines from messages
       where channel_id = 'inbox' and dedupe_key like 'due-list:%' order by created_at, recipient`,
    )
  let dueLists: DueLists
  const newDueLists = () => {
    const { database, clock, instances } = world
    return new DueLists({ database, clock, sites: instances[0]!.sites })
  }
  const look = async (minute: number) => {
    world.clock.advanceTo(beginAt + minute * minuteMs)
    await dueLists.look()
  }
  const owned = (order: string, minute: number, owner: string, department = 'store') => [
    entered(order, minute, 'picking', { department }),
    event(order, 'order.assigned', minute + 1, { data: { owner } }),
  ]

  beforeEach(async () => {
    dueLists = newDueLists()
    await setTarget(site, 10 * hourMs)
    await submitEvents(site, [
      ...owned('SO-1', 7 * 60, 'li@example.com'),
      ...owned('SO-2', -4 * 60, 'Li'),
      ...owned('SO-3', 7 * 60 + 30, 'LI', 'fleet'),
      ...owned('SO-4', 7 * 60 + 45, 'chen'),
      ...owned('SO-5', 7 * 60, 'somebody'),
    ])
  })

  it('receive one list of the visible orders that are due that day or overdue', async () => {
    await look(morning - 1)
    expect(await lists()).toEqual([])
    await look(morning)
    await look(morning + 1)
    // As after a restart, or on another instance.
    dueLists = newDueLists()
    await look(morning + 2)
    expect(await lists()).toEqual([
      { to: 'chen', title: '今天您负责的订单：1 单到期，0 单已超时', lines: ['SO-4 · 拣货 · 2026/11/23 17:45 到期'] },
      {
        to: 'li',
        title: '今天您负责的订单：1 单到期，1 单已超时',
        lines: ['SO-2 · 拣货 · 自 2026/11/23 06:00 起超时', 'SO-1 · 拣货 · 2026/11/23 17:00 到期'],
      },
    ])
  })

  it('receive it when they return in the morning, again the next day, and not after opting out', async () => {
    await world.database.query(
      `insert into absences (site, user_id, id, from_date, to_date, to_time, kind)
       values ('main', 'li', 'a2', '2026-11-23', '2026-11-23', '10:00', 'leave')`,
    )
    await world.database.query(`update user_profiles set due_list = false where user_id = 'chen'`)
    await look(morning)
    expect(await lists()).toEqual([])
    await look(10 * 60)
    expect((await lists()).map(({ to }) => to)).toEqual(['li'])
    await look(24 * 60 + morning)
    expect((await lists()).map(({ to }) => to)).toEqual(['li', 'li'])
  })

  it('receive it after their quiet hours, and not at all when the day is nearly over', async () => {
    const quiet = { from: '00:00', to: '09:00', days: [1, 2, 3, 4, 5, 6, 7], criticalBreaks: true }
    await world.database.query(`update user_profiles set quiet_hours = $1::jsonb where user_id = 'li'`, [
      JSON.stringify(quiet),
    ])
    await look(morning)
    expect((await lists()).map(({ to }) => to)).toEqual(['chen'])
    await look(9 * 60)
    expect((await lists()).map(({ to }) => to)).toEqual(['chen', 'li'])
    await look(24 * 60 + 13 * 60)
    expect(await lists()).toHaveLength(2)
  })
})
