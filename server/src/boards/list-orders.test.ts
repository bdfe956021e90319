import { foldOrder } from '@stagewatch/shared/domain/fold-order.ts'
import { eventLog } from '@stagewatch/shared/domain/testing/event-log.ts'
import type { HistoryEntry } from '@stagewatch/shared/domain/testing/event-log.ts'
import { plantCalendar, weekOf } from '@stagewatch/shared/domain/time/testing/plant-calendar.ts'
import { describe, expect, it } from 'vitest'
import { LiveEngine } from '../engine/live-engine.ts'
import { SiteCalendars } from '../rules/site-calendars.ts'
import { boardOf, shipping } from './testing/board-of.ts'

const hour = 3_600_000
const at = (time: string) => Date.parse(`2026-11-23T${time}+08:00`)

/** The row of an order that entered picking, whose limit is 3 hours, at noon. */
function rowAt(time: string, calendars: SiteCalendars, ...later: readonly HistoryEntry[]) {
  const engine = new LiveEngine('Asia/Shanghai')
  engine.setCalendars(calendars)
  engine.setProcess([{ definition: shipping }], at(time))
  const events = eventLog(['stage.entered', at('12:00'), { stage: 'picking' }], ...later)
  engine.apply('SO-1', 'default', foldOrder('SO-1', events, { isTerminal: () => false }), events.length, at(time))
  const { dueAt, overFrom, stoppedOverMs } = boardOf(engine, 'default', at(time)).overdue.rows['SO-1'] ?? {}
  return { dueAt, overFrom, stoppedOverMs }
}

describe('the time past the limit of an order', () => {
  const always = new SiteCalendars()

  it('counts from the breach as long as the clock of the order runs', () => {
    expect(rowAt('16:30', always)).toEqual({ dueAt: at('15:00') })
  })

  it('counts from later on by the time for which the order was on hold after the breach', () => {
    const paused: HistoryEntry[] = [
      ['order.held', at('15:20')],
      ['order.resumed', at('15:50')],
    ]
    expect(rowAt('16:30', always, ...paused)).toEqual({ dueAt: at('15:00'), overFrom: at('15:30') })
  })

  it('stands still while the order is on hold', () => {
    const held: HistoryEntry = ['order.held', at('15:20')]
    expect(rowAt('16:30', always, held)).toEqual({ dueAt: at('15:00'), stoppedOverMs: hour / 3 })
  })

  it('stands still while the plant is closed', () => {
    const day = { ...plantCalendar({ week: weekOf([{ from: '06:00', to: '16:00' }]) }), code: 'day' }
    const calendars = new SiteCalendars([day], { site: 'day', departments: {} })
    expect(rowAt('15:59', calendars)).toEqual({ dueAt: at('15:00') })
    expect(rowAt('16:30', calendars)).toEqual({ dueAt: at('15:00'), stoppedOverMs: hour })
  })
})
