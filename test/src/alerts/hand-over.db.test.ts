import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { acknowledgeAlert, snoozeAlert } from '@stagewatch/server/alerts/act-on-alert.ts'
import { acceptAlert, declineAlert, handOverAlert, listHandOverTargets } from '@stagewatch/server/alerts/hand-over.ts'
import type { SitePipeline } from '@stagewatch/server/sites/site-pipeline.ts'
import { maxHandOvers } from '@stagewatch/shared/contract/alerts.ts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { submitEvents } from '../harness/open-site.ts'
import { AlertWorld, entered, event, hourMs, minuteMs, setTarget } from './alert-world.ts'

let world: AlertWorld
let site: SitePipeline

beforeAll(async () => (world = new AlertWorld(await openTestDatabase())))
afterEach(() => world.end())
afterAll(() => world.database.close())

/** An alert for SO-1 of the store since minute 60; the first step was sent to the floor, the second is due at 90. */
beforeEach(async () => {
  world.begin()
  ;({ site } = await world.startInstance('a'))
  await world.addPerson('ada', 'manager', null)
  await world.addPerson('li', 'operator', ['store'])
  await world.addPerson('fang', 'lead', ['fleet'])
  await world.addPerson('vera', 'viewer', null)
  await setTarget(site, hourMs)
  await world.createRule()
  await submitEvents(site, [entered('SO-1', 0, 'picking', { department: 'store' })])
  await world.letPass(65)
})

const now = () => world.clock.now()

async function handOver(by: string, to: string, more: { readonly acceptWithinMs?: number } = {}): Promise<void> {
  await handOverAlert(world.actingAs(by), await world.alertId(), { to, acceptWithinMs: 30 * minuteMs, ...more }, now())
}

/** Kinds of the entries in the log, after the start and the first notification. */
const logged = async () => (await world.alertAs('ada')).log.slice(2).map(({ kind, by }) => [kind, by])
const inbox = async () => {
  const rows = await world.database.query<{ to: string; title: string }>(`
    select recipient as to, message->>'title' as title from messages where channel_id = 'inbox'
    order by created_at, recipient`)
  return rows.map(({ to, title }) => `${to}: ${title}`)
}
describe('an alert that is handed over', () => {
  it('asks the colleague, notifies nobody else, and is acknowledged in their name when they accept', async () => {
    await handOver('ada', 'li')
    const until = now() + 30 * minuteMs
    expect(await world.alertAs('li')).toMatchObject({
      state: 'open',
      handedTo: 'li wei',
      handedBy: 'ada wei',
      acceptBy: until,
      isHandedToYou: true,
    })
    expect(await world.alertAs('ada')).toMatchObject({ isHandedToYou: false })
    await world.letPass(25)
    expect(world.told).toEqual(['channel:floor group SO-1 @60'])
    expect(await inbox()).toEqual(['li: ada wei handed you the alert “Overdue: SO-1”'])
    await acceptAlert(world.actingAs('li'), await world.alertId(), now())
    const accepted = await world.alertAs('ada')
    expect(accepted).toMatchObject({
      state: 'acknowledged',
      acknowledgedBy: 'li wei',
      acknowledgedUntil: now() + 2 * hourMs,
    })
    expect(accepted.acceptBy).toBeUndefined()
    await world.letPass(60)
    expect(world.told).toHaveLength(1)
    expect(await logged()).toEqual([
      ['handedOver', 'ada wei'],
      ['accepted', 'li wei'],
    ])
    expect(await world.acknowledgements()).toEqual([{ actor: 'li wei', person: 'li', minute: 90 }])
    // The acknowledgement expires like any other.
    await world.letPass(60)
    expect(world.told.slice(1)).toEqual(['channel:floor group SO-1 @210'])
  })

  it('continues where it stopped when they decline, and says so to who handed it over', async () => {
    await handOver('ada', 'li')
    await world.letPass(20)
    await declineAlert(world.actingAs('li'), await world.alertId(), 'at the dentist', now())
    // 25 minutes of the delay were left.
    await world.letPass(20)
    expect(world.told).toHaveLength(1)
    await world.letPass(5)
    expect(world.told.slice(1)).toEqual(['channel:lead group SO-1 @110'])
    expect(await inbox()).toEqual([
      'li: ada wei handed you the alert “Overdue: SO-1”',
      'ada: li wei declined the alert “Overdue: SO-1”',
    ])
    expect((await world.alertAs('ada')).log.find(({ kind }) => kind === 'declined')).toMatchObject({
      by: 'li wei',
      text: 'at the dentist',
    })
    expect(await world.acknowledgements()).toEqual([])
  })

  it('continues by itself after the time for the answer, once with two instances, also after an outage', async () => {
    await world.startInstance('b')
    await handOver('ada', 'li')
    for (let minute = 0; minute < 60; minute += 5) {
      world.clock.advanceTo(now() + 5 * minuteMs)
      await Promise.all(world.instances.map(({ work }) => work()))
    }
    expect(world.told.slice(1)).toEqual(['channel:lead group SO-1 @120'])
    expect(await logged()).toEqual([
      ['handedOver', 'ada wei'],
      ['notAccepted', undefined],
      ['notified', undefined],
    ])
    expect((await inbox()).slice(1)).toEqual(['ada: li wei did not answer in time: alert “Overdue: SO-1”'])
    await expect(acceptAlert(world.actingAs('li'), await world.alertId(), now())).rejects.toMatchObject({
      code: 'conflict',
    })
    // Nobody runs anything until long after the time is over.
    await handOver('ada', 'li')
    world.clock.advanceTo(now() + 5 * hourMs)
    await expect(acceptAlert(world.actingAs('li'), await world.alertId(), now())).rejects.toMatchObject({
      code: 'conflict',
    })
    await world.letPass(5)
    expect((await world.alertAs('ada')).acceptBy).toBeUndefined()
    expect((await logged()).filter(([kind]) => kind === 'notAccepted')).toHaveLength(2)
  })

  it('has been paused only for the time of the offer if no server was running at its end', async () => {
    await handOver('ada', 'li')
    // 25 minutes of the delay were left at minute 65, and the offer ended at 95.
    world.clock.advanceTo(now() + 65 * minuteMs)
    await world.letPass(5)
    expect(world.told.slice(1)).toEqual(['channel:lead group SO-1 @135'])
  })

  it.each([
    [
      'acknowledges it',
      'acknowledged',
      async () => acknowledgeAlert(world.actingAs('ada'), await world.alertId(), now()),
    ],
    [
      'snoozes it',
      'snoozed',
      async () => snoozeAlert(world.actingAs('ada'), await world.alertId(), now() + 3 * hourMs, now()),
    ],
    [
      'acknowledges its order',
      'acknowledged',
      () => submitEvents(site, [event('SO-1', 'order.acknowledged', 66, { actor: 'ada wei' })]),
    ],
  ] as const)('is handed over no longer when somebody else %s', async (_, state, act) => {
    await handOver('ada', 'li')
    world.clock.advanceTo(now() + minuteMs)
    await act()
    await world.letPass(5)
    const alert = await world.alertAs('li')
    expect(alert).toMatchObject({ state })
    expect(alert.acceptBy).toBeUndefined()
    await expect(acceptAlert(world.actingAs('li'), await world.alertId(), now())).rejects.toMatchObject({
      code: 'conflict',
    })
    await world.letPass(60)
    expect((await logged()).map(([kind]) => kind)).not.toContain('notAccepted')
    expect(world.told).toHaveLength(1)
  })

  it('ends with the alert, and nobody is told of it afterwards', async () => {
    await handOver('ada', 'li')
    await submitEvents(site, [entered('SO-1', 65, 'packing')])
    await world.letPass(60)
    expect(await world.alertAs('li')).toMatchObject({ state: 'ended' })
    expect((await world.alertAs('li')).acceptBy).toBeUndefined()
    await expect(acceptAlert(world.actingAs('li'), await world.alertId(), now())).rejects.toMatchObject({
      code: 'conflict',
    })
    await expect(handOver('ada', 'li')).rejects.toMatchObject({ code: 'conflict' })
    expect((await logged()).map(([kind]) => kind)).toEqual(['handedOver', 'ended'])
    expect(await inbox()).toEqual([])
  })

  it('holds back messages that were about to be sent, and sends them when it is declined', async () => {
    await world.database.query('update alert_rules set merge_ms = 1200000')
    await world.letPass(30)
    expect((await world.alertAs('ada')).stepsDone).toBe(2)
    await handOver('ada', 'li')
    await world.letPass(25)
    expect(world.told).toHaveLength(1)
    await declineAlert(world.actingAs('li'), await world.alertId(), undefined, now())
    await world.letPass(5)
    expect(world.told.slice(1)).toEqual(['channel:lead group SO-1 @125'])
  })

  it('waits with its message until the quiet hours of the colleague are over, unless it is critical', async () => {
    const quiet = { from: '00:00', to: '01:30', days: [1, 2, 3, 4, 5, 6, 7], criticalBreaks: true }
    await world.database.query(
      `insert into user_profiles (user_id, language, channels, quiet_hours) values ('li', 'zh', '[]', $1::jsonb)`,
      [JSON.stringify(quiet)],
    )
    // 01:05 in the zone of the site.
    await handOver('ada', 'li', { acceptWithinMs: hourMs })
    await world.letPass(20)
    expect(await inbox()).toEqual([])
    await world.letPass(5)
    expect(await inbox()).toEqual(['li: ada wei 把预警“Overdue：SO-1”移交给您'])
    await declineAlert(world.actingAs('li'), await world.alertId(), undefined, now())
    await world.database.query(`update alert_rules set severity = 'critical'`)
    await world.database.query(`update user_profiles set quiet_hours = $1::jsonb where user_id = 'li'`, [
      JSON.stringify({ ...quiet, to: '23:00' }),
    ])
    await handOver('ada', 'li')
    await world.letPass(5)
    expect((await inbox()).filter((text) => text.startsWith('li'))).toHaveLength(2)
  })

  it('is refused for oneself, for who cannot see or act on it, for strangers, and twice', async () => {
    for (const to of ['ada', 'fang', 'vera', 'nobody'])
      await expect(handOver('ada', to)).rejects.toMatchObject({ code: 'invalid_field', field: 'to' })
    const { people } = await listHandOverTargets(world.actingAs('ada'), await world.alertId(), now())
    expect(people.map(({ id }) => id)).toEqual(['li'])
    expect(
      await listHandOverTargets({ ...world.actingAs('ada'), showsPeople: false }, await world.alertId(), now()),
    ).toEqual({
      people: [],
    })
    await handOver('ada', 'li')
    await expect(handOver('ada', 'li')).rejects.toMatchObject({ code: 'conflict' })
    const ada = world.actingAs('ada')
    await expect(acceptAlert(ada, await world.alertId(), now())).rejects.toMatchObject({ code: 'forbidden' })
    await expect(declineAlert(ada, await world.alertId(), '', now())).rejects.toMatchObject({ code: 'forbidden' })
    expect((await logged()).map(([kind]) => kind)).toEqual(['handedOver'])
  })

  it('can be handed over again after an answer, up to a limit', async () => {
    for (let done = 0; done < maxHandOvers; done++) {
      await handOver('ada', 'li')
      world.clock.advanceTo(now() + 1)
      await declineAlert(world.actingAs('li'), await world.alertId(), undefined, now())
      world.clock.advanceTo(now() + 1)
    }
    await expect(handOver('ada', 'li')).rejects.toMatchObject({ code: 'conflict' })
  })

  it('notifies nobody afterwards if it was recorded silently', async () => {
    await world.createRule({ name: 'Silent' })
    const [silent] = await world.database.query<{ id: number }>('select id::int as id from alerts where is_silent')
    await handOverAlert(world.actingAs('ada'), silent!.id, { to: 'li', acceptWithinMs: 30 * minuteMs }, now())
    await world.letPass(120)
    expect(world.told).toEqual(['channel:floor group SO-1 @60', 'channel:lead group SO-1 @90'])
    expect((await inbox()).at(-1)).toBe('ada: li wei did not answer in time: alert “Silent: SO-1”')
  })

  it('is shown without names where the site shows none', async () => {
    await handOver('ada', 'li')
    const hidden = await world.alertAs('li', 'team')
    expect(hidden).toMatchObject({ isHandedToYou: true, acceptBy: now() + 30 * minuteMs })
    expect(JSON.stringify(hidden)).not.toMatch(/ wei/)
  })

  it('repeats no names in the reason for declining it where the site shows none', async () => {
    const actor = { kind: 'operator', name: 'operator' } as const
    await site.privacy.save({ customers: 'shown', amounts: 'shown', people: 'team' }, actor, '*')
    await handOver('ada', 'li')
    await declineAlert(world.actingAs('li'), await world.alertId(), 'ada wei knows it better', now())
    await world.letPass(5)
    expect(JSON.stringify(await world.alertAs('vera'))).toContain('ada wei knows it better')
    expect(JSON.stringify(await world.alertAs('vera', 'team'))).toContain('** knows it better')
    const said = await world.database.query<{ message: object }>(
      `select message from messages where channel_id = 'inbox' and recipient = 'ada'`,
    )
    expect(said).toHaveLength(1)
    expect(JSON.stringify(said)).not.toMatch(/ wei/)
    await site.privacy.save({ customers: 'shown', amounts: 'shown', people: 'shown' }, actor, '*')
  })

  it('is told to nobody who has left the department before their quiet hours end', async () => {
    const quiet = { from: '00:00', to: '03:00', days: [1, 2, 3, 4, 5, 6, 7], criticalBreaks: false }
    await world.database.query(
      `insert into user_profiles (user_id, language, time_zone, channels, quiet_hours)
       values ('li', 'en', 'UTC', '[]', $1::jsonb)`,
      [JSON.stringify(quiet)],
    )
    await handOver('ada', 'li', { acceptWithinMs: 20 * hourMs })
    await world.letPass(5)
    await world.database.query(`update memberships set departments = '{fleet}' where user_id = 'li'`)
    await world.letPass(180)
    expect(await inbox()).toEqual([])
  })
})
