import { expect, it } from 'vitest'
import { cellGrid } from './cell-grid.ts'

const ten = (name: string) => Array.from({ length: 10 }, () => name)

it('short names stand in one row, longer ones in wider cells', () => {
  expect(cellGrid(ten('质检'), 148, 'wide')).toEqual({ columns: 10, beside: false })
  expect(cellGrid(ten('Purchase'), 148, 'wide')).toEqual({ columns: 5, beside: true })
  expect(cellGrid(ten('质检'), 148, 'portrait')).toEqual({ columns: 5, beside: false })
  expect(cellGrid(ten('质检'), 1000, 'wide')).toEqual({ columns: 5, beside: true })
  expect(cellGrid(ten('Purchase'), 148, 'portrait')).toEqual({ columns: 3, beside: true })
})
