import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { propertyRuns } from '@stagewatch/shared/domain/testing/property-runs.ts'
import type { StageStatistics } from './stage-statistics.ts'
import { rowsPerChunk } from './visit-columns.ts'
import type { DwellClock, VisitRow } from './visit-columns.ts'
import type { VisitFilter } from './visit-filter.ts'
import { visitRow } from './testing/visit-row.ts'
import { VisitStore } from './visit-store.ts'

const ids = fc.array(fc.nat(5)).map((some) => new Set(some))
const instant = fc.integer({ min: -1e9, max: 2e9 })
const filter: fc.Arbitrary<VisitFilter> = fc.record(
  { fromMs: instant, toMs: instant, stages: ids, departments: ids, customers: ids, products: ids },
  { requiredKeys: [] },
)
/** A visit that comes, and whether it is taken away again before the next one. */
const history = fc.array(fc.tuple(visitRow, fc.boolean()), { maxLength: 60 })

const visit: VisitRow = {
  stage: 1,
  order: 2,
  department: 3,
  customer: 4,
  product: 5,
  enteredAt: 1000,
  leftAt: 2500,
  workingMs: 700,
  rework: true,
  breachedAt: undefined,
}

function play(steps: readonly (readonly [VisitRow, boolean])[]) {
  const store = new VisitStore()
  const stored = new Map<number, VisitRow>()
  for (const [row, removesOldest] of steps) {
    stored.set(store.add(row), row)
    if (!removesOldest) continue
    const [oldest] = stored.keys()
    store.remove(oldest!)
    stored.delete(oldest!)
  }
  return { store, stored }
}

function passes(row: VisitRow, { fromMs, toMs, stages, departments, customers, products }: VisitFilter): boolean {
  return (
    row.leftAt >= (fromMs ?? -Infinity) &&
    row.leftAt < (toMs ?? Infinity) &&
    stages?.has(row.stage) !== false &&
    departments?.has(row.department) !== false &&
    customers?.has(row.customer) !== false &&
    products?.has(row.product) !== false
  )
}

function naiveStatistics(rows: readonly VisitRow[], clock: DwellClock) {
  const dwells = rows.map((row) => (clock === 'working' ? row.workingMs : row.leftAt - row.enteredAt))
  return {
    visits: rows.length,
    orders: new Set(rows.map((row) => row.order)).size,
    rework: rows.filter((row) => row.rework).length,
    breaches: rows.filter((row) => row.breachedAt !== undefined).length,
    sumMs: dwells.reduce((sum, ms) => sum + ms, 0),
    minMs: Math.min(...dwells),
    maxMs: Math.max(...dwells),
  }
}

function reading({ visits, orders, rework, breaches, sumMs, minMs, maxMs }: StageStatistics) {
  return { visits, orders, rework, breaches, sumMs, minMs, maxMs }
}

test('a scan meets exactly the visits that pass the filter, after removals and reuse of rows', () => {
  fc.assert(
    fc.property(history, filter, (steps, wanted) => {
      const { store, stored } = play(steps)
      const met: VisitRow[] = []
      store.scan(wanted, (columns, selected, count) => {
        for (const index of selected.subarray(0, count)) met.push(columns.read(index))
      })
      const expected = [...stored].toSorted(([a], [b]) => a - b).map(([, row]) => row)
      expect(met).toEqual(expected.filter((row) => passes(row, wanted)))
      expect(store.size).toBe(stored.size)
    }),
    propertyRuns,
  )
})

test('statistics by stage equal those computed from plain rows', () => {
  fc.assert(
    fc.property(history, filter, fc.constantFrom<DwellClock>('elapsed', 'working'), (steps, wanted, clock) => {
      const { store, stored } = play(steps)
      const rows = [...stored.values()].filter((row) => passes(row, wanted))
      const expected = Map.groupBy(rows, (row) => row.stage)
      const statistics = store.statistics(wanted, clock)
      expect(statistics.size).toBe(expected.size)
      for (const [stage, group] of expected) {
        expect(reading(statistics.get(stage)!)).toEqual(naiveStatistics(group, clock))
      }
    }),
    propertyRuns,
  )
})

test('slices of any size give the same statistics and end with everything done', () => {
  const store = new VisitStore()
  for (let i = 0; i < rowsPerChunk + 1000; i++) store.add({ ...visit, order: i % 999, leftAt: 2500 + i })
  const whole = store.statistics({}, 'elapsed').get(1)!
  const slices = store.statisticsSlices({}, 'elapsed', 999)
  const done: number[] = []
  let slice = slices.next()
  for (; slice.done !== true; slice = slices.next()) done.push(slice.value)
  expect(reading(slice.value.get(1)!)).toEqual(reading(whole))
  expect(done).toHaveLength(Math.ceil(rowsPerChunk / 999) + 2)
  expect(done).toEqual(done.toSorted((a, b) => a - b))
  expect(done.at(-1)).toBe(1)
})

test('a chunk outside of the span of time is not read at all', () => {
  const store = new VisitStore()
  for (let i = 0; i < 2 * rowsPerChunk; i++) store.add({ ...visit, leftAt: 10_000 + i })
  const slices = [...store.scanSlices({ fromMs: 10_000 + rowsPerChunk }, rowsPerChunk, () => {})]
  expect(slices).toEqual([1])
})

test('a visit is read as it was stored, and its number is free after removal', () => {
  const store = new VisitStore()
  const first = store.add(visit)
  const second = store.add({ ...visit, stage: 2 ** 14 - 1, rework: false, breachedAt: 2400 })
  expect(store.read(first)).toEqual(visit)
  expect(store.read(second)).toEqual({ ...visit, stage: 2 ** 14 - 1, rework: false, breachedAt: 2400 })
  store.remove(first)
  expect(() => store.read(first)).toThrow(RangeError)
  expect(() => store.remove(first)).toThrow(RangeError)
  expect(store.add(visit)).toBe(first)
  expect(store.size).toBe(2)
})

test('what the columns cannot hold is refused', () => {
  const store = new VisitStore()
  expect(() => store.add({ ...visit, leftAt: Number.NaN })).toThrow(RangeError)
  expect(() => store.add({ ...visit, leftAt: visit.enteredAt - 1 })).toThrow(RangeError)
  expect(() => store.add({ ...visit, workingMs: -1 })).toThrow(RangeError)
  expect(() => store.add({ ...visit, stage: 2 ** 14 })).toThrow(RangeError)
  expect(() => store.remove(0)).toThrow(RangeError)
  expect(store.size).toBe(0)
})

test('a name that is sent as a department for every order does not fill the columns', () => {
  const store = new VisitStore()
  expect(store.read(store.add({ ...visit, department: 2 ** 16 }))).toMatchObject({ department: 2 ** 16 })
})
