import { describe, expect, it } from 'vitest'
import { smallBoard } from '../live/testing/small-board.ts'
import { hasOrdersWithoutLimit, missingLimitReason } from './missing-limits.ts'

const board = smallBoard()
const packing = board.stages['packing']!
const boardWith = (judged: number, column: object, open = 9) => ({
  kpis: { ...board.kpis, overdue: { ...board.kpis.overdue, judged }, open: { ...board.kpis.open, count: open } },
  stages: { packing: { ...packing, ...column } },
})

describe('a count of overdue orders', () => {
  it('is meaningless while no open order has a limit', () => {
    expect(missingLimitReason(boardWith(0, { withoutLimit: 9, unjudged: true }))).toBe('noLimits')
    expect(missingLimitReason(boardWith(0, { wip: 0, unjudged: true }))).toBe('noLimits')
  })

  it('is meaningless while every open order is between two stages', () => {
    expect(missingLimitReason(boardWith(0, { wip: 0 }))).toBe('betweenStages')
  })

  it('is meaningful when some orders have a limit, when nothing is open, or when the server does not report limits', () => {
    expect(missingLimitReason(boardWith(4, { withoutLimit: 5 }))).toBeUndefined()
    expect(missingLimitReason(boardWith(0, { wip: 0 }, 0))).toBeUndefined()
    expect(missingLimitReason(board)).toBeUndefined()
  })

  it('covers only some orders when others have no limit', () => {
    expect(hasOrdersWithoutLimit(boardWith(4, { withoutLimit: 5 }))).toBe(true)
    expect(hasOrdersWithoutLimit(boardWith(9, {}))).toBe(false)
    expect(hasOrdersWithoutLimit(boardWith(0, { withoutLimit: 9, unjudged: true }))).toBe(false)
  })
})
