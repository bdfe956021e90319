import { describe, expect, it } from 'vitest'
import { GroupTable } from './group-table.ts'
import type { VisitRow } from './visit-columns.ts'
import { VisitStore } from './visit-store.ts'
import { otherRows } from './visit-table.ts'
import type { CellPlan } from './visit-table.ts'

/** Three hours, of which the first and the last one share a column. */
const hours = { starts: Float64Array.of(0, 100, 200), columns: Uint32Array.of(0, 1, 0) }
const always = { starts: Float64Array.of(0), columns: Uint32Array.of(0) }

function visit(customer: number, enteredAt: number, leftAt: number): VisitRow {
  return {
    stage: 1,
    order: 2,
    department: 3,
    customer,
    customerClass: 0,
    product: 0,
    enteredAt,
    leftAt,
    workingMs: 0,
    rework: false,
    hasTarget: false,
    breach: undefined,
  }
}

function tableOf(plan: Partial<CellPlan>, ...visits: readonly VisitRow[]): GroupTable {
  const store = new VisitStore()
  for (const each of visits) store.add(each)
  const table = new GroupTable({ kind: 'groups', dimension: 'customer', spans: always, maxRows: 10, ...plan })
  store.scan(table, {}, 'elapsed').forEach(() => undefined)
  return table
}

/** The sums of ms by row and column. */
function sums({ groups }: GroupTable): Record<number, (number | undefined)[]> {
  return Object.fromEntries([...groups].map(([row, cells]) => [row, cells.map((cell) => cell?.sumMs)]))
}

describe('the cells of a table', () => {
  it('are as many columns as the spans name, and one more for visits that began before', () => {
    const visits = [visit(5, 50, 60), visit(5, 50, 120), visit(5, 50, 299)]
    expect(sums(tableOf({}, ...visits))).toEqual({ 5: [10 + 70 + 249] })
    expect(sums(tableOf({ spans: hours }, ...visits))).toEqual({ 5: [10 + 249, 70] })
    const begun = [visit(5, -1, 20), visit(5, 0, 30), visit(5, 199, 203)]
    expect(sums(tableOf({ spans: hours, instant: 'enteredAt' }, ...begun))).toEqual({ 5: [30, 4, 21] })
  })

  it('have a row for each number, however high, in the order in which they come', () => {
    const numbers = [63, 7, 64, 1_000, 65, 7]
    const table = tableOf({}, ...numbers.map((customer) => visit(customer, 0, customer)))
    expect([...table.groups.keys()]).toEqual([63, 7, 64, 1_000, 65])
    expect(sums(table)).toEqual({ 7: [14], 63: [63], 64: [64], 65: [65], 1000: [1_000] })
    const byHour = tableOf({ spans: hours }, ...numbers.map((customer) => visit(customer, 110, 110 + (customer % 10))))
    expect(sums(byHour)).toEqual({
      7: [undefined, 14],
      63: [undefined, 3],
      64: [undefined, 4],
      65: [undefined, 5],
      1000: [undefined, 0],
    })
  })

  it('are all in one row where there is no dimension', () => {
    const visits = [visit(5, 0, 10), visit(6, 100, 120)]
    expect(sums(tableOf({ dimension: 'all' }, ...visits))).toEqual({ 0: [30] })
    expect(sums(tableOf({ dimension: 'all', spans: hours }, ...visits))).toEqual({ 0: [10, 20] })
  })

  it('are too many as soon as one more row is needed than there may be', () => {
    const visits = [visit(5, 0, 1), visit(6, 0, 1), visit(5, 0, 1)]
    expect(tableOf({ maxRows: 2 }, ...visits).isFull).toBe(false)
    expect(tableOf({ maxRows: 1 }, ...visits).isFull).toBe(true)
    expect(tableOf({ maxRows: 2 }, ...visits, visit(7, 0, 1), visit(8, 0, 1)).isFull).toBe(true)
  })

  it('share a row where numbers mean the same, also if the one that stands for them comes later or never', () => {
    const sameRows = new Map([
      [3, 1],
      [4, 2],
    ])
    const table = tableOf({ sameRows }, visit(3, 0, 10), visit(1, 0, 20), visit(4, 0, 5))
    expect(sums(table)).toEqual({ 1: [30], 2: [5] })
  })

  it('share the row of the others where a number has none of its own, also when tables are added up', () => {
    const plan = { spans: hours, ownRows: new Set([1]) }
    const [one, other] = [
      tableOf(plan, visit(8, 0, 10), visit(1, 0, 120), visit(9, 0, 20)),
      tableOf(plan, visit(1, 0, 7), visit(7, 100, 150)),
    ]
    expect(sums(one)).toEqual({ [otherRows]: [30, undefined], 1: [undefined, 120] })
    one.merge(other.pack()).forEach(() => undefined)
    expect(sums(one)).toEqual({ [otherRows]: [30, 50], 1: [7, 120] })
  })
})
