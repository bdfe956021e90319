import { describe, expect, test } from 'vitest'
import { canAppend, evolveOrder } from './evolve-order.ts'
import { foldOrder } from './fold-order.ts'
import { eventLog } from './testing/event-log.ts'
import type { HistoryEntry } from './testing/event-log.ts'

const rules = { isTerminal: () => false }
const picking = { stage: 'picking' }
const packing = { stage: 'packing' }

function voids(id: string): { data: { source: string; id: string } } {
  return { data: { source: 'erp', id } }
}

function stagesOf(...history: HistoryEntry[]) {
  return foldOrder('SO-1', eventLog(...history), rules)?.visits.map(({ stage }) => stage)
}

describe('event.voided', () => {
  test('takes an event back, whatever its own instant', () => {
    const history: HistoryEntry[] = [
      ['stage.entered', 10, picking],
      ['stage.entered', 20, packing],
    ]
    expect(stagesOf(...history, ['event.voided', 5, voids('e2')])).toEqual(['picking'])
    expect(stagesOf(...history, ['event.voided', 99, voids('e2')])).toEqual(['picking'])
  })

  test('of the only event leaves an order of which nothing is known', () => {
    expect(stagesOf(['stage.entered', 10, picking], ['event.voided', 20, voids('e1')])).toBeUndefined()
  })

  test('that is itself taken back by a later one has no effect', () => {
    const history: HistoryEntry[] = [
      ['stage.entered', 10, picking],
      ['event.voided', 20, voids('e1')],
      ['event.voided', 30, voids('e2')],
    ]
    expect(stagesOf(...history)).toEqual(['picking'])
    expect(stagesOf(...history, ['event.voided', 40, voids('e3')])).toBeUndefined()
  })

  test('reaches neither itself nor a later void', () => {
    const history: HistoryEntry[] = [
      ['stage.entered', 5, packing],
      ['stage.entered', 10, picking],
      ['event.voided', 20, voids('e4')],
      ['event.voided', 30, voids('e2')],
      ['event.voided', 40, voids('e5')],
    ]
    expect(stagesOf(...history)).toEqual(['packing'])
  })

  test('says nothing else of the order', () => {
    const log = eventLog(['stage.entered', 10, picking], ['event.voided', 99, voids('e7')])
    expect(foldOrder('SO-1', log, rules)).toMatchObject({ lastEventAt: 10, firstAt: 10, voidedAhead: ['erp\ne7'] })
  })
})

describe('an event that arrives', () => {
  const [entered, voided, awaited, other, earlier] = eventLog(
    ['stage.entered', 10, picking],
    ['event.voided', 20, voids('e3')],
    ['stage.entered', 30, packing],
    ['stage.entered', 30, packing],
    ['stage.entered', 9, packing],
  )

  test('after its void is not appended, and has no effect', () => {
    const state = foldOrder('SO-1', [entered, voided], rules)!
    expect(canAppend(state, awaited)).toBe(false)
    expect(foldOrder('SO-1', [entered, voided, awaited], rules)).toMatchObject({ visits: [{ stage: 'picking' }] })
  })

  test('after several voids is not appended if any of them is about it', () => {
    const log = eventLog(
      ['stage.entered', 10, picking],
      ['event.voided', 20, voids('e6')],
      ['event.voided', 20, voids('e8')],
      ['event.voided', 20, voids('e7')],
      ...['e5', 'e6', 'e7', 'e8', 'e9'].map((): HistoryEntry => ['stage.entered', 30, packing]),
    )
    const state = foldOrder('SO-1', log.slice(0, 4), rules)!
    expect(log.slice(4).map((event) => [event.id, canAppend(state, event)])).toEqual([
      ['e5', true],
      ['e6', false],
      ['e7', false],
      ['e8', false],
      ['e9', true],
    ])
  })

  test('is appended when it applies after all others and nothing has taken it back', () => {
    const state = foldOrder('SO-1', [entered, voided], rules)!
    expect(canAppend(state, other)).toBe(true)
    expect(evolveOrder(state, [other], rules)).toEqual(foldOrder('SO-1', [entered, voided, other], rules))
  })

  test('is not appended when it is late, a void, or the last one again', () => {
    const state = foldOrder('SO-1', [entered], rules)!
    expect([earlier, voided, entered].map((event) => canAppend(state, event))).toEqual([false, false, false])
  })
})
