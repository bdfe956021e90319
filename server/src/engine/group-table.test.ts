import { LocalDays } from '@stagewatch/shared/domain/local-days.ts'
import { propertyRuns } from '@stagewatch/shared/domain/testing/property-runs.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { GroupTable } from './group-table.ts'
import { visitRow } from './testing/visit-row.ts'
import { timeColumns } from './time-columns.ts'
import type { VisitDimension } from './visit-batch.ts'
import { VisitStore } from './visit-store.ts'

const lengthMs = 60 * 3_600_000
/** The clocks of Berlin go forward and back within them, so that spans are not of the same length. */
const begins = ['2026-03-27T20:00:00+01:00', '2026-10-24T20:00:00+02:00'].map((text) => Date.parse(text))
const days = new LocalDays('Europe/Berlin')

test('a table has in each cell the visits that belong there', () => {
  const drawn = fc.array(fc.tuple(visitRow, fc.nat(lengthMs - 1)), { maxLength: 60 })
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
          const { visits, judged, breaches, histogram } = group
          return [[`${row} ${column}`, { visits, judged, breaches, sumMs: histogram.sumMs }] as const]
        }),
      )
      const expected = [...Map.groupBy(rows, (each) => `${each[dimension]} ${spans.columnOf(each.leftAt)}`)].map(
        ([key, own]) =>
          [
            key,
            {
              visits: own.length,
              judged: own.filter(({ judged }) => judged).length,
              breaches: own.filter(({ breach }) => breach !== undefined).length,
              sumMs: own.reduce((sum, { workingMs }) => sum + workingMs, 0),
            },
          ] as const,
      )
      expect(new Map(cells)).toEqual(new Map(expected))
    }),
    propertyRuns,
  )
})
