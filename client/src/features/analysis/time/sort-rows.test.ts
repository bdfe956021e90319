import type { TimeRow } from '@stagewatch/shared/contract/analysis.ts'
import { expect, it } from 'vitest'
import { nextSort, sortRows } from './sort-rows.ts'

const row = (key: string, more: Partial<TimeRow>): TimeRow => ({
  key,
  name: {},
  visits: 0,
  totalMs: 0,
  judged: 0,
  breaches: 0,
  ...more,
})
const rows = [
  row('c', { totalMs: 9, p90Ms: 1, judged: 10, breaches: 5 }),
  row('a', { totalMs: 5, judged: 2, breaches: 2 }),
  row('b', { totalMs: 1, p90Ms: 7 }),
]
const keys = (sort: Parameters<typeof sortRows>[1]) => sortRows(rows, sort, ({ key }) => key).map(({ key }) => key)

it.each([
  [undefined, 'cab'],
  ['name', 'abc'],
  ['-name', 'cba'],
  ['total', 'cab'],
  ['-total', 'bac'],
  // A row without a value comes last in both directions.
  ['p90', 'bca'],
  ['-p90', 'cba'],
  ['over', 'acb'],
] as const)('sorts by %s', (sort, expected) => {
  expect(keys(sort).join('')).toBe(expected)
})

it('turns around with the second click, and goes back with the third', () => {
  expect([nextSort('p90', undefined), nextSort('p90', 'p90'), nextSort('p90', '-p90')]).toEqual([
    'p90',
    '-p90',
    undefined,
  ])
  expect(nextSort('p90', 'total')).toBe('p90')
})
