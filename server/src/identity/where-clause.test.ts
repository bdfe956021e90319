import type { CleanedWhere } from 'better-auth/adapters'
import { expect, test } from 'vitest'
import { SqlParameters, whereClause } from './where-clause.ts'

const condition = (more: Partial<CleanedWhere>): CleanedWhere => ({
  field: 'userId',
  operator: 'eq',
  value: 'a',
  connector: 'AND',
  mode: 'sensitive',
  ...more,
})

function written(...conditions: CleanedWhere[]): { text: string; values: unknown[] } {
  const parameters = new SqlParameters()
  return { text: whereClause(conditions, parameters), values: parameters.values }
}

test('no condition is no clause', () => {
  expect(written()).toEqual({ text: '', values: [] })
})

test('values never stand in the text', () => {
  expect(written(condition({ value: "'; drop table users; --" }))).toEqual({
    text: 'where "user_id" = $1',
    values: ["'; drop table users; --"],
  })
})

test('alternatives stand beside what must hold', () => {
  const either = ['x', 'y'].map((value) => condition({ field: 'value', value, connector: 'OR' }))
  expect(written(condition({}), ...either).text).toBe('where "user_id" = $1 and ("value" = $2 or "value" = $3)')
})

test('nothing is in an empty list', () => {
  expect(written(condition({ operator: 'in', value: [] })).text).toBe('where false')
  expect(written(condition({ operator: 'not_in', value: [] })).text).toBe('where true')
})

test('null is compared as SQL wants it', () => {
  expect(written(condition({ value: null })).text).toBe('where "user_id" is null')
  expect(written(condition({ value: null, operator: 'ne' })).text).toBe('where "user_id" is not null')
})
