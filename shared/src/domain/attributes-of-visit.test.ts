import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { orderInScope } from './access/department-scope.ts'
import { compareEvents } from './event-order.ts'
import { attributesOfVisit, sameForVisits } from './attributes-of-visit.ts'
import { foldOrder } from './fold-order.ts'
import { orderLog } from './testing/arbitrary-events.ts'
import { eventLog } from './testing/event-log.ts'
import type { HistoryEntry } from './testing/event-log.ts'
import { propertyRuns } from './testing/property-runs.ts'

const rules = { isTerminal: () => false }

/** The attributes of the order during each of its visits. */
function attributesOf(...history: HistoryEntry[]) {
  const state = foldOrder('SO-1', eventLog(...history), rules)
  return state?.visits.map((visit) => attributesOfVisit(state.attributes, visit))
}

const way: HistoryEntry[] = [
  ['order.placed', 0, { data: { department: 'sales', customer: 'Aster' } }],
  ['stage.entered', 10, { stage: 'picking' }],
  ['stage.entered', 20, { stage: 'packing' }],
]

describe('a visit that has ended', () => {
  it('keeps the attributes at its end, and the open one follows', () => {
    const changed: HistoryEntry = ['order.changed', 30, { data: { priority: 'rush', department: 'export' } }]
    expect(attributesOf(...way, changed)).toEqual([
      { department: 'sales', customer: 'Aster' },
      { department: 'export', customer: 'Aster', priority: 'rush' },
    ])
  })

  it('includes a change that happened while it lasted, however late it was reported', () => {
    const changed: HistoryEntry = ['order.changed', 15, { data: { priority: 'rush' } }]
    expect(attributesOf(...way, changed)?.map(({ priority }) => priority)).toEqual(['rush', 'rush'])
  })

  it('has what the event says that completes it, and not what the event says that begins the next one', () => {
    expect(
      attributesOf(
        ['stage.completed', 10, { stage: 'picking', data: { customer: 'Aster' } }],
        ['stage.entered', 20, { stage: 'packing', data: { customer: 'Aster', priority: 'low' } }],
        ['stage.entered', 30, { stage: 'shipped', data: { priority: 'rush' } }],
      ),
    ).toEqual([{ customer: 'Aster' }, { customer: 'Aster', priority: 'low' }, { customer: 'Aster', priority: 'rush' }])
  })

  it('belongs to the department of then: the new one sees what came since', () => {
    const changed: HistoryEntry = ['order.changed', 30, { data: { department: 'export' } }]
    const state = foldOrder('SO-1', eventLog(...way, changed), rules)!
    expect(orderInScope(state, ['sales'])?.visits.map(({ stage }) => stage)).toEqual(['picking'])
    expect(orderInScope(state, ['export'])?.visits.map(({ stage }) => stage)).toEqual(['packing'])
  })
})

it('no later event changes the attributes of a visit that has ended', () => {
  fc.assert(
    fc.property(orderLog('SO-1'), (log) => {
      const moves = log.filter(({ type }) => type !== 'event.voided').toSorted(compareEvents)
      const states = moves.map((_, i) => foldOrder('SO-1', moves.slice(0, i + 1), rules)!)
      const last = states.at(-1)
      for (const { visits, attributes } of states) {
        for (const [i, visit] of visits.entries()) {
          if (visit.leftAt === undefined) continue
          const was = attributesOfVisit(attributes, visit)
          const is = attributesOfVisit(last!.attributes, last!.visits[i])
          expect(sameForVisits(was, is)).toBe(true)
        }
      }
    }),
    propertyRuns,
  )
})
