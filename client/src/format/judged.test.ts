import { describe, expect, it } from 'vitest'
import { smallBoard } from '../live/testing/small-board.ts'
import { isPartlyJudged, unjudgedReason } from './judged.ts'

const board = smallBoard()
const packing = board.stages['packing']!
const boardWith = (judged: number, column: object, open = 9) => ({
  kpis: { ...board.kpis, overdue: { ...board.kpis.overdue, judged }, open: { ...board.kpis.open, count: open } },
  stages: { packing: { ...packing, ...column } },
})

describe('a count of overdue orders', () => {
  it('says nothing while no open order has a limit', () => {
    expect(unjudgedReason(boardWith(0, { withoutLimit: 9, unjudged: true }))).toBe('noLimits')
    expect(unjudgedReason(boardWith(0, { wip: 0, unjudged: true }))).toBe('noLimits')
  })

  it('says nothing while every open order is between two stages', () => {
    expect(unjudgedReason(boardWith(0, { wip: 0 }))).toBe('betweenStages')
  })

  it('is true when some are judged, when nothing is open, or when the server does not say', () => {
    expect(unjudgedReason(boardWith(4, { withoutLimit: 5 }))).toBeUndefined()
    expect(unjudgedReason(boardWith(0, { wip: 0 }, 0))).toBeUndefined()
    expect(unjudgedReason(board)).toBeUndefined()
  })

  it('says something of some orders only when others have no limit', () => {
    expect(isPartlyJudged(boardWith(4, { withoutLimit: 5 }))).toBe(true)
    expect(isPartlyJudged(boardWith(9, {}))).toBe(false)
    expect(isPartlyJudged(boardWith(0, { withoutLimit: 9, unjudged: true }))).toBe(false)
  })
})
