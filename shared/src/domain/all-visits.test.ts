import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isInScope, orderInScope, orderForDepartments } from './access/department-scope.ts'
import { allVisits, countVisits, splitVisits } from './all-visits.ts'
import { foldOrder } from './fold-order.ts'
import { isOpen } from './stage-visit.ts'
import { concurrentLog } from './testing/arbitrary-events.ts'
import { eventLog } from './testing/event-log.ts'
import type { HistoryEntry } from './testing/event-log.ts'
import { propertyRuns } from './testing/property-runs.ts'

const rules = { isTerminal: () => false }

function begun(stage: string, at: number, department: string, actor: string): HistoryEntry {
  return ['stage.started', at, { stage, actor, data: { concurrent: true, department } }]
}

const inBoth = [begun('check', 0, 'quality', 'Li Min'), begun('pack', 10, 'store', 'Wang Lei')]

function stateOf(...history: HistoryEntry[]) {
  const state = foldOrder('SO-1', eventLog(...history), rules)
  if (state === undefined) throw new Error('no event counts')
  return state
}

describe('an order in two activities at once', () => {
  test('has both among its visits, each with its department and owner', () => {
    expect(allVisits(stateOf(...inBoth))).toMatchObject([
      { stage: 'check', department: 'quality', owner: 'Li Min' },
      { stage: 'pack', department: 'store', owner: 'Wang Lei' },
    ])
  })

  test('is open for either department, and for nobody else', () => {
    const state = stateOf(...inBoth)
    for (const [department, stage] of [
      ['quality', 'check'],
      ['store', 'pack'],
    ] as const) {
      const seen = orderInScope(state, [department])
      expect(seen).toMatchObject({ status: 'open', visits: [{ stage, department }] })
      expect(seen?.underWay).toBeUndefined()
      expect(orderForDepartments(state, [department]).visits.at(-1)).toMatchObject({ stage, department })
    }
    expect(orderInScope(state, ['fleet'])).toBeUndefined()
  })

  test('is on hold for both, since either began', () => {
    const held = stateOf(...inBoth, ['order.held', 20, {}], ['order.resumed', 50, {}], ['order.held', 60, {}])
    const both = allVisits(held).map(({ heldMs, heldSince }) => ({ heldMs, heldSince }))
    expect(both).toEqual([
      { heldMs: 30, heldSince: 60 },
      { heldMs: 30, heldSince: 60 },
    ])
  })

  test('is given to somebody in the activity that the event names, else in the one that began last', () => {
    const assigned = (owner: string, stage?: string): HistoryEntry => [
      'order.assigned',
      20,
      { data: { owner }, ...(stage !== undefined && { stage }) },
    ]
    const owners = (...history: HistoryEntry[]) => allVisits(stateOf(...history)).map(({ owner }) => owner)
    expect(owners(...inBoth, assigned('Chen Jie', 'check'))).toEqual(['Chen Jie', 'Wang Lei'])
    expect(owners(...inBoth, assigned('Chen Jie'))).toEqual(['Li Min', 'Chen Jie'])
  })
})

test('visits of every order come apart as they were put together, and the last of those that go on is the open one', () => {
  fc.assert(
    fc.property(concurrentLog('SO-1'), (log) => {
      const state = foldOrder('SO-1', log, rules)
      if (state === undefined) return
      const all = allVisits(state)
      expect(countVisits(state)).toBe(all.length)
      const { underWay: _, openInstance: _openInstance, ...rest } = state
      expect(allVisits({ ...rest, ...splitVisits(all) })).toEqual(all)
      const going = all.filter(isOpen)
      expect(all.slice(all.length - going.length)).toEqual(going)
    }),
    propertyRuns,
  )
})

test('an order is open for a department exactly while one of its visits there goes on', () => {
  fc.assert(
    fc.property(concurrentLog('SO-1'), fc.constantFrom('east', 'west', ''), (log, department) => {
      const state = foldOrder('SO-1', log, rules)
      if (state === undefined || allVisits(state).length === 0) return
      const own = allVisits(state).filter((visit) => isInScope([department], state.attributes, visit))
      const seen = orderInScope(state, [department])
      expect(seen === undefined ? [] : allVisits(seen)).toEqual(own)
      const isThere = seen !== undefined && seen.visits.at(-1)?.leftAt === undefined
      expect(isThere).toBe(own.some(isOpen))
    }),
    propertyRuns,
  )
})
