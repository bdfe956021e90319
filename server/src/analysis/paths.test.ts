import { openPrivacy, everybody } from '@stagewatch/shared/domain/access/audience.ts'
import { foldOrder } from '@stagewatch/shared/domain/fold-order.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import { eventLog } from '@stagewatch/shared/domain/testing/event-log.ts'
import type { HistoryEntry } from '@stagewatch/shared/domain/testing/event-log.ts'
import { describe, expect, it } from 'vitest'
import { LiveEngine } from '../engine/live-engine.ts'
import { listPathOrders } from './path-orders.ts'
import { describePaths } from './paths.ts'

const hour = 3_600_000
const monday = Date.parse('2026-11-23T00:00:00+08:00')
const question = { clock: 'elapsed' as const, from: monday - 240 * hour, to: monday }
const stages = [
  { ...plainStage('order'), department: 'sales' },
  { ...plainStage('approve'), department: 'office' },
  { ...plainStage('make'), department: 'works' },
]

/** Each order visited these stages for two hours each, and was signed unless it is open. */
function site(orders: Readonly<Record<string, { way: string; isOpen?: boolean; endedAt?: number }>>) {
  const engine = new LiveEngine('Asia/Shanghai')
  const paths = [{ from: 'make', to: 'approve', maxTimes: 1 }]
  const definition = { code: 'default', name: { zh: '', en: '' }, stages, paths, acceptsNewStages: true, goals: {} }
  engine.setProcess([{ definition }], monday)
  for (const [order, { way, isOpen = false, endedAt = monday - hour }] of Object.entries(orders)) {
    const codes = way.split(' ')
    const begin = endedAt - 2 * hour * codes.length
    const entered = codes.map((stage, i): HistoryEntry => {
      const department = stages.find(({ code }) => code === stage)?.department
      return ['stage.entered', begin + 2 * hour * i, { stage, ...(department && { data: { department } }) }]
    })
    const history: HistoryEntry[] = isOpen ? entered : [...entered, ['order.completed', endedAt]]
    const events = eventLog(...history).map((event) => ({ ...event, order }))
    engine.apply(order, 'default', foldOrder(order, events, { isTerminal: () => false }), history.length, monday)
  }
  return engine
}

const orders = {
  'A-1': { way: 'order approve make' },
  'A-2': { way: 'order approve make' },
  'B-1': { way: 'order make' },
  'C-1': { way: 'order approve make approve make' },
  'D-1': { way: 'order approve make approve make approve make' },
  'E-1': { way: 'order make', isOpen: true },
  'F-1': { way: 'order approve', isOpen: true },
  'G-1': { way: 'order approve make', endedAt: monday - 1_000 * hour },
}

describe('the paths of completed orders', () => {
  it('are counted by hand', async () => {
    const answer = await describePaths(site(orders), question, monday)
    expect(answer).toMatchObject({ orders: 5, deviating: 2, otherVariants: { orders: 0, variants: 0 }, otherMoves: 0 })
    expect(
      answer.variants.map(({ stages: way, orders: count, deviates, p50LeadMs }) => [
        way.join(' '),
        count,
        deviates,
        p50LeadMs,
      ]),
    ).toEqual([
      ['order approve make', 2, false, 6 * hour],
      ['order make', 1, true, 4 * hour],
      ['order approve make approve make', 1, false, 10 * hour],
      ['order approve make approve make approve make', 1, true, 14 * hour],
    ])
    const counts = answer.stages.map((stage) => [
      stage.stage,
      stage.visits,
      stage.orders,
      stage.returned,
      stage.begins,
      stage.ends,
      stage.skipped,
      stage.skippedOpen,
    ])
    expect(counts).toEqual([
      ['order', 5, 5, 0, 5, 0, 0, 0],
      ['approve', 7, 4, 2, 0, 0, 1, 1],
      ['make', 8, 5, 2, 0, 5, 0, 0],
    ])
    expect(answer.moves.map(({ from, to, kind, moves, orders: count }) => [from, to, kind, moves, count])).toEqual([
      ['approve', 'make', 'next', 7, 4],
      ['order', 'approve', 'next', 4, 4],
      ['make', 'approve', 'return', 3, 2],
      ['order', 'make', 'skip', 1, 1],
    ])
    expect(answer.overReturned).toEqual([{ from: 'make', to: 'approve', maxTimes: 1, orders: 1 }])
    expect(answer.stages[0]?.p50Ms).toBeGreaterThan(1.98 * hour)
    expect(answer.stages[0]?.p50Ms).toBeLessThan(2.02 * hour)
  })

  it('are for a department those of its visits', async () => {
    const answer = await describePaths(site(orders), { ...question, department: ['office'] }, monday)
    // Neither the visits of the works in between nor the order's presence there are visible.
    expect(answer.variants.map(({ stages: way, orders: count }) => [way.join(' '), count])).toEqual([
      ['approve', 2],
      ['approve approve', 1],
      ['approve approve approve', 1],
    ])
    expect(answer.moves).toEqual([])
    expect(answer.overReturned).toEqual([])
    expect(answer.stages.map(({ stage }) => stage)).toEqual(['approve'])
    expect(answer.deviating).toBe(0)
    // The time the order spent with their department: two hours.
    expect(answer.variants[0]?.p50LeadMs).toBe(2 * hour)
  })

  it('lead to their orders', async () => {
    const engine = site(orders)
    const { variants } = await describePaths(engine, question, monday)
    const list = async (figure: object) => {
      const asked = { ...question, status: 'completed' as const, offset: 0, ...figure }
      const { orders: found, total } = await listPathOrders(engine, asked, everybody, monday)
      expect(total).toBe(found.length)
      return found.map(({ order }) => order)
    }
    expect(await list({ variant: variants[0]?.id })).toEqual(['A-1', 'A-2'])
    expect(await list({ skipped: 'approve' })).toEqual(['B-1'])
    expect(await list({ skipped: 'approve', status: 'open' })).toEqual(['E-1'])
    expect(await list({ returned: 'make' })).toEqual(['C-1', 'D-1'])
    expect(await list({ moveFrom: 'make', moveTo: 'approve' })).toEqual(['C-1', 'D-1'])
    await expect(list({})).rejects.toMatchObject({ code: 'invalid_field' })
    await expect(list({ skipped: 'make', returned: 'make' })).rejects.toMatchObject({ code: 'invalid_field' })
  })

  it('do not reveal where an order is once it has moved on to other departments', async () => {
    const engine = site({
      'E-1': { way: 'order approve', isOpen: true },
      'E-2': { way: 'approve order', isOpen: true },
    })
    const asked = { ...question, moveFrom: 'approve', moveTo: 'order', status: 'open' as const, offset: 0 }
    const audience = { departments: ['sales'], privacy: openPrivacy }
    const list = (department?: string[]) => listPathOrders(engine, { ...asked, department }, audience, monday)
    expect((await list()).orders).toMatchObject([{ order: 'E-2', stage: 'order' }])
    expect((await list(['sales'])).orders).toEqual([])
  })
})
