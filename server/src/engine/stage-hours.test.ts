import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { propertyRuns } from '@stagewatch/shared/domain/testing/property-runs.ts'
import { epochHour, StageHours } from './stage-hours.ts'
import type { VisitRow } from './visit-columns.ts'
import { visitRow } from './testing/visit-row.ts'
import { VisitTally } from './visit-tally.ts'
import type { TalliedVisit } from './visit-tally.ts'

const rows = fc.array(visitRow, { maxLength: 60, size: 'max' })

function stageHoursOf(visits: readonly TalliedVisit[]): StageHours {
  const hours = new StageHours()
  for (const visit of visits) hours.add(visit)
  return hours
}

function reading({ count, breaches, rework, sumMs, histogram }: VisitTally) {
  const percentiles = [0, 0.5, 0.9, 0.99, 1].map((q) => histogram.percentile(q))
  return { count, breaches, rework, sumMs, percentiles }
}

function naive(visits: readonly VisitRow[]) {
  const tally = new VisitTally()
  for (const visit of visits) tally.add(visit)
  return {
    ...reading(tally),
    count: visits.length,
    breaches: visits.filter((visit) => visit.breach !== undefined).length,
    rework: visits.filter((visit) => visit.rework).length,
    sumMs: visits.reduce((sum, visit) => sum + visit.workingMs, 0),
  }
}

test('every cell holds the visits of its stage and hour', () => {
  fc.assert(
    fc.property(rows, (visits) => {
      const hours = stageHoursOf(visits)
      for (const [stage, ofStage] of Map.groupBy(visits, (visit) => visit.stage)) {
        for (const [at, ofHour] of Map.groupBy(ofStage, (visit) => epochHour(visit.leftAt))) {
          expect(reading(hours.cell(stage, at)!)).toEqual(naive(ofHour))
        }
      }
    }),
    propertyRuns,
  )
})

test('removed visits leave the counts as if they had never been added', () => {
  fc.assert(
    fc.property(rows, rows, (kept, taken) => {
      const hours = stageHoursOf([...taken, ...kept])
      for (const visit of taken) hours.remove(visit)
      const visits = [...kept, ...taken]
      const expected = stageHoursOf(kept)
      const cells = (from: StageHours) =>
        visits.map((visit) => {
          const cell = from.cell(visit.stage, epochHour(visit.leftAt))
          return cell && reading(cell)
        })
      expect(cells(hours)).toEqual(cells(expected))
      expect(new Map(hours.counts())).toEqual(new Map(expected.counts()))
    }),
    propertyRuns,
  )
})

test('a visit that was never added cannot be taken back', () => {
  const visit = { stage: 1, leftAt: 3_600_000, workingMs: 3_600_000, rework: false, breach: undefined }
  const hours = stageHoursOf([visit])
  expect(() => hours.remove({ ...visit, stage: 2 })).toThrow(RangeError)
  expect(() => hours.remove({ ...visit, leftAt: 3_599_999 })).toThrow(RangeError)
  expect(() => hours.remove({ ...visit, workingMs: 1_800_000 })).toThrow(RangeError)
  expect(hours.cell(1, 1)?.count).toBe(1)
})
