import { expect, test } from 'vitest'
import type { RepeatedRowRule } from '@stagewatch/shared/contract/import-mapping.ts'
import { RepeatedRows } from './repeated-rows.ts'

const columns = {
  order: { index: 0, header: 'order' },
  stage: { index: 1, header: 'stage' },
  time: { index: 2, header: 'time' },
  customer: { index: 3, header: 'customer' },
}
const withId = { ...columns, eventId: { index: 4, header: 'id' } }

/** Whether each row repeats an earlier one. */
function repeats(
  rule: RepeatedRowRule,
  rows: readonly string[],
  known: typeof columns = columns,
): boolean[] | undefined {
  const repeated = RepeatedRows.of(rule, known)
  return repeated && rows.map((row) => repeated.add(row.split(',')))
}

test('rows that are equal in all cells count once', () => {
  const rows = ['A,pick,1,ACME', 'A,pick,1,Aster', 'A,pick,1,ACME', 'A,pick,1,ACME', 'A,pick,1,ACME,', 'A,pick,1']
  expect(repeats('once', rows)).toEqual([false, false, true, true, false, false])
  expect(repeats('once', ['ab,c', 'a,bc', 'abc', 'abc,', ',abc'])).toEqual([false, false, false, false, false])
})

test('a row with an identity repeats none', () => {
  const rows = [
    'A,pick,1,ACME,7',
    'A,pick,1,ACME,7',
    'A,pick,1,ACME,',
    'A,pick,1,ACME,',
    'A,pick,1,ACME, ',
    'A,pick,1,ACME',
  ]
  expect(repeats('once', rows, withId)).toEqual([false, false, false, true, false, false])
  expect(repeats('once', ['A,pick,1,ACME', 'A,pick,1,ACME'], withId)).toEqual([false, true])
})

test('rows of one step of an order may differ in facts', () => {
  const rows = ['A,pick,1,ACME', 'A, pick ,1,Aster', 'A,pack,1,ACME', 'A,pick,2,ACME', 'B,pick,1,ACME', 'A,pick,1']
  expect(repeats('step', rows)).toEqual([false, true, false, false, false, true])
  // An identity tells nothing then.
  expect(repeats('step', ['A,pick,1,ACME,7', 'A,pick,1,ACME,8'], withId)).toEqual([false, true])
})

test('tens of thousands of different rows are different', () => {
  const rows = Array.from({ length: 30_000 }, (_, i) => `SO-${i % 100},stage ${Math.floor(i / 100)},1`)
  expect(repeats('once', [...rows, ...rows])?.filter(Boolean)).toHaveLength(30_000)
})

test('every row may count', () => {
  expect(repeats('keep', ['A', 'A'])).toBeUndefined()
})
