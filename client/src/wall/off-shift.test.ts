import { expect, it } from 'vitest'
import { listOf, noon } from '../live/testing/small-board.ts'
import { offShiftLook } from './off-shift.ts'

const minuteMs = 60_000
const row = listOf(['SO-1']).rows['SO-1']!

it('the wall dims outside of working time according to its settings', () => {
  expect(offShiftLook({ offShift: false }, 'blank', 'live', noon)).toBe('on')
  expect(offShiftLook({ offShift: true }, 'blank', 'live', noon)).toBe('blank')
  expect(offShiftLook({ offShift: true }, 'kpi', 'late', noon)).toBe('kpi')
})

it('an order that turns overdue even then wakes it for ten minutes', () => {
  const board = { offShift: true, newestBreach: { at: noon, count: 1, row } }
  expect(offShiftLook(board, 'dim', 'live', noon + 10 * minuteMs - 1)).toBe('on')
  expect(offShiftLook(board, 'dim', 'live', noon + 10 * minuteMs)).toBe('dim')
})

it('a lost connection is never dimmed, because the shift may have started', () => {
  expect(offShiftLook({ offShift: true }, 'blank', 'lost', noon)).toBe('on')
})
