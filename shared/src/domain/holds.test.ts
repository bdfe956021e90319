import * as fc from 'fast-check'
import { describe, expect, test, it } from 'vitest'
import { foldOrder } from './fold-order.ts'
import { isOnHold, holdReasonOf, latestHoldEnd } from './holds.ts'
import type { OrderEvent } from './order-event.ts'
import { isOpen } from './stage-visit.ts'
import { orderLog } from './testing/arbitrary-events.ts'
import { eventLog } from './testing/event-log.ts'
import type { HistoryEntry } from './testing/event-log.ts'
import { propertyRuns } from './testing/property-runs.ts'
import { alwaysOpen } from './time/always-open.ts'
import { visitStatus } from './visit-status.ts'
import { visitTimes } from './visit-times.ts'

const rules = { isTerminal: (stage: string) => stage === 'shipped' }
const sla = { calendar: alwaysOpen, targetMs: 12, warnAtRatio: 0.5, stallAfterMs: 9 }
const picking = { stage: 'picking' }
const packing = { stage: 'packing' }

function fold(...history: HistoryEntry[]) {
  const state = foldOrder('SO-1', eventLog(...history), rules)
  if (state === undefined) throw new Error('nothing has happened')
  return state
}

function statusAt(log: readonly OrderEvent[], now: number) {
  const state = foldOrder('SO-1', log, rules)
  const visit = state?.visits.find(isOpen)
  return {
    isHeld: state !== undefined && isOnHold(state, now),
    ...(state !== undefined &&
      visit !== undefined && {
        status: visitStatus(visit, state, sla, now),
        times: visitTimes(visit, state, sla, now),
      }),
  }
}

describe('a hold with an end', () => {
  test('looks after its end as it does once the next event has come, at every instant', () => {
    const types = [
      'stage.entered',
      'stage.completed',
      'order.held',
      'order.held',
      'order.resumed',
      'note.added',
    ] as const
    fc.assert(
      fc.property(orderLog('SO-1', types), fc.nat(50), (log, now) => {
        const known = log.filter(({ occurredAt }) => occurredAt <= now)
        fc.pre(known.length > 0)
        const [heard] = eventLog(['position.reported', now, { source: 'zzz' }])
        expect(statusAt(known, now)).toEqual(statusAt([...known, heard], now))
      }),
      propertyRuns,
    )
  })

  test('is over at that instant as if somebody had resumed the order then', () => {
    const held = ['order.held', 20, { data: { until: 40 } }] as const
    const ended = fold(['stage.entered', 10, picking], held, ['note.added', 60])
    const resumed = fold(['stage.entered', 10, picking], ['order.held', 20], ['order.resumed', 40], ['note.added', 60])
    expect({ ...ended, last: undefined }).toEqual({ ...resumed, last: undefined })
    expect(ended).toMatchObject({ holds: [{ from: 20, to: 40 }], lastProgressAt: 40, visits: [{ heldMs: 20 }] })
  })

  test('is on until its end and not at it', () => {
    const state = fold(['order.held', 20, { data: { until: 40 } }])
    expect([39, 40].map((at) => isOnHold(state, at))).toEqual([true, false])
  })

  test('ends earlier when the order is resumed, and begins anew with another one', () => {
    const held = ['order.held', 20, { data: { until: 40 } }] as const
    expect(fold(held, ['order.resumed', 30], ['note.added', 50]).holds).toEqual([{ from: 20, to: 30 }])
    const again = fold(held, ['order.held', 50])
    expect(again).toMatchObject({ holds: [{ from: 20, to: 40 }], heldSince: 50 })
    expect(again.heldUntil).toBeUndefined()
  })

  test('gets another end by a later hold that names one, and keeps its own otherwise', () => {
    const held = ['order.held', 20, { data: { until: 40 } }] as const
    expect(fold(held, ['order.held', 30, { data: { until: 60 } }])).toMatchObject({ heldSince: 20, heldUntil: 60 })
    expect(fold(held, ['order.held', 30])).toMatchObject({ heldSince: 20, heldUntil: 40 })
  })

  test('is changed by what says so: another end, or none any more', () => {
    const held = [
      ['stage.entered', 10, picking],
      ['order.held', 20, { data: { until: 40, reason: 'a' } }],
    ] as const
    const change = (data: object) => fold(...held, ['order.held', 30, { data: { ...data, changesHold: true } }])
    expect(change({ until: 35, reason: 'b' })).toMatchObject({
      heldSince: 20,
      heldUntil: 35,
      visits: [{ reason: 'b' }],
    })
    expect(change({ reason: 'b' })).toMatchObject({ heldSince: 20, visits: [{ reason: 'b' }] })
    expect(change({ reason: 'b' }).heldUntil).toBeUndefined()
    expect(isOnHold(change({}), 1e9)).toBe(true)
  })

  test('that is over already, or was taken back, is not begun by a change of it', () => {
    const change = ['order.held', 50, { data: { changesHold: true, until: 90, reason: 'b' } }] as const
    const entered = ['stage.entered', 10, picking] as const
    expect(fold(entered, ['order.held', 20, { data: { until: 40, reason: 'a' } }], change)).toMatchObject({
      holds: [{ from: 20, to: 40 }],
      visits: [{ heldMs: 20, reason: 'a' }],
    })
    expect(isOnHold(fold(entered, ['order.held', 20], ['order.resumed', 30], change), 60)).toBe(false)
    expect(fold(entered, change).visits).toEqual(fold(entered).visits)
  })

  test('spans stages, each of which counts its part', () => {
    const state = fold(
      ['stage.entered', 10, picking],
      ['order.held', 20, { data: { until: 45 } }],
      ['stage.entered', 30, packing],
      ['stage.completed', 50, packing],
    )
    expect(state.visits.map(({ heldMs }) => heldMs)).toEqual([10, 15])
  })

  test('is over with the order', () => {
    const state = fold(
      ['order.held', 20, { data: { until: 60 } }],
      ['order.completed', 30],
      ['stage.entered', 40, packing],
    )
    expect(state).toMatchObject({ status: 'open', holds: [{ from: 20, to: 30 }] })
    expect(isOnHold(state, 50)).toBe(false)
    expect(state.heldUntil).toBeUndefined()
  })

  test('that would end before it begins has none', () => {
    expect(isOnHold(fold(['order.held', 20, { data: { until: 20 } }]), 1e9)).toBe(true)
  })
})

const material = { name: { zh: '等物料', en: 'Waiting for material' }, maxMs: 5_000 }
const customer = { name: { zh: '客户要求', en: 'Customer asked' } }
const reasons = [material, customer]

it('is named in any language, and by nothing else', () => {
  expect(holdReasonOf(reasons, '等物料')).toBe(material)
  expect(holdReasonOf(reasons, ' Customer asked ')).toBe(customer)
  expect(holdReasonOf(reasons, 'Waiting')).toBeUndefined()
  expect(holdReasonOf(undefined, '等物料')).toBeUndefined()
})

it('may set a latest end, from the beginning of the hold', () => {
  expect(latestHoldEnd(reasons, 'Waiting for material', 1_000)).toBe(6_000)
  expect(latestHoldEnd(reasons, 'Customer asked', 1_000)).toBeUndefined()
  expect(latestHoldEnd(reasons, 'something else', 1_000)).toBeUndefined()
})
