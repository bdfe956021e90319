import { foldOrder } from '@stagewatch/shared/domain/fold-order.ts'
import { eventLog } from '@stagewatch/shared/domain/testing/event-log.ts'
import type { HistoryEntry } from '@stagewatch/shared/domain/testing/event-log.ts'
import { describe, expect, it } from 'vitest'
import { headOf } from './engine-order.ts'
import type { EngineOrder } from './engine-order.ts'
import { OrderTable, ordersPerChunk } from './order-table.ts'
import type { OrderDimension } from './order-table.ts'
import { ProcessAggregates } from './process-aggregates.ts'
import { UsedNames } from './used-names.ts'

const process = new ProcessAggregates({
  code: 'default',
  name: { en: '', zh: '' },
  stages: [],
  acceptsNewStages: true,
  goals: {},
})

function order(number: number, attributes: EngineOrder['head']['attributes'] = {}): EngineOrder {
  const at = { firstAt: 0, lastProgressAt: 0, lastEventAt: 0 }
  const head = { order: `O-${number}`, status: 'open' as const, attributes, ...at, reopenedCount: 0, complaintCount: 0 }
  const rest = { state: undefined, eventCount: 1, process, arrivedAt: 0, openSlot: undefined, completion: undefined }
  return { head, number, ended: [], ...rest }
}

/** Orders of which an own text contains `part`. */
function containing(table: OrderTable, part: string): (string | undefined)[] {
  return table.chunks().flatMap((chunk) => {
    const found = new Uint8Array(ordersPerChunk)
    chunk.findTexts(part, found)
    return [...found.keys()].filter((row) => found[row] === 1).map((row) => chunk.rows[row]?.head.order)
  })
}

describe('OrderTable', () => {
  it('lets chunks go with their last order', () => {
    const table = new OrderTable()
    for (const number of [0, 1, ordersPerChunk]) table.set(order(number))
    expect(table.chunks()).toHaveLength(2)
    for (const number of [0, 1]) expect(table.delete(`O-${number}`)).toBe(true)
    expect(table.delete('O-1')).toBe(false)
    expect(table.chunks().map(({ first }) => first)).toEqual([ordersPerChunk])
    expect([...table.keys()]).toEqual([`O-${ordersPerChunk}`])
  })

  it('contains the current names of its orders and no others', () => {
    const table = new OrderTable()
    table.set(order(0, { customer: 'Aster' }))
    table.set(order(1, { customer: 'Aster' }))
    table.set(order(0, { customer: 'Borea' }))
    const { customer } = table.names
    expect([customer.of(['Aster']).length, customer.of(['Borea']).length]).toEqual([1, 1])
    table.delete('O-1')
    expect([customer.of(['Aster']).length, customer.of(['Borea']).length]).toEqual([0, 1])
  })

  it('holds an order in a stage by the names of its visit, and one between two stages by its own', () => {
    const history: HistoryEntry[] = [
      ['order.placed', 0, { data: { customer: 'Aster', department: 'office' } }],
      ['stage.entered', 1, { stage: 'picking', actor: 'Li', data: { department: 'east' } }],
      ['stage.completed', 2, { stage: 'picking' }],
    ]
    const namesAfter = (eventCount: number, openSlot: number | undefined) => {
      const state = foldOrder('SO-1', eventLog(...history.slice(0, eventCount)), { isTerminal: () => false })!
      const table = new OrderTable()
      table.set({ ...order(0), head: headOf(state), state, openSlot })
      const nameOf = (dimension: OrderDimension) => {
        const number = table.chunks()[0]!.names[dimension][0]!
        return table.names[dimension].nameOf(number)
      }
      return (['stage', 'department', 'owner', 'customer'] as const).map(nameOf)
    }
    expect(namesAfter(2, 7)).toEqual(['picking', 'east', 'Li', 'Aster'])
    expect(namesAfter(3, undefined)).toEqual(['', 'office', '', 'Aster'])
  })

  it('finds the texts of its orders as they are now', () => {
    const table = new OrderTable()
    for (const number of [8, 9, 10, 11]) table.set(order(number))
    expect(containing(table, '1')).toEqual(['O-10', 'O-11'])
    table.set(order(9, { waybill: 'SF1' }))
    table.delete('O-11')
    expect(containing(table, '1')).toEqual(['O-9', 'O-10'])
    expect(containing(table, 'sf1')).toEqual(['O-9'])
    table.set(order(9, { waybill: 'ZT2' }))
    expect([containing(table, 'zt2'), containing(table, 'sf1')]).toEqual([['O-9'], []])
    // Texts of one order must not match across their boundaries, nor across the boundary to the next order.
    for (const part of ['9sf', '8o', 'o-8o', '\n', '\t']) expect(containing(table, part)).toEqual([])
  })
})

describe('UsedNames', () => {
  it('reuses the number of a name that is no longer in use', () => {
    const names = new UsedNames()
    const aster = names.use('Aster')
    names.use('Aster')
    names.release(aster)
    expect([...names.of(['Aster'])]).toEqual([aster])
    names.release(aster)
    expect([...names.of(['Aster'])]).toEqual([])
    expect(names.use('Borea')).toBe(aster)
    expect(() => names.release(aster + 1)).toThrow(RangeError)
  })
})
