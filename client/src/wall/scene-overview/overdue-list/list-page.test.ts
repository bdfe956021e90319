import { describe, expect, it } from 'vitest'
import { listOf } from '../../../live/testing/small-board.ts'
import { listPage, pageAt, listRoom } from './list-page.ts'
import { wallLayout } from '../../wall-layout.ts'

const orders = (count: number) => Array.from({ length: count }, (_, index) => `SO-${index + 1}`)

describe('the pages of the list', () => {
  it('bring the worst orders back every second turn', () => {
    expect([0, 1, 2, 3, 4, 5, 6, 7].map((turn) => pageAt(turn, 4))).toEqual([0, 1, 0, 2, 0, 3, 0, 1])
    expect([0, 1, 2].map((turn) => pageAt(turn, 1))).toEqual([0, 0, 0])
  })

  it('hold six rows, the last one the rest', () => {
    const lists = { overdue: listOf(orders(14)), upcoming: listOf([]) }
    expect(listPage(lists, 0, 6, undefined)).toEqual({ before: 0, overdue: orders(6), upcoming: [] })
    expect(listPage(lists, 3, 6, undefined)).toEqual({ before: 12, overdue: ['SO-13', 'SO-14'], upcoming: [] })
  })

  it('leave out the order that stands in the slot below', () => {
    const lists = { overdue: listOf(orders(8)), upcoming: listOf([]) }
    expect(listPage(lists, 1, 6, 'SO-8').overdue).toEqual(['SO-7'])
  })

  it('show what comes next only on a calm day', () => {
    const upcoming = listOf(['SO-90', 'SO-91'])
    expect(listPage({ overdue: listOf(orders(5)), upcoming }, 0, 6, undefined).upcoming).toEqual(['SO-90', 'SO-91'])
    expect(listPage({ overdue: listOf(orders(6)), upcoming }, 0, 6, undefined).upcoming).toEqual([])
  })
})

it('the list has six rows on a usual wall, and as many as fit on others', () => {
  expect(listRoom(wallLayout(1920, 1080))).toBe(6)
  expect(listRoom(wallLayout(1920, 1440))).toBe(10)
  expect(listRoom(wallLayout(5120, 1440))).toBe(16)
  expect(listRoom(wallLayout(1080, 1920))).toBe(4)
})
