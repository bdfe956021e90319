import type { StatusSpan, StatusSpans } from '@stagewatch/shared/domain/status-spans.ts'
import { markFrom } from './bucket-series.ts'
import type { StageAggregates } from './stage-aggregates.ts'
import type { VisitRow } from './visit-columns.ts'
import type { VisitCondition } from './status-edge.ts'

type Marks = Pick<VisitRow, 'atRiskFrom' | 'stalledMarks'>

const noMarks: Marks = {}

/** The spans of an ended visit that its row stores: those that cross a mark. Most visits have none. */
export function marksOf({ atRisk, stalled }: StatusSpans): Marks {
  if (atRisk === undefined && stalled.length === 0) return noMarks
  const stalledMarks: number[] = []
  for (const span of stalled) if (meetsMark(span)) stalledMarks.push(markFrom(span.from), markFrom(span.to))
  return {
    atRiskFrom: atRisk !== undefined && meetsMark(atRisk) ? markFrom(atRisk.from) : undefined,
    stalledMarks: stalledMarks.length > 0 ? stalledMarks : undefined,
  }
}

/** Whether the span covers any mark. */
function meetsMark({ from, to }: StatusSpan): boolean {
  return markFrom(from) < markFrom(to)
}

/** Counts the conditions of the ended visit into the past of the stage, or undoes it. */
export function countRow(row: VisitRow, aggregates: StageAggregates, delta: 1 | -1): void {
  const { atRiskFrom, stalledMarks, breach, leftAt } = row
  if (atRiskFrom !== undefined) {
    aggregates.atRiskBuckets.add(atRiskFrom, delta)
    aggregates.atRiskBuckets.add(riskEnd(row), -delta)
  }
  if (stalledMarks !== undefined) {
    for (const [i, mark] of stalledMarks.entries()) aggregates.stalledBuckets.add(mark, i % 2 === 0 ? delta : -delta)
  }
  if (breach !== undefined) {
    aggregates.overdueBuckets.add(breach.at, delta)
    aggregates.overdueBuckets.add(leftAt, -delta)
  }
}

/** When an ended visit was in the condition, rounded to marks. */
export function spansInCondition(row: VisitRow, condition: VisitCondition): readonly StatusSpan[] {
  const { atRiskFrom, stalledMarks = [], breach, leftAt } = row
  switch (condition) {
    case 'overdue':
      return breach === undefined ? [] : [{ from: breach.at, to: leftAt }]
    case 'atRisk':
      return atRiskFrom === undefined ? [] : [{ from: atRiskFrom, to: riskEnd(row) }]
    case 'stalled':
      return stalledMarks.flatMap((from, i) => (i % 2 === 0 ? [{ from, to: stalledMarks[i + 1] ?? leftAt }] : []))
  }
}

function riskEnd({ breach, leftAt }: VisitRow): number {
  return breach?.at ?? leftAt
}
