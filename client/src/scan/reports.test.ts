import type { OrderProgress } from '@stagewatch/shared/contract/order-progress.ts'
import { describe, expect, it } from 'vitest'
import {
  inActivity,
  maxReports,
  nextStagesOf,
  orderAfter,
  waitingOf,
  withoutReport,
  withRefusal,
  withReport,
  withRetry,
} from './reports.ts'
import type { Report } from './reports.ts'

const li = { id: 'u1', name: 'Li Min', site: 'main' }
const wang = { id: 'u2', name: 'Wang Lei', site: 'main' }

function report(id: string, more: Partial<Report> = {}): Report {
  const tap = { wallAt: 0, monotonicAt: 0, page: 'one' }
  return { id, order: 'SO-1', person: li, action: { action: 'start' }, tap, ...more }
}

const idsOf = (reports: readonly Report[]) => reports.map(({ id }) => id)

describe('what waits to be sent', () => {
  it('keeps its order, and is sent only by the person who recorded it', () => {
    const queue = [report('a'), report('b', { person: wang }), report('c')]
    expect(idsOf(waitingOf(queue, 'u1'))).toEqual(['a', 'c'])
    expect(idsOf(waitingOf(queue, 'u2'))).toEqual(['b'])
    expect(waitingOf(queue, undefined)).toEqual([])
  })

  it('stays in its place when it is refused, until it is sent again or discarded', () => {
    const queue = [report('a'), report('b'), report('c')]
    const refused = withRefusal(withRefusal(queue, 'b', { code: 'conflict' }), 'c', { code: 'not_found' })
    expect(idsOf(waitingOf(refused, 'u1'))).toEqual(['a'])
    expect(idsOf(refused)).toEqual(['a', 'b', 'c'])
    const again = withRetry(refused, 'b')
    expect(idsOf(waitingOf(again, 'u1'))).toEqual(['a', 'b'])
    expect(again[2]?.refusal).toEqual({ code: 'not_found' })
    expect(idsOf(withoutReport(again, 'a'))).toEqual(['b', 'c'])
  })

  it('has a limit, at which nothing is discarded', () => {
    const full = Array.from({ length: maxReports - 1 }, (_, place) => report(`r${place}`))
    const queue = withReport(full, report('last'))
    expect(queue).toHaveLength(maxReports)
    expect(() => withReport(queue, report('more'))).toThrow(RangeError)
  })
})

describe('an order for which something waits', () => {
  const stages: OrderProgress['stages'] = [
    { stage: 'pick', name: { en: 'Picking' }, next: [{ stage: 'pack' }, { stage: 'test' }], holdReasons: [] },
    {
      stage: 'pack',
      name: { en: 'Packing' },
      next: [{ stage: 'test' }],
      holdReasons: [{ en: 'No boxes' }, { en: 'Break', zh: '休息' }],
      longestHoldsMs: [null, 5],
    },
    {
      stage: 'test',
      name: { en: 'Testing' },
      next: [{ stage: 'ship' }, { stage: 'pack', isReturn: true }],
      holdReasons: [],
    },
    { stage: 'ship', name: { en: 'Shipping' }, next: [], isEnd: true, holdReasons: [] },
  ]
  const order: OrderProgress = {
    order: 'SO-1',
    process: 'default',
    status: 'open',
    overdue: true,
    atRisk: false,
    stalled: true,
    held: false,
    unclaimed: true,
    ageMs: 9,
    stage: 'pack',
    stageName: { en: 'Packing' },
    enteredAt: 1,
    dueAt: 2,
    overdueMs: 3,
    stages,
    asOf: 4,
  }
  const taps = (...actions: readonly Report['action'][]) =>
    actions.map((action, place) => ({ ...report(String(place), { action }), at: 10 + place }))

  it.each<readonly [string, readonly Report['action'][], Partial<OrderProgress>]>([
    [
      'is started by who tapped it',
      [{ action: 'start' }],
      { stage: 'pack', startedAt: 10, owner: 'Li Min', unclaimed: false },
    ],
    [
      'is in the next stage, of whose limit nothing is known',
      [{ action: 'finish' }],
      { stage: 'test', enteredAt: 10, overdue: false },
    ],
    ['has ended with the last stage', [{ action: 'finish' }, { action: 'finish' }], { status: 'completed' }],
    [
      'goes where it is sent back',
      [{ action: 'finish' }, { action: 'finish', next: 'pack' }, { action: 'start' }],
      { stage: 'pack', enteredAt: 11, startedAt: 12 },
    ],
    ['is on hold', [{ action: 'hold', reason: 'No boxes' }], { stage: 'pack', held: true, reason: 'No boxes' }],
    [
      'is on hold for as long as the reason allows',
      [{ action: 'hold', reason: '休息' }],
      { held: true, heldUntil: 15 },
    ],
    ['goes on after a hold', [{ action: 'hold', reason: 'No boxes' }, { action: 'resume' }], { held: false }],
  ])('%s', (_, actions, expected) => {
    expect(orderAfter(order, taps(...actions))).toMatchObject(expected)
  })

  it('is in no stage while nobody has chosen between two, and not changed by what was refused or is of others', () => {
    const { dueAt: _, ...picking } = { ...order, stage: 'pick' }
    const after = orderAfter(picking, taps({ action: 'finish' }))
    expect([after.stage, after.lastStage, after.dueAt]).toEqual([undefined, 'pick', undefined])
    const [refused, other] = taps({ action: 'finish' }, { action: 'finish' })
    expect(
      orderAfter(order, [
        { ...refused!, refusal: {} },
        { ...other!, order: 'SO-2' },
      ]),
    ).toBe(order)
  })

  it('enters the first stage if it was in none', () => {
    const { stage: _stage, stageName: _name, ...placed } = order
    expect(orderAfter(placed, taps({ action: 'start' }))).toMatchObject({ stage: 'pick', startedAt: 10, enteredAt: 10 })
  })

  it('may be in several stages at once: what is reported for one leaves the others as they are', () => {
    const alongside = [
      { stage: 'pick', stageName: { en: 'Picking' }, enteredAt: 1, owner: 'Zoe' },
      { stage: 'test', stageName: { en: 'Testing' }, enteredAt: 2 },
    ]
    const several = { ...order, alongside }
    const told = (action: Report['action'], stage: string) => ({ ...report('r', { action, stage }), at: 50 })
    expect(nextStagesOf(several)).toEqual([])
    const seen = inActivity(several, 'pick')
    expect(seen).toMatchObject({ stage: 'pick', enteredAt: 1, owner: 'Zoe' })
    expect(seen.dueAt).toBeUndefined()
    expect(seen.alongside?.map(({ stage }) => stage)).toEqual(['test', 'pack'])
    expect(inActivity(seen, 'pack')).toMatchObject({ stage: 'pack', enteredAt: several.enteredAt })
    expect(inActivity(several, 'ship')).toBe(several)

    const started = orderAfter(several, [told({ action: 'start' }, 'test')])
    expect(inActivity(started, 'test')).toMatchObject({ startedAt: 50, owner: 'Li Min' })
    expect(inActivity(started, 'pack').startedAt).toBe(several.startedAt)
    const left = orderAfter(several, [told({ action: 'finish' }, 'pack'), told({ action: 'finish' }, 'pick')])
    expect([left.stage, left.alongside]).toEqual(['test', undefined])
    // The last one moves the order on.
    expect(orderAfter(left, [told({ action: 'finish', next: 'ship' }, 'test')]).status).toBe('completed')
    // The longest hold is that of the stage for which it is reported.
    expect(orderAfter(started, [told({ action: 'hold', reason: 'Break' }, 'pack')])).toMatchObject({
      held: true,
      heldUntil: 55,
    })
  })
})
