import { LocalDays } from '@stagewatch/shared/domain/local-days.ts'
import { costlyPropertyRuns } from '@stagewatch/shared/domain/testing/property-runs.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DwellHistogram } from './dwell-histogram.ts'
import { GroupTable } from './group-table.ts'
import { visitRow } from './testing/visit-row.ts'
import { SumTable } from './sum-table.ts'
import { timeColumns } from './time-columns.ts'
import type { VisitDimension } from './visit-batch.ts'
import type { VisitRow } from './visit-columns.ts'
import { VisitStore } from './visit-store.ts'

const lengthMs = 60 * 3_600_000
/** The clocks in Berlin are set forward or back within these periods, so the spans differ in length. */
const begins = ['2026-03-27T20:00:00+01:00', '2026-10-24T20:00:00+02:00'].map((text) => Date.parse(text))
const days = new LocalDays('Europe/Berlin')

test('a table by when visits began has one more column for those that began before', () => {
  const from = begins[0]!
  const spans = timeColumns('weekday', from, from + lengthMs, days)
  const [first] = fc.sample(visitRow, { numRuns: 1, seed: 1 })
  const store = new VisitStore()
  const visit = (enteredAt: number, dwellMs: number): void =>
    void store.add({ ...first!, stage: 1, enteredAt, leftAt: enteredAt + dwellMs, workingMs: dwellMs })
  const hourMs = 3_600_000
  const sunday = Date.parse('2026-03-29T00:30:00+01:00')
  visit(sunday, 40 * hourMs)
  visit(sunday - 24 * hourMs, 50 * hourMs)
  visit(from - hourMs, 30 * hourMs)
  const plan = { kind: 'groups', dimension: 'stage', spans: spans.starts, instant: 'enteredAt', maxRows: 9 } as const
  const table = new GroupTable(plan)
  store.scan(table, {}, 'elapsed').forEach(() => undefined)
  const [row = []] = [...table.groups.values()]
  const told = row.flatMap((group, column) => (group === undefined ? [] : [[column, group.histogram.sumMs / hourMs]]))
  // Saturday, Sunday, and visits that started before the first hour.
  expect(told).toEqual([
    [5, 50],
    [6, 40],
    [7, 30],
  ])
})

test('a table has in each cell the visits that belong there', () => {
  const drawn = fc.array(fc.tuple(visitRow, fc.nat(lengthMs - 1)), { maxLength: 60, size: 'max' })
  const kind = fc.constantFrom('hour', 'day', 'hourOfDay', 'weekday')
  const dimensions = fc.constantFrom<VisitDimension>('stage', 'department', 'customer', 'customerClass', 'product')
  fc.assert(
    fc.property(drawn, dimensions, fc.constantFrom(...begins), kind, (some, dimension, from, columns) => {
      const rows = some.map(([visit, afterMs]) => {
        const leftAt = from + afterMs
        return { ...visit, leftAt, enteredAt: leftAt - (visit.leftAt - visit.enteredAt) }
      })
      const spans = timeColumns(columns, from, from + lengthMs, days)
      const store = new VisitStore()
      for (const each of rows) store.add(each)
      const table = new GroupTable({ kind: 'groups', dimension, spans: spans.starts, maxRows: 100 })
      store.scan(table, { fromMs: spans.from, toMs: spans.to }, 'working').forEach(() => undefined)
      const cells = [...table.groups].flatMap(([row, places]) =>
        places.flatMap((group, column) => {
          if (group === undefined) return []
          const { visits, withTarget, breaches, sumMs, histogram } = group
          expect(histogram.sumMs).toBe(sumMs)
          return [[`${row} ${column}`, { visits, withTarget, breaches, sumMs }] as const]
        }),
      )
      const expected = [...Map.groupBy(rows, (each) => `${each[dimension]} ${spans.columnOf(each.leftAt)}`)].map(
        ([key, own]) =>
          [
            key,
            {
              visits: own.length,
              withTarget: own.filter(({ hasTarget }) => hasTarget).length,
              breaches: own.filter(({ breach }) => breach !== undefined).length,
              sumMs: own.reduce((sum, { workingMs }) => sum + workingMs, 0),
            },
          ] as const,
      )
      expect(new Map(cells)).toEqual(new Map(expected))
      const { histogram: all, ...total } = table.total ?? { visits: 0, withTarget: 0, breaches: 0, sumMs: 0 }
      const add = (count: (cell: (typeof expected)[number][1]) => number) =>
        expected.reduce((sum, [, cell]) => sum + count(cell), 0)
      expect(total).toEqual({
        visits: rows.length,
        withTarget: add((one) => one.withTarget),
        breaches: add(({ breaches }) => breaches),
        sumMs: add(({ sumMs }) => sumMs),
      })
      expect(all?.percentile(0.5)).toEqual(histogramOf(rows).percentile(0.5))
      const sumsOf = (visits: VisitStore): SumTable => {
        const counted = new SumTable({ kind: 'sums', dimension })
        visits.scan(counted, { fromMs: spans.from, toMs: spans.to }, 'working').forEach(() => undefined)
        return counted
      }
      const sums = sumsOf(store)
      const named = Map.groupBy(rows, (each) => each[dimension])
      const countOf = (own: readonly VisitRow[]) => ({
        visits: own.length,
        sumMs: own.reduce((sum, { workingMs }) => sum + workingMs, 0),
        withTarget: own.filter(({ hasTarget }) => hasTarget).length,
        breaches: own.filter(({ breach }) => breach !== undefined).length,
      })
      expect(sums.sums).toEqual(
        [...named].map(([id, own]) => ({ id, ...countOf(own) })).toSorted((a, b) => a.id - b.id),
      )
      expect(sums.total.histogram.sumMs).toBe(total.sumMs)
      expect([sums.total.withTarget, sums.total.breaches]).toEqual([total.withTarget, total.breaches])
      // The same from two threads, each of which has counted a part.
      const [first, second] = [new VisitStore(), new VisitStore()]
      for (const [i, each] of rows.entries()) (i % 2 === 0 ? first : second).add(each)
      const merged = sumsOf(first)
      merged.merge(sumsOf(second).pack()).forEach(() => undefined)
      expect(merged.sums).toEqual(sums.sums)
      expect(merged.total.histogram.sumMs).toBe(total.sumMs)
      expect([merged.total.withTarget, merged.total.breaches]).toEqual([total.withTarget, total.breaches])
    }),
    costlyPropertyRuns,
  )
})

function histogramOf(rows: readonly VisitRow[]): DwellHistogram {
  const histogram = new DwellHistogram()
  for (const { workingMs } of rows) histogram.add(workingMs)
  return histogram
}
