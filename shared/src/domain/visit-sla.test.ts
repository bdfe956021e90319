import { describe, expect, it } from 'vitest'
import type { OrderAttributes } from './order-attributes.ts'
import { plainStage } from './process-definition.ts'
import { isMet } from './target-rule.ts'
import { alwaysOpen } from './time/always-open.ts'
import { calendarOf } from './time/calendar-of.ts'
import { plantCalendar } from './time/testing/plant-calendar.ts'
import { isPastTarget, visitSla } from './visit-sla.ts'

const hour = 3_600_000
const monday = Date.parse('2026-06-01T08:00+08:00')
const visit = { stage: 'packing', nth: 1, enteredAt: monday, heldMs: 0 }
const stage = {
  ...plainStage('packing'),
  targetMs: 24 * hour,
  targets: [
    { when: { customerClass: ['A'], product: ['pump-*'] }, targetMs: 4 * hour },
    { when: { amount: { from: 10_000 } }, targetMs: 8 * hour, warnAtRatio: 0.5 },
    { when: { customerClass: ['A'] }, targetMs: 12 * hour },
  ],
}
const slaOf = (attributes: OrderAttributes) => visitSla(stage, visit, attributes, alwaysOpen)

describe('the limits of a visit', () => {
  it('are those of the stage for an order that no rule is about', () => {
    expect(slaOf({ customerClass: 'B' })).toEqual({ calendar: alwaysOpen, targetMs: 24 * hour, warnAtRatio: 0.8 })
  })

  it('are those of the first rule that the order meets, and say which one it is', () => {
    expect(slaOf({ customerClass: 'A', product: 'pump-7' })).toMatchObject({ targetMs: 4 * hour, rule: 0 })
    expect(slaOf({ customerClass: 'A', amount: 10_000 })).toMatchObject({ targetMs: 8 * hour, rule: 1 })
    expect(slaOf({ customerClass: 'A', product: 'valve' })).toMatchObject({ targetMs: 12 * hour, rule: 2 })
  })

  it('keep from the stage what the rule does not name', () => {
    expect(slaOf({ customerClass: 'A' })).toMatchObject({ warnAtRatio: 0.8 })
    expect(slaOf({ amount: 20_000 })).toMatchObject({ warnAtRatio: 0.5 })
  })

  it('come from the promise where that leaves less time, counted by the calendar', () => {
    const office = calendarOf(plantCalendar({}))
    const promised = { ...stage, promiseLeadMs: 24 * hour }
    const sla = (promisedAt: string) => visitSla(promised, visit, { promisedAt: Date.parse(promisedAt) }, office)
    expect(sla('2026-06-03T10:00+08:00')).toMatchObject({ targetMs: 10 * hour, byPromise: true })
    expect(sla('2026-06-30T10:00+08:00')).not.toHaveProperty('byPromise')
    expect(sla('2026-06-01T10:00+08:00')).toMatchObject({ targetMs: 1, byPromise: true })
  })

  it('are still those of the stage where the promise leaves just as much', () => {
    const sla = (leftMs: number) =>
      visitSla({ ...stage, promiseLeadMs: 0 }, visit, { promisedAt: visit.enteredAt + leftMs }, alwaysOpen)
    expect(sla(24 * hour)).not.toHaveProperty('byPromise')
    expect(sla(24 * hour - 1)).toMatchObject({ byPromise: true, targetMs: 24 * hour - 1 })
  })

  it('come from the promise alone in a stage that has nothing else, and are none without both of its parts', () => {
    const { code, name, toleranceRatio } = stage
    const plain = { code, name, toleranceRatio, warnAtRatio: 0.8 }
    const lead = { ...plain, promiseLeadMs: hour }
    const promisedAt = visit.enteredAt + 5 * hour
    expect(visitSla(lead, visit, { promisedAt }, alwaysOpen)).toEqual({
      calendar: alwaysOpen,
      warnAtRatio: 0.8,
      targetMs: 4 * hour,
      byPromise: true,
    })
    const none = { calendar: alwaysOpen, warnAtRatio: 0.8 }
    expect(visitSla(lead, visit, {}, alwaysOpen)).toEqual(none)
    expect(visitSla({ ...plain, targets: [] }, visit, { promisedAt }, alwaysOpen)).toEqual(none)
    expect(visitSla(plain, visit, { promisedAt }, alwaysOpen)).toEqual(none)
    const office = calendarOf(plantCalendar({}))
    expect(visitSla(lead, visit, {}, office)).toEqual({ ...none, calendar: office })
    expect(visitSla({ ...plain, targets: [] }, visit, { promisedAt }, office)).toEqual({ ...none, calendar: office })
    // Millions of visits share the object if the terms are the same for all.
    expect(visitSla(plain, visit, {}, office)).toBe(visitSla(plain, visit, { promisedAt }, office))
    const stalling = { ...lead, stallAfterMs: 2 * hour }
    expect(visitSla(stalling, visit, {}, alwaysOpen)).toEqual({ ...none, stallAfterMs: 2 * hour })
  })
})

describe('the cut-off among the limits of a visit', () => {
  const office = calendarOf(plantCalendar({}))
  // Entered on a Monday at 08:00, so there are 7 working hours until 16:00.
  const daily = { ...plainStage('packing'), cutOff: { enterBy: '14:00', leaveBy: '16:00' } }
  const sla = (limits: object, attributes: OrderAttributes = {}) =>
    visitSla({ ...daily, ...limits }, visit, attributes, office)
  const promisedAt = Date.parse('2026-06-01T15:00+08:00')

  it('is the limit where it comes first, in working time', () => {
    expect(sla({})).toEqual({ calendar: office, warnAtRatio: 0.8, targetMs: 7 * hour, byCutOff: true })
    expect(sla({ targetMs: 7 * hour + 1 })).toMatchObject({ targetMs: 7 * hour, byCutOff: true })
    expect(sla({ promiseLeadMs: 0 }, { promisedAt: promisedAt + 2 * hour })).toMatchObject({ byCutOff: true })
  })

  it('gives way to a target or a promise that leaves no more', () => {
    expect(sla({ targetMs: 7 * hour })).toEqual({ calendar: office, warnAtRatio: 0.8, targetMs: 7 * hour })
    const promised = sla({ targetMs: 24 * hour, promiseLeadMs: 0 }, { promisedAt })
    expect(promised).toMatchObject({ targetMs: 6 * hour, byPromise: true })
    expect(promised).not.toHaveProperty('byCutOff')
    expect(sla({ promiseLeadMs: 0 }, { promisedAt: promisedAt + hour })).not.toHaveProperty('byCutOff')
  })

  it('may be another one for some orders', () => {
    const targets = [{ when: { priority: ['urgent'] }, cutOff: { leaveBy: '10:00' } }]
    expect(sla({ targets }, { priority: 'urgent' })).toMatchObject({ targetMs: 2 * hour, byCutOff: true, rule: 0 })
    expect(sla({ targets }, { priority: 'low' })).toMatchObject({ targetMs: 7 * hour, byCutOff: true })
  })

  it('leaves no less than a millisecond where nobody works before it', () => {
    expect(sla({ cutOff: { leaveBy: '08:00' } })).toMatchObject({ targetMs: 1, byCutOff: true })
  })
})

describe('a visit has passed its limit', () => {
  const office = calendarOf(plantCalendar({}))
  // Entered on a Monday at 08:00: 4 working hours until 13:00, 5 until 14:00, and 7 until 16:00.
  const promised = { promisedAt: Date.parse('2026-06-01T14:00+08:00') }
  const limits = { targetMs: 6 * hour, promiseLeadMs: hour, cutOff: { enterBy: '14:00', leaveBy: '16:00' } }

  it.each([
    ['its target', { targetMs: limits.targetMs }, {}, 6],
    ['the promise to the customer', { promiseLeadMs: limits.promiseLeadMs }, promised, 4],
    ['the cut-off of the day', { cutOff: limits.cutOff }, {}, 7],
    ['the first of several', limits, promised, 4],
    ['the first of several, of which the promise is not known', limits, {}, 6],
  ])('at the very instant of %s', (_, some, attributes, hours) => {
    const passed = (ms: number) => isPastTarget({ ...plainStage('packing'), ...some }, visit, attributes, office, ms)
    expect([passed(hours * hour - 1), passed(hours * hour)]).toEqual([false, true])
  })

  it('at no time where there is none', () => {
    expect(isPastTarget(plainStage('packing'), visit, promised, office, 10_000 * hour)).toBe(false)
  })

  it('by the rule that the order meets, and not by another', () => {
    const at = (attributes: OrderAttributes, hours: number) =>
      isPastTarget(stage, visit, attributes, alwaysOpen, hours * hour)
    expect([at({ customerClass: 'A' }, 11), at({ customerClass: 'A' }, 12)]).toEqual([false, true])
    expect([at({}, 23), at({}, 24)]).toEqual([false, true])
  })
})

describe('a condition on orders', () => {
  it('holds for a fact that is one of its values, or begins as one does', () => {
    expect(isMet({ product: ['valve', 'pump-*'] }, { product: 'pump-7' })).toBe(true)
    expect(isMet({ product: ['valve', 'pump-*'] }, { product: 'a pump-7' })).toBe(false)
  })

  it('does not hold for a fact that nobody has told', () => {
    expect(isMet({ priority: ['*'] }, {})).toBe(false)
    expect(isMet({ amount: { below: 5 } }, {})).toBe(false)
    expect(isMet({}, {})).toBe(true)
  })

  it('takes the lower end of a range and not the upper one', () => {
    expect(isMet({ amount: { from: 5, below: 6 } }, { amount: 5 })).toBe(true)
    expect(isMet({ amount: { from: 5, below: 6 } }, { amount: 6 })).toBe(false)
    expect([-9, 5.9, 6].map((amount) => isMet({ amount: { below: 6 } }, { amount }))).toEqual([true, true, false])
    expect([4.9, 5, 1e12].map((amount) => isMet({ amount: { from: 5 } }, { amount }))).toEqual([false, true, true])
  })

  it('asks for the department of the visit before that of the order', () => {
    expect(isMet({ department: ['east'] }, { department: 'east' })).toBe(true)
    expect(isMet({ department: ['east'] }, { department: 'east' }, 'west')).toBe(false)
  })
})
