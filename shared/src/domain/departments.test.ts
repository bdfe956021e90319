import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { isInScope } from './access/department-scope.ts'
import { departmentNamed, DepartmentTexts, mergedDepartments, textsOf, widenedScope } from './departments.ts'
import type { Department } from './departments.ts'
import { propertyRuns } from './testing/property-runs.ts'

const texts = ['Quality', 'QA', '质检', 'Sales', 'Fleet', 'Store'] as const
const text = fc.constantFrom(...texts)

const change = fc.oneof(
  fc.record({ kind: fc.constant('adopt'), key: text }),
  fc.record({ kind: fc.constant('rename'), key: text, name: fc.string({ minLength: 1 }) }),
  fc.record({ kind: fc.constant('archive'), key: text }),
  fc.record({ kind: fc.constant('merge'), key: text, into: text }),
)

/** Applies a change of an administrator to the list, if it is possible. */
function after(
  departments: readonly Department[],
  done: typeof change extends fc.Arbitrary<infer T> ? T : never,
): readonly Department[] {
  const { kind, key } = done
  const named = departmentNamed(departments, key)
  if ('into' in done) return mergedDepartments(departments, key, done.into) ?? departments
  if (kind === 'adopt') {
    return named ? departments : [...departments, { key, name: { en: key }, aliases: [], archived: false }]
  }
  return departments.map((one) => {
    if (one !== named) return one
    return 'name' in done ? { ...one, name: { en: done.name } } : { ...one, archived: !one.archived }
  })
}

const visible = (scope: readonly string[], departments: readonly Department[]) =>
  texts.filter((department) => isInScope(widenedScope(scope, departments), { department }, undefined))

test('whoever has a scope sees the orders of its departments and of no other, whatever becomes of the list', () => {
  fc.assert(
    fc.property(fc.uniqueArray(text, { minLength: 1 }), fc.array(change, { maxLength: 12 }), (scope, changes) => {
      let departments: readonly Department[] = []
      for (const done of changes) {
        const before = { seen: visible(scope, departments), departments }
        departments = after(departments, done)
        const named = new DepartmentTexts(departments)
        const keys = new Set(scope.map((one) => named.keyOf(one)))
        const seen = visible(scope, departments)
        expect(seen).toEqual(texts.filter((one) => keys.has(named.keyOf(one))))
        // Nobody loses access, and only those who saw one of two merged departments gain access: to the other one.
        const merged = 'into' in done ? [done.key, done.into] : []
        const joined = merged.flatMap((key) => before.departments.filter((one) => one.key === key)).map(textsOf)
        const isTouched = joined.length === 2 && joined.flat().some((one) => before.seen.some((was) => was === one))
        const mayGain: readonly string[] = isTouched ? joined.flat() : []
        expect(before.seen.filter((one) => !seen.includes(one))).toEqual([])
        expect(mayGain.filter((one) => !seen.some((each) => each === one))).toEqual([])
        expect(seen.filter((one) => !before.seen.includes(one) && !mayGain.includes(one))).toEqual([])
        // No text belongs to two departments.
        const all = departments.flatMap(textsOf)
        expect(new Set(all).size).toBe(all.length)
      }
    }),
    propertyRuns,
  )
})

test('a scope of all departments stays one', () => {
  expect(widenedScope(undefined, [])).toBeUndefined()
})
