import { maxFindings, outlierDimensions } from '@stagewatch/shared/contract/analysis-outliers.ts'
import type { OutlierDimension, OutliersAnswer } from '@stagewatch/shared/contract/analysis-outliers.ts'
import { customerDimensions } from '@stagewatch/shared/contract/choice.ts'
import type { Privacy } from '@stagewatch/shared/domain/access/audience.ts'
import { DwellHistogram } from '../engine/dwell-histogram.ts'
import { GroupTable } from '../engine/group-table.ts'
import type { VisitGroup } from '../engine/group-table.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import { ScanWatch } from '../engine/scans/scan-watch.ts'
import type { VisitScans } from '../engine/scans/visit-scans.ts'
import type { StageAggregates } from '../engine/stage-aggregates.ts'
import { timeColumns } from '../engine/time-columns.ts'
import type { VisitDimension } from '../engine/visit-batch.ts'
import { inSlices } from '../platform/in-slices.ts'
import { heatRow, sameRows } from '../query/heat-cells.ts'
import { olderThan } from '../query/older-visits.ts'
import { chosenStages } from '../query/visit-choice.ts'
import { analysisFilter, analysisPeriod, wholePeriod } from './analysis-period.ts'
import type { AnalysisPeriod } from './analysis-period.ts'
import { findOutliers } from './outlier-tests.ts'
import type { GroupedVisits } from './outlier-tests.ts'
import type { PathsQuestion } from './paths.ts'

/** More values of a dimension would be confusing and would take much memory. */
const maxValues = 5_000
/** Each stage takes a scan. */
const maxStagesScanned = 60

/**
 * Finds visits that take longer than others of their stage, by their common attributes.
 * @param now epoch ms.
 * @throws AppError `invalid_field` if the period is invalid.
 */
export async function describeOutliers(
  engine: LiveEngine,
  question: PathsQuestion,
  privacy: Privacy,
  now: number,
  scans: VisitScans,
  watch = new ScanWatch(),
): Promise<Omit<OutliersAnswer, 'asOf' | 'position'>> {
  const period = analysisPeriod(engine, question, now)
  const dimensions = outlierDimensions.filter(
    (dimension) => privacy.customers === 'shown' || !customerDimensions.includes(dimension),
  )
  const stages = chosenStages(engine, question)
    .filter(({ visitCount }) => visitCount > 0)
    .toSorted((a, b) => b.visitCount - a.visitCount)
    .slice(0, maxStagesScanned)
  const parts: GroupedVisits<StageAggregates>[] = []
  const notCompared = new Set<OutlierDimension>()
  for (const dimension of dimensions) {
    if (dimension === 'weekday') continue
    for (const stage of stages) {
      if (notCompared.has(dimension)) break
      const dwellOf = await groupStage(engine, question, period, stage, dimension, scans)
      if (dwellOf === undefined) notCompared.add(dimension)
      else parts.push({ stage, dimension, dwellOf })
    }
  }
  parts.push(...(await groupWeekdays(engine, question, period, scans)))
  const compared = parts.filter((part) => !notCompared.has(part.dimension))
  const { tested, tooSmall, found } = await inSlices(watch.whileWanted(findOutliers(compared)))
  return {
    from: period.from,
    to: period.endsAt,
    tested,
    tooSmall,
    findings: found.slice(0, maxFindings).map(({ stage, ...finding }) => ({
      stage: stage.definition.code,
      stageName: stage.definition.name,
      process: stage.process,
      ...finding,
    })),
    total: found.length,
    notCompared: [...notCompared],
    ...olderThan(engine, period.from),
  }
}

/** Grouped by value, with an empty value for visits without one. Undefined if there are too many values. */
async function groupStage(
  engine: LiveEngine,
  question: PathsQuestion,
  period: AnalysisPeriod,
  stage: StageAggregates,
  dimension: Exclude<VisitDimension, 'stage'>,
  scans: VisitScans,
): Promise<ReadonlyMap<string, DwellHistogram> | undefined> {
  const spans = wholePeriod(period).starts
  const same = sameRows(engine, dimension)
  const table = new GroupTable({ kind: 'groups', dimension, ...same, spans, maxRows: maxValues })
  const filter = { ...analysisFilter(engine, question, period), stages: new Set([stage.index]) }
  await scans.scan(table, engine.ended.finished, filter, question.clock)
  if (table.isFull) return undefined
  return new Map(
    [...table.groups].map(([id, [group]]) => {
      const row = heatRow(engine, dimension, id)
      return [typeof row === 'string' ? row : row.definition.code, dwellOfGroups([group])]
    }),
  )
}

/** Grouped by the weekday on which the stage was entered; visits that started before the period are ignored. */
async function groupWeekdays(
  engine: LiveEngine,
  question: PathsQuestion,
  period: AnalysisPeriod,
  scans: VisitScans,
): Promise<GroupedVisits<StageAggregates>[]> {
  const { names, starts: spans } = timeColumns('weekday', period.from, period.endsAt, engine.days)
  const table = new GroupTable({ kind: 'groups', dimension: 'stage', spans, instant: 'enteredAt', maxRows: Infinity })
  await scans.scan(table, engine.ended.finished, analysisFilter(engine, question, period), question.clock)
  return [...table.groups].map(([stage, row]) => ({
    stage: engine.stage(stage),
    dimension: 'weekday',
    dwellOf: new Map(
      names.flatMap((name, i) => (row[i] === undefined ? [] : [[String(name), dwellOfGroups([row[i]])]])),
    ),
  }))
}

function dwellOfGroups(groups: readonly (VisitGroup | undefined)[]): DwellHistogram {
  const dwell = new DwellHistogram()
  for (const group of groups) if (group !== undefined) dwell.merge(group.histogram)
  return dwell
}
