import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { propertyRuns } from '@stagewatch/shared/domain/testing/property-runs.ts'
import type { StageStatistics } from './stage-statistics.ts'
import { bucketMs as mark } from './bucket-series.ts'
import type { VisitChoice, VisitDimension } from './visit-batch.ts'
import { breachedFlag, judgedFlag, reworkFlag, rowsPerChunk } from './visit-columns.ts'
import type { DwellClock, VisitRow } from './visit-columns.ts'
import type { VisitFilter } from './visit-filter.ts'
import { visitRow } from './testing/visit-row.ts'
import { VisitStore } from './visit-store.ts'

const ids = fc.array(fc.nat(5)).map((some) => new Set(some))
const instant = fc.integer({ min: -1e9, max: 2e9 })
const filter: fc.Arbitrary<VisitFilter> = fc.record(
  {
    fromMs: instant,
    toMs: instant,
    stages: ids,
    departments: ids,
    customers: ids,
    customerClasses: fc.array(fc.constantFrom(0, 1, 2, 255)).map((some) => new Set(some)),
    products: ids,
  },
  { requiredKeys: [] },
)
/** A visit that comes, and whether it is taken away again before the next one. */
const history = fc.array(fc.tuple(visitRow, fc.boolean()), { maxLength: 60 })

const visit: VisitRow = {
  stage: 1,
  order: 2,
  department: 3,
  customer: 4,
  customerClass: 6,
  product: 5,
  enteredAt: 1000,
  leftAt: 2500,
  workingMs: 700,
  rework: true,
  judged: false,
  breach: undefined,
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

function passes(row: VisitRow, filtered: VisitFilter): boolean {
  const { fromMs, toMs, stages, departments, customers, customerClasses, products } = filtered
  return (
    row.leftAt >= (fromMs ?? -Infinity) &&
    row.leftAt < (toMs ?? Infinity) &&
    stages?.has(row.stage) !== false &&
    departments?.has(row.department) !== false &&
    customers?.has(row.customer) !== false &&
    customerClasses?.has(row.customerClass) !== false &&
    products?.has(row.product) !== false
  )
}

function asRead(row: VisitRow, { clock, id, also }: Omit<VisitChoice, 'filter'>) {
  const dwellMs = clock === 'working' ? row.workingMs : row.leftAt - row.enteredAt
  const { rework, judged, breach } = row
  return { id: row[id], ...instantsOf(also, row), dwellMs, rework, judged, breached: breach !== undefined }
}

/** What is read of a visit besides. */
function instantsOf(also: VisitChoice['also'], { order, leftAt, enteredAt }: VisitRow) {
  if (also === 'order') return { order }
  return also === 'leftAt' ? { leftAt } : { leftAt, enteredAt }
}

function naiveStatistics(rows: readonly VisitRow[], clock: DwellClock) {
  const dwells = rows.map((row) => (clock === 'working' ? row.workingMs : row.leftAt - row.enteredAt))
  return {
    visits: rows.length,
    orders: new Set(rows.map((row) => row.order)).size,
    rework: rows.filter((row) => row.rework).length,
    judged: rows.filter((row) => row.judged).length,
    breaches: rows.filter((row) => row.breach !== undefined).length,
    sumMs: dwells.reduce((sum, ms) => sum + ms, 0),
    minMs: Math.min(...dwells),
    maxMs: Math.max(...dwells),
  }
}

function reading({ visits, orders, rework, judged, breaches, sumMs, minMs, maxMs }: StageStatistics) {
  return { visits, orders, rework, judged, breaches, sumMs, minMs, maxMs }
}

test('a scan meets exactly the visits that pass the filter, after removals and reuse of rows', () => {
  const choice = fc.record({
    clock: fc.constantFrom<DwellClock>('elapsed', 'working'),
    id: fc.constantFrom<VisitDimension>('stage', 'department', 'customer', 'customerClass', 'product'),
    also: fc.constantFrom('order', 'leftAt', 'span'),
  })
  fc.assert(
    fc.property(history, filter, choice, (steps, wanted, asked) => {
      const { store, stored } = play(steps)
      const met: unknown[] = []
      for (const batch of store.batches({ filter: wanted, ...asked })) {
        for (let place = 0; place < batch.count; place++) {
          const flags = batch.flags[place] ?? 0
          met.push({
            id: batch.id[place],
            ...(asked.also === 'order' ? { order: batch.order[place] } : { leftAt: batch.leftAt[place] }),
            ...(asked.also === 'span' && { enteredAt: batch.enteredAt[place] }),
            dwellMs: batch.dwellMs[place],
            rework: (flags & reworkFlag) !== 0,
            judged: (flags & judgedFlag) !== 0,
            breached: (flags & breachedFlag) !== 0,
          })
        }
      }
      const expected = [...stored].toSorted(([a], [b]) => a - b).map(([, row]) => row)
      expect(met).toEqual(expected.filter((row) => passes(row, wanted)).map((row) => asRead(row, asked)))
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

test('a chunk outside of the span of time is not read at all', () => {
  const store = new VisitStore()
  for (let i = 0; i < 2 * rowsPerChunk; i++) store.add({ ...visit, leftAt: 10_000 + i })
  const read = { clock: 'elapsed', id: 'stage', also: 'order' } as const
  const all = store.batches({ filter: {}, ...read }).toArray()
  const later = store.batches({ filter: { fromMs: 10_000 + rowsPerChunk }, ...read }).toArray()
  expect(later).toHaveLength(all.length / 2)
})

test('a visit is read as it was stored, and its number is free after removal', () => {
  const store = new VisitStore()
  const first = store.add(visit)
  const second = store.add({
    ...visit,
    stage: 2 ** 13 - 1,
    customerClass: 2 ** 8 - 1,
    rework: false,
    judged: true,
    breach: { at: 2400, overdueMs: 30 },
  })
  expect(store.read(first)).toEqual(visit)
  expect(store.read(second)).toEqual({
    ...visit,
    stage: 2 ** 13 - 1,
    customerClass: 2 ** 8 - 1,
    rework: false,
    judged: true,
    breach: { at: 2400, overdueMs: 30 },
  })
  store.remove(first)
  expect(() => store.read(first)).toThrow(RangeError)
  expect(() => store.remove(first)).toThrow(RangeError)
  expect(store.add(visit)).toBe(first)
  expect(store.size).toBe(2)
})

test('a visit tells when it was at risk and stalled, and one that takes its place tells its own', () => {
  const store = new VisitStore()
  const [calm, troubled] = [store.add(visit), store.add({ ...visit, atRiskFrom: 0, stalledMarks: [-mark, mark] })]
  expect(store.read(troubled)).toEqual({ ...visit, atRiskFrom: 0, stalledMarks: [-mark, mark] })
  expect(store.everIn('atRisk', {}).toArray()).toEqual([store.read(troubled)])
  expect(store.everIn('stalled', {}).toArray()).toEqual([store.read(troubled)])
  expect(store.everIn('stalled', { toMs: visit.leftAt }).toArray()).toEqual([])
  store.remove(troubled)
  expect(store.add({ ...visit, order: 9 })).toBe(troubled)
  expect(store.read(troubled)).toEqual({ ...visit, order: 9 })
  expect(store.read(calm)).toEqual(visit)
  expect(store.everIn('atRisk', {}).toArray()).toEqual([])
})

test('what the columns cannot hold is refused', () => {
  const store = new VisitStore()
  expect(() => store.add({ ...visit, leftAt: Number.NaN })).toThrow(RangeError)
  expect(() => store.add({ ...visit, leftAt: visit.enteredAt - 1 })).toThrow(RangeError)
  expect(() => store.add({ ...visit, workingMs: -1 })).toThrow(RangeError)
  expect(() => store.add({ ...visit, stage: 2 ** 13 })).toThrow(RangeError)
  expect(() => store.add({ ...visit, customerClass: 2 ** 8 })).toThrow(RangeError)
  expect(() => store.remove(0)).toThrow(RangeError)
  expect(store.size).toBe(0)
})

test('a name that is sent as a department for every order does not fill the columns', () => {
  const store = new VisitStore()
  expect(store.read(store.add({ ...visit, department: 2 ** 16 }))).toMatchObject({ department: 2 ** 16 })
})
