import { describe, expect, it, test } from 'vitest'
import { firstEntered, lastLeftAt } from './stage-visit.ts'
import type { StageVisit } from './stage-visit.ts'

function visit(stage: string, enteredAt: number, leftAt?: number): StageVisit {
  return { stage, nth: 1, enteredAt, heldMs: 0, ...(leftAt !== undefined && { leftAt }) }
}

describe('the visit that was entered first', () => {
  const nameOf = (...visits: StageVisit[]) => firstEntered(visits)?.stage

  it('is none without visits, and the only one', () => {
    expect(nameOf()).toBeUndefined()
    expect(nameOf(visit('pick', 10))).toBe('pick')
  })

  it('is the first one of a list in the order of entering, also when two began together', () => {
    expect(nameOf(visit('pick', 10, 20), visit('pack', 20, 30), visit('ship', 30))).toBe('pick')
    expect(nameOf(visit('pick', 10, 20), visit('pack', 10))).toBe('pick')
  })

  it('may be the last one, whether or not it has ended', () => {
    expect(nameOf(visit('pick', 10, 20), visit('check', 5, 8))).toBe('check')
    expect(nameOf(visit('pick', 10, 20), visit('check', 5))).toBe('check')
    expect(nameOf(visit('pick', 10, 20), visit('pack', 20, 30), visit('check', 5, 40))).toBe('check')
  })

  it('may be one of the open ones at the end, of which there may be several', () => {
    expect(nameOf(visit('pick', 10, 20), visit('print', 4), visit('check', 5))).toBe('print')
    expect(nameOf(visit('pick', 10, 20), visit('check', 5), visit('print', 4))).toBe('print')
    expect(nameOf(visit('pick', 10, 20), visit('check', 5), visit('pack', 12, 14))).toBe('check')
  })
})

test('the last of some visits to end need not be the last that was entered', () => {
  expect(lastLeftAt([])).toBe(-Infinity)
  expect(lastLeftAt([visit('print', 0, 50), visit('pick', 10, 20)])).toBe(50)
  expect(lastLeftAt([visit('print', 0), visit('pick', 10, 20)])).toBe(Infinity)
})
