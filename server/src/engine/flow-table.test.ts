import { LocalDays } from '@stagewatch/shared/domain/local-days.ts'
import { costlyPropertyRuns } from '@stagewatch/shared/domain/testing/property-runs.ts'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { FlowTable } from './flow-table.ts'
import { visitRow } from './testing/visit-row.ts'
import { timeColumns } from './time-columns.ts'
import { VisitStore } from './visit-store.ts'
import type { VisitRow } from './visit-columns.ts'

const days = new LocalDays('Europe/Berlin')
/** The clocks are set back within these days, one of which has 25 hours. */
const from = Date.parse('2026-10-24T00:00:00+02:00')
const to = Date.parse('2026-10-27T00:00:00+01:00')
const day = 86_400_000
const spans = timeColumns('day', from, to, days)

function tableOf(rows: readonly VisitRow[]): FlowTable {
  const store = new VisitStore()
  for (const row of rows) store.add(row)
  const table = new FlowTable({ kind: 'flow', spans: spans.starts, to })
  store.scan(table, { fromMs: from }, 'working').forEach(() => undefined)
  return table
}

it('reports arrivals and departures of each day, and the initial stock', () => {
  const [row] = fc.sample(visitRow, { numRuns: 1, seed: 1 })
  const visit = (enteredAt: number, leftAt: number): VisitRow => ({
    ...row!,
    stage: 3,
    enteredAt,
    leftAt,
    workingMs: 0,
    breach: undefined,
  })
  const table = tableOf([
    visit(from - day, from - 1),
    visit(from - day, from),
    visit(from, from + day - 1),
    visit(from + day + 25 * 3_600_000 - 1, to),
    visit(to, to + 1),
  ])
  table.addOpen(3, from - 2 * day)
  table.addOpen(3, from + day)
  table.addOpen(3, to)
  expect([...table.stages]).toEqual([[3, { before: 2, arrived: [1, 2, 0], departed: [2, 0, 0] }]])
})

it('adds up to how many visits were open at the end of each day', () => {
  const drawn = fc.array(fc.tuple(visitRow, fc.integer({ min: -4 * day, max: 6 * day })), {
    maxLength: 40,
    size: 'max',
  })
  fc.assert(
    fc.property(drawn, (some) => {
      const rows = some.map(([row, afterMs]) => {
        const enteredAt = from + afterMs
        return { ...row, enteredAt, leftAt: enteredAt + (row.leftAt - row.enteredAt), breach: undefined }
      })
      const half = Math.floor(rows.length / 2)
      const whole = tableOf(rows)
      const merged = tableOf(rows.slice(0, half))
      merged.merge(tableOf(rows.slice(half)).pack()).forEach(() => undefined)
      expect(new Map(merged.stages)).toEqual(new Map(whole.stages))
      const openAt = (stage: number, at: number): number =>
        rows.filter((row) => row.stage === stage && row.enteredAt < at && row.leftAt >= at).length
      for (const stage of new Set(rows.map((row) => row.stage))) {
        let open = whole.stages.get(stage)?.before ?? 0
        expect(open).toBe(openAt(stage, from))
        for (const [i, span] of spans.spans.entries()) {
          const { arrived, departed } = whole.stages.get(stage) ?? { arrived: [], departed: [] }
          open += (arrived[i] ?? 0) - (departed[i] ?? 0)
          expect(open).toBe(openAt(stage, span.to))
        }
      }
    }),
    costlyPropertyRuns,
  )
})
