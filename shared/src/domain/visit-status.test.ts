import { describe, expect, it } from 'vitest'
import { alwaysOpen } from './time/always-open.ts'
import { calendarOf } from './time/calendar-of.ts'
import { plantCalendar } from './time/testing/plant-calendar.ts'
import { pastTargetMs, visitStatus } from './visit-status.ts'
import type { StatusOrder } from './visit-status.ts'

const hour = 3_600_000
const enteredAt = 1_000 * hour
const visit = { stage: 'packing', nth: 1, enteredAt, heldMs: 0 }
const sla = { calendar: alwaysOpen, targetMs: 10 * hour, warnAtRatio: 0.5, stallAfterMs: 20 * hour }
const order: StatusOrder = { holds: [], lastProgressAt: enteredAt }
const at = (hours: number) => enteredAt + hours * hour

describe('an open visit', () => {
  const after = (hours: number, held = order) => visitStatus(visit, held, sla, at(hours))

  it('passes from on track to at risk, soon and overdue by time alone, each at its very instant', () => {
    const calm = { atRisk: false, soon: false, overdue: false, stalled: false, onHold: false, dueAt: at(10) }
    expect(after(0)).toEqual({ ...calm, changesAt: at(5) })
    expect(after(5)).toEqual({ ...calm, atRisk: true, changesAt: at(8) })
    expect(after(8)).toEqual({ ...calm, atRisk: true, soon: true, changesAt: at(10) })
    expect(after(10)).toEqual({ ...calm, overdue: true, changesAt: at(20) })
    expect(after(20)).toEqual({ ...calm, overdue: true, stalled: true })
  })

  it('changes at no other instant than the one it names', () => {
    for (const hours of [0, 5, 8, 10]) {
      const { changesAt = Infinity, ...status } = after(hours)
      const { changesAt: _, ...justBefore } = visitStatus(visit, order, sla, changesAt - 1)
      expect(justBefore).toEqual(status)
    }
  })

  it('of a stage without a target is never at risk or overdue, but may be stalled', () => {
    const { targetMs: _, ...noTarget } = sla
    const status = visitStatus(visit, order, noTarget, at(20))
    expect(status).toEqual({ overdue: false, atRisk: false, soon: false, stalled: true, onHold: false })
  })

  it('is due later by the time that it was on hold', () => {
    const held = { ...order, holds: [{ from: at(1), to: at(4) }] }
    expect(after(10, held)).toMatchObject({ atRisk: true, overdue: false, dueAt: at(13) })
  })

  it('stays overdue since its breach when it is held later, and its lateness does not grow meanwhile', () => {
    const held = { ...order, holds: [{ from: at(12), to: at(15) }] }
    expect(after(16, held)).toMatchObject({ overdue: true, dueAt: at(10) })
    expect(pastTargetMs(visit, held, sla, at(16))).toBe(3 * hour)
  })
})

describe('a visit on hold', () => {
  const heldAfter = (since: number) => {
    const [held, heldOrder] = [
      { ...visit, heldSince: at(since) },
      { ...order, heldSince: at(since) },
    ]
    const { atRisk, overdue, soon, stalled, onHold, changesAt } = visitStatus(held, heldOrder, sla, at(500))
    expect({ soon, stalled, onHold, changesAt }).toEqual({
      soon: false,
      stalled: false,
      onHold: true,
      changesAt: undefined,
    })
    return { atRisk, overdue, pastMs: pastTargetMs(held, heldOrder, sla, at(500)) }
  }

  it('keeps what its clock showed, however long the hold lasts, and waits for no instant', () => {
    expect(heldAfter(4)).toEqual({ atRisk: false, overdue: false, pastMs: -6 * hour })
    expect(heldAfter(9)).toEqual({ atRisk: true, overdue: false, pastMs: -hour })
    expect(heldAfter(12)).toEqual({ atRisk: false, overdue: true, pastMs: 2 * hour })
  })
})

describe('an open visit on hold until an instant', () => {
  const held = { ...visit, heldSince: at(4) }
  const heldOrder: StatusOrder = { ...order, heldSince: at(4), heldUntil: at(30) }
  const after = (hours: number) => visitStatus(held, heldOrder, sla, at(hours))

  it('knows when its limit will be passed, and changes by itself when the hold ends', () => {
    const calm = { atRisk: false, soon: false, overdue: false, stalled: false, dueAt: at(36) }
    expect(after(4)).toEqual({ ...calm, onHold: true, changesAt: at(30) })
    expect(visitStatus(held, heldOrder, sla, at(30) - 1)).toEqual(after(4))
    expect(after(30)).toEqual({ ...calm, onHold: false, changesAt: at(31) })
    expect(after(36)).toMatchObject({ overdue: true, stalled: false, changesAt: at(50) })
    expect(after(50)).toMatchObject({ overdue: true, stalled: true })
  })
})

describe('an open visit by a calendar', () => {
  const office = { ...sla, calendar: calendarOf(plantCalendar({})) }
  const friday = Date.parse('2026-06-05T15:00+08:00')
  const weekend = { ...visit, enteredAt: friday }
  const status = (time: string) => visitStatus(weekend, { holds: [], lastProgressAt: friday }, office, Date.parse(time))

  it('is at risk and due after so much working time, over the night and the weekend', () => {
    expect(status('2026-06-06T12:00+08:00')).toMatchObject({
      dueAt: Date.parse('2026-06-08T17:00+08:00'),
      changesAt: Date.parse('2026-06-08T11:00+08:00'),
    })
    expect(status('2026-06-08T11:00+08:00')).toMatchObject({ atRisk: true, soon: false })
    expect(status('2026-06-08T15:00+08:00')).toMatchObject({ soon: true, overdue: false })
    expect(status('2026-06-08T17:00+08:00')).toMatchObject({ overdue: true })
  })

  it('is stalled after so much working time without progress', () => {
    expect(status('2026-06-10T09:59+08:00')).toMatchObject({ stalled: false })
    expect(status('2026-06-10T10:00+08:00')).toMatchObject({ stalled: true })
  })
})
