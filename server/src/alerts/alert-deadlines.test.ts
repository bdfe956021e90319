import { foldOrder } from '@stagewatch/shared/domain/fold-order.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import { eventLog } from '@stagewatch/shared/domain/testing/event-log.ts'
import { describe, expect, it } from 'vitest'
import { LiveEngine } from '../engine/live-engine.ts'
import { AlertDeadlines } from './alert-deadlines.ts'
import type { StoredAlertRule } from './alert-rules-table.ts'
import { StageRules } from './stage-rules.ts'

const hour = 3_600_000

function rule(id: string, change: Partial<StoredAlertRule> = {}): StoredAlertRule {
  return {
    id,
    name: id,
    severity: 'warning',
    enabled: true,
    makesTask: false,
    condition: { kind: 'target', ratio: 1 },
    scope: {},
    ladder: [{ afterMs: 0, to: [{ kind: 'owner' }] }],
    acknowledgedForMs: hour,
    mergeMs: 0,
    createdAt: 0,
    activeFrom: 0,
    ...change,
  }
}

/** Orders of some customers that entered picking, which has a limit of ten hours, at midnight. */
function watched(customers: readonly string[], rules: readonly StoredAlertRule[]) {
  const engine = new LiveEngine('UTC')
  const name = { zh: '订单', en: 'Orders' }
  const stages = [{ ...plainStage('picking'), targetMs: 10 * hour }]
  engine.setProcess([{ definition: { code: 'default', name, stages, acceptsNewStages: true, goals: {} } }], 0)
  const deadlines = new AlertDeadlines(engine)
  const enter = (order: string, customer: string, at: number, stage = 'picking') => {
    const told = eventLog(['stage.entered', at, { order, stage, data: { customer } }])
    engine.apply(order, 'default', foldOrder(order, told, { isTerminal: () => false }), at / hour + 1, at)
  }
  for (const [i, customer] of customers.entries()) enter(`SO-${i}`, customer, 0)
  for (const _ of deadlines.setRules(new StageRules(rules))) continue
  /** Returns the orders found, and the number of steps. */
  const find = (at: number, atMost = 1_000) => {
    engine.advance(at)
    const finding = deadlines.find(at, atMost)
    let steps = 0
    let step = finding.next()
    for (; step.done !== true; step = finding.next()) steps += 1
    return { orders: step.value, steps }
  }
  return { engine, deadlines, enter, find }
}

describe('deadlines of alerts', () => {
  it('come at the instants of the rules that look at the order, each once', () => {
    const { find } = watched(
      ['Aster', 'Birch'],
      [
        rule('half', { condition: { kind: 'target', ratio: 0.5 }, scope: { when: { customer: ['Birch'] } } }),
        rule('overdue'),
      ],
    )
    expect(find(5 * hour - 1).orders).toEqual([])
    expect(find(5 * hour).orders).toEqual(['SO-1'])
    expect(find(9 * hour).orders).toEqual([])
    expect(find(10 * hour).orders.toSorted()).toEqual(['SO-0', 'SO-1'])
    expect(find(99 * hour).orders).toEqual([])
  })

  it('let an order that is warned of be looked at when anything happens to it', () => {
    const { deadlines, enter, find } = watched(['Aster', 'Birch'], [rule('overdue')])
    expect(find(10 * hour).orders).toHaveLength(2)
    deadlines.noteWarned('SO-0', true)
    enter('SO-0', 'Aster', 11 * hour, 'packing')
    enter('SO-1', 'Birch', 11 * hour, 'packing')
    expect(find(11 * hour).orders).toEqual(['SO-0'])
  })

  it('are found in short steps, so many at a time, however many come at once', () => {
    const { find } = watched(
      Array.from({ length: 1_000 }, () => 'Aster'),
      [rule('overdue')],
    )
    const { orders, steps } = find(10 * hour, 400)
    expect(orders).toHaveLength(400)
    expect(steps).toBeGreaterThan(4)
    expect(find(10 * hour, 1_000).orders).toHaveLength(600)
  })
})
