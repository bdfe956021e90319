import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { acknowledgeAlert } from '@stagewatch/server/alerts/act-on-alert.ts'
import { orderAcknowledgementsQueue } from '@stagewatch/server/alerts/acknowledge-order.ts'
import type { Job } from '@stagewatch/server/platform/jobs.ts'
import type { SitePipeline } from '@stagewatch/server/sites/site-pipeline.ts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { afterStatement } from '../harness/after-statement.ts'
import { submitEvents } from '../harness/open-site.ts'
import { AlertWorld, beginAt, entered, event, hourMs, minuteMs, setTarget } from './alert-world.ts'

let world: AlertWorld
let site: SitePipeline

beforeAll(async () => (world = new AlertWorld(await openTestDatabase())))
afterEach(() => world.end())
afterAll(() => world.database.close())

/** An alert for SO-1 since minute 60. */
beforeEach(async () => {
  world.begin()
  ;({ site } = await world.startInstance('a'))
  await setTarget(site, hourMs)
  await world.createRule()
  await submitEvents(site, [entered('SO-1', 0)])
  await world.letPass(65)
})

const now = () => world.clock.now()

async function acknowledgeAlertNow(id: string): Promise<void> {
  await acknowledgeAlert(world.actingAs(id), await world.alertId(), now())
}

describe('the order of an alert', () => {
  const acknowledgedBy = async () => {
    const rows = await world.database.query<{ text: string }>(
      `select r.name || ' ' || a.acknowledged_by as text from alerts a join alert_rules r on r.id = a.rule_id
       where a.acknowledged_at is not null and a.ended_at is null order by text`,
    )
    return rows.map(({ text }) => text)
  }
  const entries = async () => {
    const rows = await world.database.query<{ text: string }>(
      `select r.name || ' ' || l.kind as text
       from alert_log l join alerts a on a.id = l.alert_id join alert_rules r on r.id = a.rule_id
       where l.kind in ('acknowledged', 'accepted') order by l.id`,
    )
    return rows.map(({ text }) => text)
  }
  const visit = () => site.engine.open.get(site.engine.order('SO-1')?.openSlot)?.visit

  it('is acknowledged with it, by the same person and once, as are the other alerts of the visit', async () => {
    await world.createRule({ name: 'Second', condition: { kind: 'pastTarget', afterMs: 10 * minuteMs } })
    await world.letPass(5)
    const at = now()
    await acknowledgeAlertNow('ada')
    await acknowledgeAlertNow('ada')
    await world.letPass(5)
    expect(visit()?.acknowledged).toEqual({ at, by: 'ada wei' })
    expect(await world.acknowledgements()).toEqual([
      { actor: 'ada wei', person: 'ada', minute: (at - beginAt) / minuteMs },
    ])
    await world.letPass(5)
    expect(await acknowledgedBy()).toEqual(['Overdue ada wei', 'Second ada wei'])
    expect(await entries()).toEqual(['Overdue acknowledged', 'Second acknowledged'])
  })

  it('is not acknowledged again, nor in a later visit, and an expired acknowledgement stays expired', async () => {
    await submitEvents(site, [event('SO-1', 'order.acknowledged', 65, { actor: 'Wu' })])
    await world.letPass(5)
    // The acknowledgement of the order has acknowledged the alert, and both expire after two hours.
    await world.letPass(120)
    expect((await world.alertAs('ada')).state).toBe('open')
    await acknowledgeAlertNow('ada')
    await world.letPass(120)
    expect(visit()?.acknowledged?.by).toBe('Wu')
    expect((await world.alertAs('ada')).state).toBe('open')
    await world.letPass(60)
    expect((await world.alertAs('ada')).state).toBe('open')
    expect(await world.acknowledgements()).toMatchObject([{ actor: 'Wu' }])
    await acknowledgeAlertNow('ada')
    await submitEvents(site, [entered('SO-1', 400, 'packing'), entered('SO-1', 401)])
    await world.letPass(5)
    expect(await world.acknowledgements()).toHaveLength(1)
  })

  it('is acknowledged again after the acknowledgement has been retracted', async () => {
    await acknowledgeAlertNow('ada')
    await world.letPass(5)
    const [first] = await world.database.query<{ id: string }>(
      `select id from events where type = 'order.acknowledged'`,
    )
    const data = { source: 'desk', id: first!.id }
    await submitEvents(site, [event('SO-1', 'event.voided', 71, { source: 'desk', data })])
    expect(visit()?.acknowledged).toBeUndefined()
    // The alert stays acknowledged until two hours have passed, and is then acknowledged by somebody else.
    await world.letPass(130)
    expect((await world.alertAs('ada')).state).toBe('open')
    await acknowledgeAlertNow('li')
    await world.letPass(5)
    expect(visit()?.acknowledged?.by).toBe('li wei')
  })

  it('is acknowledged by two people at once on two instances, by one event', async () => {
    const b = await world.startInstance('b')
    const { database, clock } = world
    await world.createRule({ name: 'Second', condition: { kind: 'pastTarget', afterMs: 10 * minuteMs } })
    await world.letPass(5)
    const [first, second] = await database.query<{ id: number }>('select id::int as id from alerts order by id')
    await acknowledgeAlert(world.actingAs('ada'), first!.id, now())
    await acknowledgeAlert(world.actingAs('li'), second!.id, now())
    clock.advanceTo(now() + 1)
    const [one, other] = await database.query<Job>(`select * from jobs where queue like 'alert-order%' order by id`)
    const { sites } = world.instances[0]!
    let isRead = false
    // The other instance finishes its job after this one has seen that nobody has acknowledged the order.
    const slow = afterStatement(database, async ({ text }) => {
      if (isRead || !/join visits on/.test(text)) return
      isRead = true
      await orderAcknowledgementsQueue({ database, clock, sites: b.sites }).run(other!)
    })
    await orderAcknowledgementsQueue({ database: slow, clock, sites }).run(one!)
    expect(isRead).toBe(true)
    expect(await world.acknowledgements()).toMatchObject([{ actor: 'li wei' }])
  })
})
