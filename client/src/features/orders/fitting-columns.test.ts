import { expect, it } from 'vitest'
import { columnsThatFit } from './fitting-columns.ts'
import { columnIds, usualColumns } from './order-columns.tsx'

const left = (windowPx: number, columns = usualColumns) => {
  const fitting = columnsThatFit(columns, windowPx)
  return columns.filter((id) => !fitting.includes(id))
}

it('a narrow window leaves out what can be spared, the reason first', () => {
  expect([1440, 1180, 1150, 1024, 900].map((px) => left(px))).toEqual([
    [],
    [],
    ['reason'],
    ['reason', 'promise'],
    ['customer', 'reason', 'promise'],
  ])
})

it('what was chosen beside the usual gives way before it', () => {
  expect(left(1500, columnIds)).not.toContain('reason')
  expect(left(900, columnIds)).toEqual(
    columnIds.filter((id) => !['state', 'order', 'stage', 'dwell', 'overdue', 'owner'].includes(id)),
  )
})

it('a card on a phone has room for everything', () => {
  expect(left(390, columnIds)).toEqual([])
})
