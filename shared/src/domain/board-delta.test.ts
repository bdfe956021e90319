import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { applyChanges, diffTrees } from './board-delta.ts'
import { propertyRuns } from './testing/property-runs.ts'

const key = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('a', 'b', 'c') },
  fc.constantFrom('__proto__', 'constructor', 'toString', '', 'length', '0'),
)

type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

const { tree } = fc.letrec<{ value: Json; tree: { [name: string]: Json } }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<Json>(null, true, 0, 1, -1.5, '', 'x'),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('tree'),
  ),
  tree: fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
}))

/** The value as a screen receives it. */
function overTheWire<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}

/** Serializes every own key, including `__proto__`. */
function written(value: unknown): string {
  return JSON.stringify(value, (_name, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1))
      : item,
  )
}

describe('laws of the delta', () => {
  test('a snapshot with the changes applied is the next snapshot', () => {
    fc.assert(
      fc.property(tree, tree, (from, to) => {
        const reached = applyChanges(from, overTheWire(diffTrees(from, to)))
        expect(written(reached)).toBe(written(to))
      }),
      propertyRuns,
    )
  })

  test('nothing changes between equal trees, and applying nothing keeps the tree itself', () => {
    fc.assert(
      fc.property(tree, (one) => {
        expect(diffTrees(one, overTheWire(one))).toEqual([])
        expect(applyChanges(one, [])).toBe(one)
      }),
      propertyRuns,
    )
  })

  test('no prototype is reached', () => {
    fc.assert(
      fc.property(tree, tree, (from, to) => {
        const reached = applyChanges(from, overTheWire(diffTrees(from, to)))
        expect(Object.getPrototypeOf(reached)).toBe(Object.prototype)
        expect(Object.keys(Object.prototype)).toEqual([])
      }),
      propertyRuns,
    )
  })
})

describe('a change', () => {
  test('names the deepest place that is different', () => {
    const from = { kpis: { overdue: { count: 1, unclaimed: 0 } }, asOf: 5 }
    const to = { kpis: { overdue: { count: 2, unclaimed: 0 } }, asOf: 5 }
    expect(diffTrees(from, to)).toEqual([{ path: ['kpis', 'overdue', 'count'], value: 2 }])
  })

  test('without a value takes the place away', () => {
    expect(diffTrees({ a: 1, b: 2 }, { b: 2 })).toEqual([{ path: ['a'] }])
    expect(diffTrees({ a: 1 }, { a: undefined })).toEqual([{ path: ['a'] }])
    expect(applyChanges({ a: 1, b: 2 }, [{ path: ['a'] }])).toEqual({ b: 2 })
  })

  test('replaces a list as a whole', () => {
    expect(diffTrees({ list: [1, 2] }, { list: [1, 3] })).toEqual([{ path: ['list'], value: [1, 3] }])
    expect(diffTrees({ list: [{ a: 1 }] }, { list: [{ a: 1 }] })).toEqual([])
  })

  test('leaves every other place the very object that it was', () => {
    const from = { left: { n: 1 }, right: { n: 1 } }
    const reached = applyChanges(from, [{ path: ['left', 'n'], value: 2 }])
    expect(reached.right).toBe(from.right)
    expect(from.left.n).toBe(1)
  })
})
