import { foldOrder } from '@stagewatch/shared/domain/fold-order.ts'
import { eventLog } from '@stagewatch/shared/domain/testing/event-log.ts'
import type { HistoryEntry } from '@stagewatch/shared/domain/testing/event-log.ts'
import type { CountedMs } from '@stagewatch/shared/domain/kaplan-meier.ts'
import { plantCalendar, weekOf } from '@stagewatch/shared/domain/time/testing/plant-calendar.ts'
import { describe, expect, it } from 'vitest'
import { LiveEngine } from '../engine/live-engine.ts'
import { SiteCalendars } from '../rules/site-calendars.ts'
import { recentDwell } from './recent-dwell.ts'
import { shipping } from './testing/board-of.ts'

/** A Monday. */
const at = (time: string) => Date.parse(`2026-11-23T${time.padEnd(8, ':00')}+08:00`)
const now = at('18:20')

type Stay = readonly [enteredAt: string, leftAt?: string]

/** The visits of picking in the last two hours, that is from 16:00 on. */
function recent(calendars: SiteCalendars, ...stays: readonly Stay[]) {
  const engine = new LiveEngine('Asia/Shanghai')
  engine.setCalendars(calendars)
  engine.setProcess([{ definition: shipping }], now)
  for (const [i, [enteredAt, leftAt]] of stays.entries()) {
    const history: HistoryEntry[] = [['stage.entered', at(enteredAt), { stage: 'picking' }]]
    if (leftAt !== undefined) history.push(['stage.entered', at(leftAt), { stage: 'packing' }])
    const order = `SO-${i}`
    const events = eventLog(...history).map((event) => ({ ...event, order }))
    engine.apply(order, 'default', foldOrder(order, events, { isTerminal: () => false }), events.length, now)
  }
  const [picking] = engine.process('default')?.stages ?? []
  return recentDwell(engine, picking!, 2, now)
}

/** Durations in tens of minutes, because those of a histogram are not exact. */
function inTens(durations: readonly CountedMs[]): number[] {
  return durations.flatMap(({ ms, count }) => Array.from({ length: count }, () => Math.round(ms / 600_000)))
}

describe('the recent visits of a stage', () => {
  it('are those that are open, and those that ended in the last full hours or in the current one', () => {
    const ended: Stay[] = [
      ['15:30', '15:59'],
      ['15:50', '16:00'],
      ['17:40', '18:10'],
    ]
    const visits = recent(new SiteCalendars(), ...ended, ['17:00'], ['18:00'])
    expect(inTens(visits.ended)).toEqual([1, 3])
    expect(inTens(visits.open)).toEqual([2, 8])
    expect(visits.late).toEqual([])
  })

  it('that began before have an age at the start, to half an hour where they have ended', () => {
    const ended: Stay[] = [
      ['13:55', '17:15'],
      ['15:40', '18:10'],
    ]
    const visits = recent(new SiteCalendars(), ...ended, ['14:20'], ['16:00'])
    expect(inTens(visits.ended)).toEqual([15, 20])
    expect(inTens(visits.open)).toEqual([14, 24])
    // Of the first one 90 min are from 16:00 to the middle of the hour in which it ended. The current hour ends now.
    expect(inTens(visits.late)).toEqual([1, 10, 11])
  })

  it('that ended after the plant had closed were all but over at the start', () => {
    const week = weekOf([{ from: '06:00', to: '16:00' }])
    const day = { ...plantCalendar({ week }), code: 'day' }
    const calendars = new SiteCalendars([day], { site: 'day', departments: {} })
    const { ended, open, late } = recent(calendars, ['14:00', '17:15'], ['15:59:59.999', '16:20'], ['13:00'])
    expect(ended.map(({ ms }) => ms)).toEqual([1, expect.closeTo(2 * 3_600_000, -6)])
    expect(open).toEqual([{ ms: 3 * 3_600_000, count: 1 }])
    // A visit of a single millisecond has none left to have spent before.
    expect(late).toEqual([{ ms: ended[1]!.ms - 1, count: 1 }, ...open])
  })
})
