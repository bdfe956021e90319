import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { serverActor } from '@stagewatch/server/access/actor.ts'
import { acknowledgeAlert, snoozeAlert } from '@stagewatch/server/alerts/act-on-alert.ts'
import { loadRuleWeeks } from '@stagewatch/server/alerts/list-alerts.ts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { submitEvents } from '../harness/open-site.ts'
import {
  AlertWorld,
  beginAt,
  entered,
  event,
  hourMs,
  minuteMs,
  setTarget,
  stageName,
  stepMinutes,
} from './alert-world.ts'

let world: AlertWorld

beforeAll(async () => (world = new AlertWorld(await openTestDatabase())))
beforeEach(() => world.begin())
afterEach(async () => {
  await world.end()
  for (const table of ['calendar_choices', 'calendars']) await world.database.query(`delete from ${table}`)
})
afterAll(() => world.database.close())

describe('an alert', () => {
  it('is sent once when it is due, escalates when nobody acts, and ends when the order moves on', async () => {
    const { site } = await world.startInstance('a')
    await setTarget(site, hourMs)
    await world.createRule()
    await submitEvents(site, [entered('SO-1', 0)])
    await world.letPass(55)
    expect(world.told).toEqual([])
    await world.letPass(35)
    expect(world.told).toEqual(['channel:floor group SO-1 @60', 'channel:lead group SO-1 @90'])
    await submitEvents(site, [entered('SO-1', 90, 'packing')])
    await world.letPass(120)
    expect(world.told).toHaveLength(2)
    expect(await world.alertRows()).toEqual([{ order: 'SO-1', minute: 60, ended: 95, silent: false }])
  })

  it('is sent by one of two instances, even if the one that recorded it is gone', async () => {
    const [a] = [await world.startInstance('a'), await world.startInstance('b')]
    await setTarget(a.site, hourMs)
    await world.createRule()
    await submitEvents(a.site, [entered('SO-1', 0)])
    await world.instances[1]?.site.follow(['SO-1'], 0n)
    await world.letPass(60)
    expect(world.told).toEqual(['channel:floor group SO-1 @60'])
    await a.sites.close()
    world.instances.shift()
    await world.instances[0]?.watch.reconcileAll()
    await world.letPass(60)
    expect(world.told).toEqual(['channel:floor group SO-1 @60', 'channel:lead group SO-1 @90'])
  })

  it('is sent in one message after a start for everything that happened while no server was running', async () => {
    const first = await world.startInstance('a')
    await setTarget(first.site, hourMs)
    await world.createRule()
    await submitEvents(first.site, [entered('SO-1', 0), entered('SO-2', 20), entered('SO-3', 40)])
    await first.sites.close()
    world.instances.length = 0
    world.clock.advanceTo(beginAt + 4 * hourMs)
    await world.startInstance('b')
    await world.letPass(5)
    expect(world.told.slice(0, 1)).toEqual(['channel:floor group SO-1 SO-2 SO-3 @245'])
  })

  it('is sent in one message for everything that a step of the clock has brought', async () => {
    const { site } = await world.startInstance('a')
    await world.startInstance('b')
    await setTarget(site, hourMs)
    await world.createRule()
    const orders = Array.from({ length: 12 }, (_, i) => `SO-${10 + i}`)
    await submitEvents(
      site,
      orders.map((order, i) => entered(order, 10 * i - 50)),
    )
    for (const { site: own } of world.instances.slice(1)) await own.follow(orders, 0n)
    world.clock.advanceTo(beginAt + 3 * hourMs)
    await world.letPass(5)
    // One for each step, instead of one for every ten minutes that the clock has left out.
    expect(world.told.filter((told) => told.startsWith('channel:floor'))).toEqual([
      `channel:floor group ${orders.join(' ')} @185`,
    ])
    await world.letPass(60)
    expect(world.told).toEqual([
      `channel:floor group ${orders.join(' ')} @185`,
      expect.stringMatching(/^channel:lead group SO-10 .* SO-21 @\d+$/),
    ])
  })

  it('is snoozed until the next working morning: over a holiday and a break, to a make-up day', async () => {
    const { site } = await world.startInstance('a')
    await setTarget(site, hourMs)
    // 2026-11-23 is a Monday. Tuesday to Friday are holidays, Saturday is worked instead.
    const day = [
      { from: '08:00', to: '12:00' },
      { from: '13:00', to: '17:00' },
    ]
    const holidays = [
      ...['24', '25', '26', '27'].map((date) => ({ date: `2026-11-${date}`, working: false })),
      { date: '2026-11-28', working: true },
    ]
    const week = { 1: day, 2: day, 3: day, 4: day, 5: day, 6: [], 7: [] }
    const versions = [{ timeZone: 'UTC', week, holidays }]
    await site.saveCalendar({ code: 'plant', name: stageName, versions }, serverActor)
    await site.chooseCalendars({ site: 'plant', departments: {} }, serverActor)
    await world.createRule()
    await world.addPerson('li', 'operator', null)
    await submitEvents(site, [entered('SO-1', 8 * 60)])
    // Due after an hour of work, and snoozed before the break: the work after it is not the next morning.
    await world.letPass(9 * 60 + 20)
    await snoozeAlert(world.actingAs('li'), await world.alertId(), 'nextWorkingMorning', world.clock.now())
    const toldBefore = world.told.length
    const saturday = Date.UTC(2026, 10, 28, 8)
    expect((await world.alertAs('li')).snoozedUntil).toBe(saturday)
    await world.letPass((saturday - world.clock.now()) / minuteMs - stepMinutes)
    expect(world.told).toHaveLength(toldBefore)
    await world.letPass(stepMinutes)
    expect(world.told.slice(toldBefore)).toEqual([`channel:floor group SO-1 @${(saturday - beginAt) / minuteMs}`])
  })

  it('is counted in the statistics of its rule: acted on, over before anybody could act, and after what time', async () => {
    const { site } = await world.startInstance('a')
    await setTarget(site, hourMs)
    await world.createRule()
    await world.addPerson('li', 'operator', null)
    const orders = ['SO-1', 'SO-2', 'SO-3', 'SO-4']
    await submitEvents(
      site,
      orders.map((order) => entered(order, 0)),
    )
    await world.letPass(60)
    await submitEvents(site, [entered('SO-3', 60, 'packing')])
    await world.letPass(5)
    const ids = await world.database.query<{ id: number }>('select id::int as id from alerts order by order_id')
    const acknowledge = (place: number) => acknowledgeAlert(world.actingAs('li'), ids[place]!.id, world.clock.now())
    await acknowledge(0)
    await world.letPass(20)
    await acknowledge(1)
    await submitEvents(site, [entered('SO-4', 85, 'packing')])
    await world.letPass(5)
    const [week] = (await loadRuleWeeks(world.database, 'main', world.clock.now())).values()
    expect(week).toEqual({
      alertCount: 4,
      acknowledgedCount: 2,
      // That of SO-3 ended within ten minutes; that of SO-4 later, although nobody acted.
      noiseCount: 1,
      messageCount: 1,
      medianAcknowledgeMs: 5 * minuteMs,
    })
    const later = world.clock.now() + 8 * 24 * hourMs
    expect([...(await loadRuleWeeks(world.database, 'main', later)).values()]).toEqual([])
  })

  it('stops when it is acknowledged, and is sent again when nothing happens for too long', async () => {
    const { site } = await world.startInstance('a')
    await setTarget(site, hourMs)
    await world.createRule()
    await submitEvents(site, [entered('SO-1', 0), entered('SO-2', 0)])
    await world.letPass(70)
    await submitEvents(site, [
      event('SO-1', 'order.acknowledged', 70, { actor: 'Li' }),
      event('SO-2', 'order.acknowledged', 70, { actor: 'Li' }),
    ])
    await world.letPass(60)
    await submitEvents(site, [event('SO-2', 'note.added', 130)])
    expect(world.told).toEqual(['channel:floor group SO-1 SO-2 @60'])
    await world.letPass(60)
    expect(world.told.slice(1)).toEqual(['channel:floor group SO-1 @190'])
    await world.letPass(60)
    expect(world.told.slice(2)).toEqual(['channel:lead group SO-1 @220', 'channel:floor group SO-2 @250'])
  })

  it('waits for the end of quiet hours unless it is critical', async () => {
    const { site } = await world.startInstance('a')
    await setTarget(site, hourMs)
    world.quietUntil = beginAt + 100 * minuteMs
    await world.createRule({ scope: { when: { customerClass: ['B'] } } })
    await world.createRule({ severity: 'critical', scope: { when: { customerClass: ['A'] } } })
    await submitEvents(site, [
      entered('SO-1', 0, 'picking', { customerClass: 'A' }),
      entered('SO-2', 0, 'picking', { customerClass: 'B' }),
    ])
    await world.letPass(80)
    expect(world.told).toEqual(['channel:floor group SO-1 @60'])
    await world.letPass(20)
    expect(world.told).toContain('channel:floor group SO-2 @100')
  })

  it('is not sent for imported events, or for conditions that existed before its rule', async () => {
    const { site } = await world.startInstance('a')
    await setTarget(site, hourMs)
    await submitEvents(site, [entered('SO-1', 0)])
    await world.letPass(90)
    await world.createRule()
    await site.submit({
      sender: 'import',
      imported: true,
      items: [{ index: 0, ok: true, event: entered('SO-2', 10), raw: {} }],
    })
    await world.letPass(60)
    expect(world.told).toEqual([])
    expect((await world.alertRows()).map(({ order, silent }) => [order, silent])).toEqual([
      ['SO-1', true],
      ['SO-2', true],
    ])
  })

  it('stays open without another message when an instance that lagged behind catches up', async () => {
    const { site } = await world.startInstance('a')
    await setTarget(site, hourMs)
    await world.createRule({ ladder: [{ afterMs: 0, to: [{ kind: 'channel', id: 'floor' }] }] })
    await submitEvents(site, [entered('SO-1', 0)])
    await world.letPass(60)
    await setTarget(site, 3 * hourMs)
    await world.letPass(5)
    expect((await world.alertRows())[0]?.ended).not.toBeNull()
    await setTarget(site, hourMs)
    await world.letPass(5)
    expect((await world.alertRows())[0]?.ended).toBeNull()
    expect(world.told).toEqual(['channel:floor group SO-1 @60'])
  })
})
