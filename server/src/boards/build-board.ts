import type { Board, HeatCell, Kpis, StageColumn } from '@stagewatch/shared/contract/board.ts'
import { openPrivacy, type Privacy } from '@stagewatch/shared/domain/access/audience.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import type { WorkingCalendar } from '@stagewatch/shared/domain/time/working-calendar.ts'
import { soonWithinMs } from '@stagewatch/shared/domain/visit-status.ts'
import { bucketMs } from '../engine/bucket-series.ts'
import { hasNoLimit } from '../engine/stage-aggregates.ts'
import type { StageAggregates } from '../engine/stage-aggregates.ts'
import type { BoardSource } from './board-source.ts'
import { focusStages } from './focus-stages.ts'
import { listOrders, rankStages } from './list-orders.ts'
import { medianDwell } from './median-dwell.ts'
import { recentDwell } from './recent-dwell.ts'

const dayMs = 24 * 3_600_000
/** Number of full hours that the heat map shows below "now". */
const heatHours = 6
const trendStepMs = 30 * 60_000
/** Number of days back from now over which lead times are computed. */
export const leadTimeDays = 7
/** Period from which a stage's usual dwell is computed. */
const medianHours = 24

/** The numbers of a board without the fields that only its publisher knows: version, position and bottleneck frame. */
export type BoardNumbers = Omit<Board, 'board' | 'epoch' | 'version' | 'position' | 'bottleneck'>

/** The view model of one process at `now`. All panels use the same counts, so that they reconcile. */
export function buildBoard(source: BoardSource, now: number, privacy: Privacy = openPrivacy): BoardNumbers {
  const { site, process, engine } = source
  const today = engine.days.startOf(now)
  const marks = engine.days.hoursUntil(now, heatHours)
  const ranked = rankStages(source, now)
  const lists = listOrders(source, ranked, now)
  const moved = lastMovedOn(source)
  const calendars = calendarsOf(source)
  return {
    asOf: now,
    privacy: openPrivacy,
    site: { code: site.code, name: site.name, timeZone: site.timeZone, sample: site.sample },
    process: { code: process.definition.code, name: process.definition.name, hasCalendar: calendars.length > 0 },
    offShift: calendars.length > 0 && !calendars.some((calendar) => calendar.isWorking(now)),
    kpis: buildKpis(source, now),
    trend: buildTrend(source, today, now),
    stageOrder: process.stages.map((stage) => stage.definition.code),
    stages: Object.fromEntries(
      process.stages.map((stage) => [stage.definition.code, buildColumn(source, stage, today, now)]),
    ),
    heatmap: {
      marks,
      cells: Object.fromEntries(
        process.stages.map((stage) => [stage.definition.code, marks.map((mark) => heatCell(source, stage, mark))]),
      ),
    },
    ...lists,
    focus: focusStages(source, ranked, { newestStage: lists.newestBreach?.row.stage, privacy }, now),
    ...(moved !== undefined && { lastMovedOn: moved }),
    sources: source.sources,
    ...(source.moreSources !== undefined && { moreSources: source.moreSources }),
  }
}

/** The last day on which an order arrived, moved or ended. */
function lastMovedOn({ process }: BoardSource): number | undefined {
  const counts = [process, ...process.stages].flatMap(({ arrivals, departures }) => [arrivals, departures])
  const days = counts.flatMap((counted) => counted.lastDay() ?? [])
  return days.length === 0 ? undefined : Math.max(...days)
}

/** Calendars of the stages that close at times. */
function calendarsOf({ engine, process }: BoardSource): WorkingCalendar[] {
  const { calendars } = engine.rules
  return process.stages
    .map(({ definition }) => calendars.calendarOf(definition.calendar, undefined))
    .filter((calendar) => !calendar.neverCloses)
}

/** The key figures of a process. Alert rules measure them too, so that an alert never contradicts the board. */
export function buildKpis({ process, engine }: Pick<BoardSource, 'process' | 'engine'>, now: number): Kpis {
  const { goals } = process.definition
  const today = engine.days.startOf(now)
  const yesterday = engine.days.startOfOffset(now, -1)
  const sum = (count: (stage: StageAggregates) => number) =>
    process.stages.reduce((total, stage) => total + count(stage), 0)
  const sameTime = Math.floor(engine.days.sameTimeOffset(now, -1) / bucketMs) * bucketMs
  const days = Array.from({ length: leadTimeDays + 1 }, (_, i) => engine.days.startOfOffset(now, -i))
  const { count: signedCount, medianMs } = process.completions.leadTime(days, now - leadTimeDays * dayMs)
  const { promised, onTime } = process.completions.of(today)
  const stallAfter = new Set(process.stages.map((stage) => stage.definition.stallAfterMs))
  const [afterMs] = stallAfter
  const judged = sum((stage) => stage.counts.limited)
  return {
    overdue: {
      count: sum((stage) => stage.counts.overdue),
      unclaimed: sum((stage) => stage.counts.unclaimed),
      judged,
      ...(process.arrivals.hasBefore(today) &&
        sameTime >= yesterday && { previousDay: sum((stage) => stage.overdueBuckets.valueAt(sameTime)) }),
      ceiling: overdueCeiling(process.definition, process.stages),
    },
    stalled: {
      count: sum((stage) => stage.counts.stalled),
      judged: sum((stage) => stage.counts.stallable),
      ...(stallAfter.size === 1 && afterMs !== undefined && { afterMs }),
    },
    atRisk: {
      count: sum((stage) => stage.counts.atRisk),
      judged,
      soon: sum((stage) => stage.counts.soon),
      soonWithinMs,
      ...(goals.soonCeiling !== undefined && { soonCeiling: goals.soonCeiling }),
    },
    onTime: {
      signed: promised,
      onTime,
      ...(goals.onTimeRatio !== undefined && { targetRatio: goals.onTimeRatio }),
    },
    open: {
      count: process.openCount,
      inToday: process.arrivals.of(today),
      outToday: process.departures.of(today),
    },
    leadTime: {
      count: signedCount,
      ...(medianMs !== undefined && { medianMs }),
      ...(goals.leadTimeMs !== undefined && { targetMs: goals.leadTimeMs }),
    },
  }
}

/** The configured goal, or else as many overdue orders as the tolerances of all stages allow; at least one. */
export function overdueCeiling({ goals }: ProcessDefinition, stages: readonly StageAggregates[]): number {
  if (goals.overdueCeiling !== undefined) return goals.overdueCeiling
  const tolerated = stages.reduce((sum, { definition, counts }) => sum + definition.toleranceRatio * counts.wip, 0)
  return Math.max(1, Math.floor(tolerated))
}

function buildTrend({ process, engine }: BoardSource, today: number, now: number): Board['trend'] {
  const overdueAt = (mark: number) => process.stages.reduce((sum, stage) => sum + stage.overdueBuckets.valueAt(mark), 0)
  const yesterday = engine.days.startOfOffset(now, -1)
  return {
    stepMs: trendStepMs,
    today: marksBetween(today, now + 1).map(overdueAt),
    previousDay: process.arrivals.hasBefore(today) ? marksBetween(yesterday, today).map(overdueAt) : [],
  }
}

function buildColumn(
  { engine, ...source }: BoardSource,
  stage: StageAggregates,
  today: number,
  now: number,
): StageColumn {
  const { definition, counts } = stage
  const recent = recentDwell(engine, stage, medianHours, now)
  const medianMs = medianDwell(recent, definition.targetMs)
  const lateSource = source.lateSourceOf(stage)
  return {
    name: definition.name,
    wip: counts.wip,
    overdue: counts.overdue,
    atRisk: counts.atRisk,
    stalled: counts.stalled,
    held: counts.held,
    ...(counts.limited < counts.wip && { withoutLimit: counts.wip - counts.limited }),
    ...(hasNoLimit(stage) && { unjudged: true }),
    medianCount: recent.ended.reduce((sum, { count }) => sum + count, 0),
    ...(medianMs !== undefined && { medianMs }),
    ...(definition.targetMs !== undefined && { targetMs: definition.targetMs }),
    toleranceRatio: definition.toleranceRatio,
    arrivalsToday: stage.arrivals.of(today),
    departuresToday: stage.departures.of(today),
    ...(lateSource !== undefined && { lateSource }),
  }
}

function heatCell(source: BoardSource, stage: StageAggregates, mark: number): HeatCell {
  if (source.isMissing(stage, mark)) return null
  return { wip: stage.wipBuckets.valueAt(mark), overdue: stage.overdueBuckets.valueAt(mark) }
}

/** The half hours from `from`, the start of a day, up to `to`, exclusive. */
function marksBetween(from: number, to: number): number[] {
  const marks: number[] = []
  for (let mark = Math.ceil(from / bucketMs) * bucketMs; mark < to; mark += trendStepMs) marks.push(mark)
  return marks
}

/** The longest period that a board covers: the lead time of seven days, today included. */
export const boardLookBackMs = 9 * 24 * 3_600_000
