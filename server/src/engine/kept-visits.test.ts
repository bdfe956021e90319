import { foldOrder } from '@stagewatch/shared/domain/fold-order.ts'
import type { FoldedOrder } from '@stagewatch/shared/domain/fold-state.ts'
import { eventLog } from '@stagewatch/shared/domain/testing/event-log.ts'
import type { HistoryEntry } from '@stagewatch/shared/domain/testing/event-log.ts'
import { describe, expect, it } from 'vitest'
import { keptVisits } from './kept-visits.ts'

/** An order with three ended visits of 100 ms each and an open one. */
function folded(...more: HistoryEntry[]): FoldedOrder {
  const entered = ['pick', 'pack', 'load', 'ship'].map((stage, i): HistoryEntry => [
    'stage.entered',
    i * 100,
    { stage },
  ])
  return foldOrder('SO-1', eventLog(...entered, ...more), { isTerminal: () => false })!
}

const plain = folded()
const held = folded(['order.held', 120], ['order.resumed', 150])

describe('the visits that stay counted when an order is folded again', () => {
  it('are all of them when nothing has changed', () => {
    expect(keptVisits(plain, folded())).toEqual({ first: 3, last: 0 })
    expect(keptVisits(held, folded(['order.held', 120], ['order.resumed', 150]))).toEqual({ first: 3, last: 0 })
  })

  it('are those around a hold that comes or goes', () => {
    expect(keptVisits(plain, held)).toEqual({ first: 1, last: 1 })
    expect(keptVisits(held, plain)).toEqual({ first: 1, last: 1 })
  })

  it('are those before a hold that still lasts, and those that a longer hold does not reach', () => {
    expect(keptVisits(plain, folded(['order.held', 210]))).toEqual({ first: 2, last: 0 })
    expect(keptVisits(held, folded(['order.held', 120], ['order.resumed', 230]))).toEqual({ first: 1, last: 0 })
  })
})
