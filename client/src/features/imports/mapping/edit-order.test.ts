import type { ImportOrder } from '@stagewatch/shared/contract/uploads.ts'
import { describe, expect, it } from 'vitest'
import { columnsOfRows } from '@stagewatch/shared/contract/import-mapping.ts'
import {
  columnName,
  columnsOf,
  furtherColumns,
  isSameOrder,
  samplesOf,
  withColumn,
  withField,
  withRows,
} from './edit-order.ts'

const order: ImportOrder = { mapping: { timezone: 'Asia/Shanghai' }, discover: false, terminal: [] }

describe('what is said of a file', () => {
  it('is taken back without leaving anything', () => {
    const chosen = withColumn(withField(order, 'encoding', 'big5'), 'order', 'Case ID')
    expect(chosen.mapping).toEqual({ timezone: 'Asia/Shanghai', encoding: 'big5', columns: { order: 'Case ID' } })
    expect(withColumn(withField(chosen, 'encoding', undefined), 'order', undefined)).toEqual(order)
  })

  it('keeps the columns that the chosen kind of rows has', () => {
    const chosen = withColumn(withColumn(order, 'stage', 'Step'), 'quantity', 'Pieces')
    expect(withRows({ ...chosen, discover: true, terminal: ['sent'] }, 'orders')).toEqual({
      mapping: { timezone: 'Asia/Shanghai', columns: { quantity: 'Pieces' }, rows: 'orders' },
      discover: false,
      terminal: [],
    })
    expect(withRows(chosen, 'events').mapping.columns).toEqual({ stage: 'Step', quantity: 'Pieces' })
    for (const rows of ['events', 'orders', 'wide'] as const)
      expect(new Set([...columnsOf[rows].main, ...furtherColumns[rows]])).toEqual(new Set(columnsOfRows[rows]))
  })

  it('is the same in whatever order it was said', () => {
    const one = withColumn(withColumn(order, 'order', 'a'), 'time', 'b')
    const other = withColumn(withColumn(order, 'time', 'b'), 'order', 'a')
    expect(isSameOrder(one, other)).toBe(true)
    expect(isSameOrder(one, withColumn(other, 'time', 'c'))).toBe(false)
  })
})

describe('a column of a table', () => {
  const table = {
    header: ['No', 'Time', '', 'Time', '2024'],
    rows: ['a', 'b', 'a', ' ', 'c', 'd'].map((cell, index) => ({ line: index + 2, cells: [cell] })),
  }

  it('is called by its header where that means this column alone', () => {
    expect([1, 2, 3, 4, 5].map((place) => columnName(table, place))).toEqual(['No', '2', '3', '4', '5'])
  })

  it('is shown by its first different values', () => {
    expect(samplesOf(table, 1)).toEqual(['a', 'b', 'c'])
    expect(samplesOf(table, 2)).toEqual([])
  })
})
