import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { costlyPropertyRuns } from '@stagewatch/shared/domain/testing/property-runs.ts'
import { LiveEngine } from './live-engine.ts'
import { GroupTable } from './group-table.ts'
import type { StageStatistics } from './stage-statistics.ts'
import { bucketMs as mark } from './bucket-series.ts'
import { VisitBatch } from './visit-batch.ts'
import type { VisitChoice } from './visit-batch.ts'
import { breachedFlag, flagsShift, hasTargetFlag, reworkFlag, rowsPerChunk } from './visit-columns.ts'
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
/** A visit that is added, and whether it is removed again before the next one. */
const history = fc.array(fc.tuple(visitRow, fc.boolean()), { maxLength: 60, size: 'max' })

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
  hasTarget: false,
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
  const { rework, hasTarget, breach } = row
  const found = { id: id === 'all' ? 0 : row[id], ...readBesides(also, row) }
  return also === 'span' ? found : { ...found, dwellMs, rework, hasTarget, breached: breach !== undefined }
}

type Besides = Pick<VisitRow, 'order' | 'leftAt' | 'enteredAt'>

/** The additional columns that are read of a visit. */
function readBesides(also: VisitChoice['also'], { order, leftAt, enteredAt }: Besides) {
  return {
    ...(also === 'order' && { order }),
    ...((also === 'leftAt' || also === 'span') && { leftAt }),
    ...((also === 'enteredAt' || also === 'span') && { enteredAt }),
  }
}

function naiveStatistics(rows: readonly VisitRow[], clock: DwellClock) {
  const dwells = rows.map((row) => (clock === 'working' ? row.workingMs : row.leftAt - row.enteredAt))
  return {
    visits: rows.length,
    orders: new Set(rows.map((row) => row.order)).size,
    rework: rows.filter((row) => row.rework).length,
    withTarget: rows.filter((row) => row.hasTarget).length,
    breaches: rows.filter((row) => row.breach !== undefined).length,
    sumMs: dwells.reduce((sum, ms) => sum + ms, 0),
    minMs: Math.min(...dwells),
    maxMs: Math.max(...dwells),
  }
}

function reading({ visits, orders, rework, withTarget, breaches, sumMs, minMs, maxMs }: StageStatistics) {
  return { visits, orders, rework, withTarget, breaches, sumMs, minMs, maxMs }
}

test('a scan meets exactly the visits that pass the filter, after removals and reuse of rows', () => {
  const choice = fc.record({
    clock: fc.constantFrom<DwellClock>('elapsed', 'working'),
    id: fc.constantFrom<VisitChoice['id']>('all', 'stage', 'department', 'customer', 'customerClass', 'product'),
    also: fc.constantFrom('nothing', 'order', 'leftAt', 'enteredAt', 'span'),
  })
  fc.assert(
    fc.property(history, filter, choice, (steps, wanted, asked) => {
      const { store, stored } = play(steps)
      const met: unknown[] = []
      for (const batch of store.batches({ filter: wanted, ...asked })) {
        for (let place = 0; place < batch.count; place++) {
          const flags = (batch.stageAndFlags[place] ?? 0) >>> flagsShift
          const [order = 0, leftAt = 0, enteredAt = 0] = [
            batch.order[place],
            batch.leftAt[place],
            batch.enteredAt[place],
          ]
          const evaluation = {
            dwellMs: batch.dwellMs(place),
            rework: (flags & reworkFlag) !== 0,
            hasTarget: (flags & hasTargetFlag) !== 0,
            breached: (flags & breachedFlag) !== 0,
          }
          const besides = readBesides(asked.also, { order, leftAt, enteredAt })
          met.push({ id: batch.id[place], ...besides, ...(asked.also !== 'span' && evaluation) })
        }
      }
      const expected = [...stored].toSorted(([a], [b]) => a - b).map(([, row]) => row)
      expect(met).toEqual(expected.filter((row) => passes(row, wanted)).map((row) => asRead(row, asked)))
      expect(store.size).toBe(stored.size)
    }),
    costlyPropertyRuns,
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
    costlyPropertyRuns,
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
    hasTarget: true,
    breach: { at: 2400, overdueMs: 30 },
  })
  expect(store.read(first)).toEqual(visit)
  expect(store.read(second)).toEqual({
    ...visit,
    stage: 2 ** 13 - 1,
    customerClass: 2 ** 8 - 1,
    rework: false,
    hasTarget: true,
    breach: { at: 2400, overdueMs: 30 },
  })
  store.remove(first)
  expect(() => store.read(first)).toThrow(RangeError)
  expect(() => store.remove(first)).toThrow(RangeError)
  expect(store.add(visit)).toBe(first)
  expect(store.size).toBe(2)
})

test('rows are not read while one of them is being written, and read again when they were written to meanwhile', () => {
  const store = new VisitStore()
  store.add(visit)
  const { columns } = store.chunk(0)
  const batch = new VisitBatch({ filter: {}, clock: 'elapsed', id: 'stage', also: 'nothing' })
  columns.beginWrite()
  expect([batch.read(columns, 0, 1), batch.count]).toEqual([false, 0])
  columns.endWrite(visit.leftAt)
  expect([batch.read(columns, 0, 1), batch.count]).toEqual([true, 1])

  let reads = 0
  const readAgain = (disturbances: number) => {
    reads = 0
    return columns.readSteadily(() => {
      reads += 1
      if (reads <= disturbances) {
        columns.beginWrite()
        columns.endWrite(visit.leftAt)
      }
      return `read ${reads}`
    })
  }
  expect(readAgain(1)).toBe('read 2')
  expect(readAgain(1_000)).toBeUndefined()
  expect(reads).toBeLessThan(1_000)
})

test('a visit has its time on hold, also when none of it was working time, and not that of the visit before', () => {
  const store = new VisitStore()
  const visits = [visit, { ...visit, heldMs: 0 }, { ...visit, heldMs: 300 }].map((row) => store.add(row))
  expect(visits.map((id) => store.heldMs(id))).toEqual([undefined, 0, 300])
  for (const id of visits) store.remove(id)
  expect(visits.map(() => store.heldMs(store.add(visit)))).toEqual([undefined, undefined, undefined])
})

test('a visit has the times at which it was at risk and stalled, also after its slot was reused', () => {
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

test('a value that exceeds its column is rejected', () => {
  const store = new VisitStore()
  expect(() => store.add({ ...visit, leftAt: Number.NaN })).toThrow(RangeError)
  expect(() => store.add({ ...visit, leftAt: visit.enteredAt - 1 })).toThrow(RangeError)
  expect(() => store.add({ ...visit, workingMs: -1 })).toThrow(RangeError)
  expect(() => store.add({ ...visit, stage: 2 ** 13 })).toThrow(RangeError)
  expect(() => store.add({ ...visit, customerClass: 2 ** 8 })).toThrow(RangeError)
  expect(() => store.remove(0)).toThrow(RangeError)
  expect(store.size).toBe(0)
})

test('however many names are sent, each of their numbers fits into its column', () => {
  const { departments, customers, products, customer_classes } = new LiveEngine('UTC').ended.usage
  const last = {
    department: departments.limit - 1,
    customer: customers.limit - 1,
    product: products.limit - 1,
    customerClass: customer_classes.limit - 1,
  }
  const store = new VisitStore()
  expect(store.read(store.add({ ...visit, ...last }))).toMatchObject(last)
})

test('of a whole chunk within the span every visit is read, and of one with a gap or beyond it those within', () => {
  const store = new VisitStore()
  const rows = Array.from({ length: 2 * rowsPerChunk + 10 }, (_, i): VisitRow => {
    return { ...visit, stage: i % 3, enteredAt: 1_000 + i, leftAt: 2_000 + i, workingMs: i % 900 }
  })
  for (const row of rows) store.add(row)
  const told = (filtered: VisitFilter) => {
    const table = new GroupTable({ kind: 'groups', dimension: 'stage', spans, maxRows: 10 })
    store.scan(table, filtered, 'working').forEach(() => undefined)
    return new Map([...table.groups].map(([stage, [group]]) => [stage, [group?.visits, group?.sumMs]]))
  }
  const spans = { starts: Float64Array.of(0), columns: Uint32Array.of(0) }
  const expected = (filtered: VisitFilter, known: readonly VisitRow[]) => {
    const passing = Map.groupBy(
      known.filter((row) => passes(row, filtered)),
      ({ stage }) => stage,
    )
    return new Map(
      [...passing].map(([stage, own]) => [stage, [own.length, own.reduce((sum, row) => sum + row.workingMs, 0)]]),
    )
  }
  const filters = [
    {},
    { fromMs: 2_000 },
    { fromMs: 2_001 },
    { toMs: 2_000 + rowsPerChunk - 1 },
    { toMs: 2_000 + rowsPerChunk },
    { stages: new Set([1]) },
  ]
  for (const filtered of filters) expect(told(filtered)).toEqual(expected(filtered, rows))
  store.remove(7)
  const fewer = rows.filter((_, i) => i !== 7)
  for (const filtered of filters) expect(told(filtered)).toEqual(expected(filtered, fewer))
  const again = { ...visit, stage: 1, enteredAt: 5, leftAt: 9, workingMs: 3 }
  store.add(again)
  for (const filtered of filters) expect(told(filtered)).toEqual(expected(filtered, [...fewer, again]))
  for (const batch of store.batches({ filter: { fromMs: 10 }, clock: 'working', id: 'stage', also: 'span' })) {
    const { leftAt, enteredAt } = store.read(batch.rowAt(batch.count - 1))
    expect([batch.leftAt[batch.count - 1], batch.enteredAt[batch.count - 1]]).toEqual([leftAt, enteredAt])
  }
})
