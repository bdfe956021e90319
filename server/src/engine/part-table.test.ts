import { waitCauses } from '@stagewatch/shared/domain/stage-visit.ts'
import { costlyPropertyRuns } from '@stagewatch/shared/domain/testing/property-runs.ts'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { PartTable } from './part-table.ts'
import type { PartSums } from './part-table.ts'
import { partedRow } from './testing/visit-row.ts'
import type { DwellClock, VisitRow } from './visit-columns.ts'
import { VisitStore } from './visit-store.ts'
import { otherRows } from './visit-table.ts'
import type { PartPlan } from './visit-table.ts'

const spans = { starts: Float64Array.of(-Infinity), columns: Uint32Array.of(0) }
const byCustomer: PartPlan = { kind: 'parts', dimension: 'customer', spans, maxRows: 100 }
const clock = fc.constantFrom<DwellClock>('elapsed', 'working')

function tableOf(store: VisitStore, byClock: DwellClock, plan = byCustomer): PartTable {
  const table = new PartTable(plan)
  store.scan(table, { stages: new Set([0, 1, 2]) }, byClock).forEach(() => undefined)
  return table
}

/** The sums of some rows, without the store. */
function exactly(rows: readonly VisitRow[], byClock: DwellClock): PartSums {
  const of = byClock === 'elapsed' ? 'elapsedMs' : 'workingMs'
  const sum = (value: (row: VisitRow) => number): number => rows.reduce((all, row) => all + value(row), 0)
  const total = (row: VisitRow): number => (byClock === 'elapsed' ? row.leftAt - row.enteredAt : row.workingMs)
  const waiting = ({ parts }: VisitRow): number => parts?.waiting[of] ?? 0
  const held = ({ parts }: VisitRow): number => parts?.held[of] ?? 0
  const causes = waitCauses.map((cause) => [cause, sum(({ parts }) => parts?.causes.get(cause)?.[of] ?? 0)])
  return {
    visits: rows.length,
    total: sum(total),
    waiting: sum(waiting),
    held: sum(held),
    working: sum((row) => (row.parts?.isStarted ? total(row) - waiting(row) - held(row) : 0)),
    ...(Object.fromEntries(causes) as Record<(typeof waitCauses)[number], number>),
  }
}

/** Totals are exact. Each visit adds at most half a step of its shares, and half a ms. */
function expectNear(found: PartSums | undefined, rows: readonly VisitRow[], byClock: DwellClock): void {
  const exact = exactly(rows, byClock)
  const { visits, total, ...parts } = found!
  expect([visits, total]).toEqual([exact.visits, exact.total])
  for (const [part, ms] of Object.entries(parts)) {
    const limit = exact.total * (1 / 4095) + rows.length
    expect(Math.abs(ms - exact[part as keyof PartSums])).toBeLessThanOrEqual(limit)
    expect(ms).toBeGreaterThanOrEqual(0)
  }
  expect(parts.waiting + parts.working + parts.held).toBeLessThanOrEqual(total)
}

it('adds up waiting, working, held and causes of each row, also after rows were reused', () => {
  fc.assert(
    fc.property(
      fc.array(partedRow, { maxLength: 60, size: 'max' }),
      fc.array(partedRow),
      clock,
      (first, later, byClock) => {
        const store = new VisitStore()
        const ids = first.map((row) => store.add(row))
        const removed = ids.filter((_, i) => i % 2 === 0)
        for (const id of removed) store.remove(id)
        for (const row of later) store.add(row)
        const kept = [...first.filter((_, i) => i % 2 === 1), ...later].filter(({ stage }) => stage <= 2)
        const byRow = Map.groupBy(kept, ({ customer }) => customer)
        const table = tableOf(store, byClock)
        expect(new Set(table.rows.keys())).toEqual(new Set(byRow.keys()))
        for (const [customer, rows] of byRow) expectNear(table.rows.get(customer)?.[0], rows, byClock)
      },
    ),
    costlyPropertyRuns,
  )
})

it('counts names without a row of their own in a common row, also when tables are merged', () => {
  const rows = fc.sample(partedRow, { numRuns: 300, seed: 3 })
  const plan = { ...byCustomer, ownRows: new Set([1, 3]) }
  const halves = [rows.slice(0, 150), rows.slice(150)].map((some) => {
    const store = new VisitStore()
    for (const row of some) store.add(row)
    return tableOf(store, 'elapsed', plan).pack()
  })
  const merged = new PartTable(plan)
  for (const half of halves) merged.merge(half).forEach(() => undefined)
  const kept = rows.filter(({ stage }) => stage <= 2)
  expect(new Set(merged.rows.keys())).toEqual(new Set([1, 3, otherRows]))
  for (const customer of [1, 3]) {
    const own = kept.filter((row) => row.customer === customer)
    expectNear(merged.rows.get(customer)?.[0], own, 'elapsed')
  }
  const others = kept.filter(({ customer }) => customer !== 1 && customer !== 3)
  expectNear(merged.rows.get(otherRows)?.[0], others, 'elapsed')
})

it('has the same sums in each column when it is merged of two halves', () => {
  const rows = fc.sample(partedRow, { numRuns: 300, seed: 5 })
  const plan = {
    ...byCustomer,
    spans: { starts: Float64Array.of(-2e9, 0), columns: Uint32Array.of(0, 1) },
  }
  const tableOfRows = (some: readonly VisitRow[]): PartTable => {
    const store = new VisitStore()
    for (const row of some) store.add(row)
    return tableOf(store, 'elapsed', plan)
  }
  const merged = new PartTable(plan)
  for (const half of [rows.slice(0, 150), rows.slice(150)]) {
    merged.merge(tableOfRows(half).pack()).forEach(() => undefined)
  }
  const whole = tableOfRows(rows)
  expect([...whole.rows.values()].some(([first, second]) => first !== undefined && second !== undefined)).toBe(true)
  expect(new Map(merged.rows)).toEqual(new Map(whole.rows))
})

it('keeps the names of a visit apart from what was waited for', () => {
  const store = new VisitStore()
  const [row] = fc.sample(partedRow, { numRuns: 1, seed: 1 })
  const most = 2 ** 20 - 1
  const waiting = { elapsedMs: 10, workingMs: 10 }
  const parts = { isStarted: true, waiting, held: { elapsedMs: 0, workingMs: 0 }, causes: new Map() }
  const names = { customer: most, product: most, department: 2 ** 15 - 1 }
  const id = store.add({ ...row!, ...names, leftAt: row!.enteredAt + 10, workingMs: 10, parts })
  expect(store.read(id)).toMatchObject(names)
  for (const name of ['customer', 'product'] as const)
    expect(() => store.add({ ...row!, [name]: most + 1 })).toThrow(`${name} ${most + 1} is beyond`)
  expect(() => store.add({ ...row!, department: 2 ** 15 })).toThrow('department 32768 is beyond')
})
