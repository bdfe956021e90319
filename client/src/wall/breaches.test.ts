import type { Board } from '@stagewatch/shared/contract/board.ts'
import { describe, expect, it } from 'vitest'
import { listOf, noon, smallBoard } from '../live/testing/small-board.ts'
import { criticalBreach } from './breaches.ts'

const hourMs = 3_600_000

/** A board with `overdueCount` overdue orders whose newest breach is `order`, `lateMs` past its limit of one hour. */
function boardWith(order: string, lateMs: number, overdueCount: number): Board {
  const board = smallBoard()
  const row = { ...listOf([order]).rows[order]!, dueAt: noon - lateMs }
  return {
    ...board,
    kpis: { ...board.kpis, overdue: { count: overdueCount, unclaimed: 0, ceiling: 25 } },
    newestBreach: { at: noon, count: 1, row },
  }
}

describe('a breach is critical', () => {
  it('when the order has taken twice its limit', () => {
    expect(criticalBreach(smallBoard(), boardWith('SO-3', hourMs, 3), noon)?.order).toBe('SO-3')
    expect(criticalBreach(smallBoard(), boardWith('SO-3', hourMs - 1, 3), noon)).toBeUndefined()
  })

  it('when more orders are overdue than the plant allows', () => {
    expect(criticalBreach(smallBoard(), boardWith('SO-3', 0, 26), noon)?.order).toBe('SO-3')
    expect(criticalBreach(smallBoard(), boardWith('SO-3', 0, 25), noon)).toBeUndefined()
  })

  it('once, and not when the wall has just been opened', () => {
    const board = boardWith('SO-3', hourMs, 26)
    expect(criticalBreach(undefined, board, noon)).toBeUndefined()
    expect(criticalBreach(board, { ...board }, noon)).toBeUndefined()
    expect(criticalBreach(board, boardWith('SO-4', hourMs, 26), noon)?.order).toBe('SO-4')
  })
})
