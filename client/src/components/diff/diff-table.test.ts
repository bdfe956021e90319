import { expect, it } from 'vitest'
import { commonPathLength } from './diff-table.tsx'

const field = (...path: string[]) => ({ path, before: 1, after: 2 })

it('the only version that was touched is not named', () => {
  expect(commonPathLength([field('1', 'definition', 'code'), field('1', 'definition', 'stages', 'qc')])).toBe(2)
  expect(commonPathLength([field('1', 'definition', 'code'), field('1', 'validFrom')])).toBe(1)
})

it('one of several versions is', () => {
  expect(commonPathLength([field('1', 'code'), field('2', 'code')])).toBe(0)
})

it('a name is', () => {
  expect(commonPathLength([field('stages', 'qc')])).toBe(0)
  expect(commonPathLength([])).toBe(0)
})
