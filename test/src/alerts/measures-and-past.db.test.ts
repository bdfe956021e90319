import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { backTest } from '@stagewatch/server/alerts/back-test.ts'
import { backTestMeasure } from '@stagewatch/server/alerts/measure-back-test.ts'
import { loadOrders } from '@stagewatch/server/projection/load-orders.ts'
import type { AlertRuleRequest } from '@stagewatch/shared/contract/alert-rules.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
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
afterEach(() => world.end())
afterAll(() => world.database.close())

describe('a rule about a measure', () => {
  const tooMany = { kind: 'measure', measure: 'wipCount', above: 2, clearAt: 1, forMs: 10 * minuteMs } as const

  it('warns of a stage that has been too full for long enough, until it clearly is not', async () => {
    const { site } = await world.startInstance('a')
    await world.createRule({ condition: tooMany, scope: { stages: ['picking'] } })
    await submitEvents(site, [entered('SO-1', 0), entered('SO-2', 0), entered('SO-3', 0)])
    await world.letPass(10)
    expect(world.told).toEqual([])
    await world.letPass(10)
    expect(world.told).toEqual(['channel:floor group  @15'])
    await submitEvents(site, [entered('SO-1', 20, 'packing')])
    await world.letPass(5)
    expect((await world.alertRows()).map(({ ended }) => ended)).toEqual([null])
    await submitEvents(site, [entered('SO-2', 25, 'packing')])
    await world.letPass(5)
    expect((await world.alertRows()).map(({ ended }) => ended)).toEqual([30])
  })

  it('warns of a stage in which more orders arrive than leave within an hour, until that is over', async () => {
    const { site } = await world.startInstance('a')
    await world.createRule({
      condition: { kind: 'measure', measure: 'growthPerHour', above: 2, clearAt: 1, forMs: 0 },
      scope: { stages: ['picking'] },
    })
    await submitEvents(site, [entered('SO-1', 0), entered('SO-2', 0)])
    await world.letPass(90)
    expect(world.told).toEqual([])
    // Three arrive and one leaves within the hour, then three and none.
    await submitEvents(site, [
      entered('SO-3', 90),
      entered('SO-4', 90),
      entered('SO-5', 90),
      entered('SO-1', 90, 'packing'),
    ])
    await world.letPass(5)
    expect(world.told).toEqual([])
    await submitEvents(site, [entered('SO-6', 95)])
    await world.letPass(5)
    expect(world.told).toEqual(['channel:floor group  @100'])
    await world.letPass(100)
    const [alert] = await world.alertRows()
    expect(alert?.minute).toBeGreaterThanOrEqual(95)
    // An hour later the stage holds as many orders as before, although all of them are still there.
    expect(alert?.ended).toBeGreaterThanOrEqual(150)
    expect(alert?.ended).toBeLessThan(180)
  })

  it('neither starts nor ends an alert while nothing can be measured, and says so', async () => {
    const { site } = await world.startInstance('a')
    await setTarget(site, hourMs)
    await world.createRule({
      condition: { kind: 'measure', measure: 'breachRatio', above: 0.5, clearAt: 0.2, forMs: 0 },
    })
    await submitEvents(site, [entered('SO-1', 0)])
    await world.letPass(60)
    expect((await world.alertRows()).map(({ minute, ended }) => [minute, ended])).toEqual([[60, null]])
    const stage = { code: 'picking', name: stageName, warnAtRatio: 0.8, toleranceRatio: 0.1 }
    await site.saveProcess({ code: 'default', name: stageName, stages: [stage], acceptsNewStages: true, goals: {} })
    await world.letPass(5)
    expect((await world.alertRows()).map(({ ended }) => ended)).toEqual([null])
    expect(await world.database.query('select is_unknown as unknown from alerts')).toEqual([{ unknown: true }])
  })
})

describe('a rule that is tested against past data', () => {
  it('misses the same news of carriers as it would have missed live, also once the orders were read again', async () => {
    const { site } = await world.startInstance('a')
    const tried = { condition: { kind: 'noNews', afterMs: 2 * hourMs }, scope: { stages: ['transit'] } } as const
    await world.createRule(tried)
    const position = (order: string, minute: number) => event(order, 'position.reported', minute)
    const reports = [
      // Silent from 120 to 150, and again from 320 on.
      [entered('SO-1', 0, 'transit'), position('SO-1', 150), position('SO-1', 170), position('SO-1', 200)],
      // Reports often enough, more than once in each hour, and arrives.
      [entered('SO-2', 0, 'transit'), ...[10, 15, 20, 55, 60, 170, 280].map((minute) => position('SO-2', minute))],
      [entered('SO-2', 390, 'sign-off')],
      // Is held where no news is expected, and of a stage that the rule does not cover.
      [entered('SO-3', 0, 'transit'), event('SO-3', 'order.held', 60), entered('SO-4', 0)],
    ].flat()
    for (let minute = 0; minute <= 420; minute += stepMinutes) {
      const now = reports.filter(({ occurredAt }) => occurredAt === beginAt + minute * minuteMs)
      if (now.length > 0) await submitEvents(site, now)
      await world.letPass(stepMinutes)
    }
    const live = (await world.alertRows()).map(({ order, minute, ended }) => [order, minute, ended])
    expect(live).toEqual([
      ['SO-1', 120, 155],
      ['SO-1', 320, null],
    ])
    const options = {
      database: world.database,
      site: 'main',
      now: world.clock.now(),
      signal: new AbortController().signal,
    }
    for (const { engine } of [site, (await world.startInstance('b')).site]) {
      const result = await backTest(tried, 1, { ...options, rules: engine.rules, days: engine.days })
      const minutesOf = (at: number | undefined) => (at === undefined ? null : (at - beginAt) / minuteMs)
      expect(
        result.alerts.map(({ order, beganAt, endedAt }) => [order, minutesOf(beganAt), minutesOf(endedAt)]),
      ).toEqual([
        ['SO-1', 320, null],
        ['SO-1', 120, 150],
      ])
    }
    const [stored] = await loadOrders(world.database, 'main', ['SO-1'])
    const inTable = stored?.state?.visits[0]?.positions
    expect(inTable).toEqual([150, 170, 200].map((minute) => beginAt + minute * minuteMs))
    expect(site.engine.order('SO-1')?.state?.visits[0]?.positions).toEqual(inTable)
    // The second instance has read the positions from the database, and finds nothing to begin or to end.
    await world.letPass(10)
    expect(await world.alertRows()).toHaveLength(2)
  })

  it('raises the same alerts as it would have raised live', async () => {
    const { site } = await world.startInstance('a')
    await setTarget(site, hourMs)
    const tried = { condition: { kind: 'target', ratio: 0.55 }, scope: { stages: ['picking'] } } as const
    await world.createRule(tried)
    const events: OrderEvent[] = []
    for (let i = 0; i < 12; i++) {
      events.push(entered(`SO-${i}`, 5 * i))
      if (i % 3 === 0) events.push(event(`SO-${i}`, 'order.held', 5 * i + 20))
      if (i % 3 === 0) events.push(event(`SO-${i}`, 'order.resumed', 5 * i + 45))
      events.push(entered(`SO-${i}`, 10 * i + 25, 'packing'))
    }
    const inOrder = events.toSorted((a, b) => a.occurredAt - b.occurredAt)
    for (let minute = 0; minute <= 180; minute += stepMinutes) {
      const now = inOrder.filter(({ occurredAt }) => occurredAt === beginAt + minute * minuteMs)
      if (now.length > 0) await submitEvents(site, now)
      await world.letPass(stepMinutes)
    }
    const { engine } = site
    const result = await backTest(tried, 1, {
      database: world.database,
      site: 'main',
      rules: engine.rules,
      days: engine.days,
      now: world.clock.now(),
      signal: new AbortController().signal,
    })
    const live = (await world.alertRows()).map(({ order, minute }) => `${order} ${minute}`)
    expect(live.length).toBeGreaterThan(5)
    expect(result.alerts.map(({ order, beganAt }) => `${order} ${(beganAt - beginAt) / minuteMs}`).toSorted()).toEqual(
      live.toSorted(),
    )
    expect(result).toMatchObject({ alertCount: live.length, orderCount: 12, maxPerDay: live.length })
  })

  it('counts those that would have come more than four hours before the breach', async () => {
    const { site } = await world.startInstance('a')
    await setTarget(site, 10 * hourMs)
    await submitEvents(site, [entered('SO-1', 0), entered('SO-2', 0), entered('SO-3', 0)])
    // It is still there, one leaves in time, and one is held: its breach comes later.
    await submitEvents(site, [event('SO-3', 'order.held', 60)])
    await world.letPass(8 * 60)
    await submitEvents(site, [entered('SO-2', 8 * 60, 'packing')])
    await world.letPass(4 * 60)
    const tryAt = async (ratio: number) => {
      const tried = { condition: { kind: 'target', ratio }, scope: { stages: ['picking'] } } as const
      const { engine } = site
      return backTest(tried, 1, {
        database: world.database,
        site: 'main',
        rules: engine.rules,
        days: engine.days,
        now: world.clock.now(),
        signal: new AbortController().signal,
      })
    }
    expect(await tryAt(0.5)).toMatchObject({ alertCount: 2, earlyCount: 1 })
    const leads = new Map((await tryAt(0.5)).alerts.map(({ order, leadMs }) => [order, leadMs]))
    expect(leads.get('SO-1')).toBe(5 * hourMs)
    // It has left before its limit.
    expect(leads.get('SO-2')).toBeUndefined()
    // With exactly four hours left, and with less.
    expect(await tryAt(0.6)).toMatchObject({ alertCount: 2, earlyCount: 0 })
    expect(await tryAt(1)).toMatchObject({ alertCount: 1, earlyCount: 0 })
  })
})

describe('a rule about a measure that is tested against past data', () => {
  const interval = 10 * minuteMs
  const measuredRules = [
    {
      condition: { kind: 'measure', measure: 'wipCount', above: 2, clearAt: 1, forMs: 10 * minuteMs },
      scope: { stages: ['picking'] },
    },
    { condition: { kind: 'measure', measure: 'overdueCount', above: 0, clearAt: 0, forMs: 0 }, scope: {} },
    {
      condition: { kind: 'measure', measure: 'silenceRatio', above: 3, clearAt: 1, forMs: 5 * minuteMs },
      scope: { sources: ['test'] },
    },
  ] as const satisfies readonly Pick<AlertRuleRequest, 'condition' | 'scope'>[]

  it('raises the same alerts as the watch has recorded, of a stage, a process and a source', async () => {
    const { site } = await world.startInstance('a')
    await setTarget(site, hourMs)
    await site.sources.register({ source: 'test', name: stageName, intervalMs: interval, stages: [] })
    const events = [
      ...['SO-1', 'SO-2', 'SO-3', 'SO-4'].map((order, i) => entered(order, i)),
      event('SO-1', 'order.held', 15),
      event('SO-1', 'order.resumed', 40),
      event('SO-4', 'order.cancelled', 20),
      entered('SO-5', 43),
      entered('SO-2', 90, 'packing'),
      entered('SO-3', 91, 'packing'),
      entered('SO-5', 92, 'packing'),
      event('SO-1', 'order.completed', 100),
      entered('SO-6', 150),
    ]
    await submitEvents(site, events.slice(0, 1))
    for (const rule of measuredRules) await world.createRule(rule)
    for (let minute = 0; minute < 240; minute += stepMinutes) {
      const upTo = beginAt + (minute + stepMinutes) * minuteMs
      for (const one of events.slice(1)) {
        if (one.occurredAt <= world.clock.now() || one.occurredAt > upTo) continue
        world.clock.advanceTo(one.occurredAt)
        await submitEvents(site, [one])
      }
      world.clock.advanceTo(upTo)
      for (const { work } of world.instances) await work()
    }
    // The database has a clock of its own.
    await world.database.query('update events set recorded_at = occurred_at')
    const recorded = await world.database.query(`
      select r.condition->>'measure' as measure, a.stage, a.source, ${minuteOf('a.began_at')} as began,
        ${minuteOf('a.ended_at')} as ended
      from alerts a join alert_rules r on r.site = a.site and r.id = a.rule_id order by a.began_at, a.id`)
    const options = {
      database: world.database,
      site: { code: 'main', engine: site.engine, sources: site.sources },
      now: world.clock.now(),
      signal: new AbortController().signal,
      everyMs: stepMinutes * minuteMs,
    }
    const tested = await Promise.all(
      measuredRules.map(async (rule) => {
        const { alerts } = await backTestMeasure(rule, 1, options)
        return alerts.map(({ stage, source, beganAt, endedAt }) => ({
          measure: rule.condition.measure,
          stage,
          source,
          began: (beganAt - beginAt) / minuteMs,
          ended: endedAt === undefined ? null : (endedAt - beginAt) / minuteMs,
        }))
      }),
    )
    expect(tested.flat().toSorted((a, b) => a.began - b.began)).toEqual(recorded)
    // From 95 on, none of the open orders has a limit, so that the alert does not end.
    expect(recorded).toMatchObject([
      { measure: 'wipCount', began: 15, ended: 95 },
      { measure: 'overdueCount', began: 65, ended: 150 },
      { measure: 'silenceRatio', began: 80, ended: 90 },
      { measure: 'silenceRatio', began: 140, ended: 150 },
      { measure: 'silenceRatio', began: 190, ended: null },
      { measure: 'overdueCount', began: 210, ended: null },
    ])
  })

  it('stops when nobody waits for the answer any more', async () => {
    const { site } = await world.startInstance('a')
    await submitEvents(site, [entered('SO-1', 0)])
    const aborted = AbortSignal.abort()
    const asked = {
      database: world.database,
      site: { code: 'main', engine: site.engine, sources: site.sources },
      now: world.clock.now(),
      signal: aborted,
    }
    for (const rule of measuredRules.slice(0, 2))
      await expect(backTestMeasure(rule, 1, asked)).rejects.toThrow('no longer waits')
  })
})

function minuteOf(column: string): string {
  return `((extract(epoch from ${column}) * 1000 - ${beginAt}) / ${minuteMs})::float8`
}
