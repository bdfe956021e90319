import type { Board, HeatCell, Kpis, StageColumn } from '@stagewatch/shared/contract/board.ts'
import { openPrivacy } from '@stagewatch/shared/domain/access/privacy.ts'
import { alwaysOpen } from '@stagewatch/shared/domain/time/always-open.ts'
import type { WorkingCalendar } from '@stagewatch/shared/domain/time/working-calendar.ts'
import { soonWithinMs } from '@stagewatch/shared/domain/visit-status.ts'
import { markStepMs } from '../engine/mark-series.ts'
import type { StageLedger } from '../engine/stage-ledger.ts'
import type { BoardSource } from './board-source.ts'
import { listOrders } from './list-orders.ts'
import { medianDwell } from './median-dwell.ts'
import { recentDwell } from './recent-dwell.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** Full hours that the heat map shows below "now". */
const heatHours = 6
const leadTimeDays = 7
/** What a stage's usual dwell is taken from. */
const medianHours = 24

/** The numbers of a board without what only its publisher knows: version, position, and the framed stage. */
export type BoardNumbers = Omit<Board, 'board' | 'epoch' | 'version' | 'position' | 'bottleneck'>

/** The view model of one process at `now`. All panels are made from the same counts, so that they reconcile. */
export function buildBoard(source: BoardSource, now: number): BoardNumbers {
  const { site, process, engine } = source
  const today = engine.days.startOf(now)
  const marks = lastFullHours(now)
  const lists = listOrders(source, now)
  const calendars = calendarsOf(source)
  return {
    asOf: now,
    privacy: openPrivacy,
    site: { code: site.code, name: site.name, timeZone: site.timeZone, sample: site.sample },
    process: { code: process.definition.code, name: process.definition.name, hasCalendar: calendars.length > 0 },
    offShift: calendars.length > 0 && !calendars.some((calendar) => calendar.isWorking(now)),
    kpis: buildKpis(source, today, now),
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
    sources: source.sources,
  }
}

/** Of the stages that rest at times. */
function calendarsOf({ engine, process }: BoardSource): WorkingCalendar[] {
  const { calendars } = engine.rules
  return process.stages
    .map(({ definition }) => calendars.calendarOf(definition.calendar, undefined))
    .filter((calendar) => calendar !== alwaysOpen)
}

function buildKpis(source: BoardSource, today: number, now: number): Kpis {
  const { process, engine } = source
  const { goals } = process.definition
  const yesterday = engine.days.startOfOffset(now, -1)
  const sum = (count: (stage: StageLedger) => number) =>
    process.stages.reduce((total, stage) => total + count(stage), 0)
  const sameTime = Math.floor(engine.days.sameTimeOffset(now, -1) / markStepMs) * markStepMs
  const days = Array.from({ length: leadTimeDays + 1 }, (_, i) => engine.days.startOfOffset(now, -i))
  const leadTimes = process.completions.leadTimes(days, now - leadTimeDays * dayMs)
  const medianMs = leadTimes[Math.ceil(leadTimes.length / 2) - 1]
  const stallAfter = new Set(process.stages.map((stage) => stage.definition.stallAfterMs))
  const [afterMs] = stallAfter
  return {
    overdue: {
      count: sum((stage) => stage.counts.overdue),
      unclaimed: sum((stage) => stage.counts.unclaimed),
      ...(process.arrivals.hasBefore(today) &&
        sameTime >= yesterday && { previousDay: sum((stage) => stage.overdueMarks.valueAt(sameTime)) }),
      ceiling: goals.overdueCeiling ?? usualCeiling(process.stages),
    },
    stalled: {
      count: sum((stage) => stage.counts.stalled),
      ...(stallAfter.size === 1 && afterMs !== undefined && { afterMs }),
    },
    atRisk: {
      count: sum((stage) => stage.counts.atRisk),
      soon: sum((stage) => stage.counts.soon),
      soonWithinMs,
      ...(goals.soonCeiling !== undefined && { soonCeiling: goals.soonCeiling }),
    },
    onTime: {
      ...process.completions.punctuality(today),
      ...(goals.onTimeRatio !== undefined && { targetRatio: goals.onTimeRatio }),
    },
    open: {
      count: process.openCount,
      inToday: process.arrivals.of(today),
      outToday: process.departures.of(today),
    },
    leadTime: {
      count: leadTimes.length,
      ...(medianMs !== undefined && { medianMs }),
      ...(goals.leadTimeMs !== undefined && { targetMs: goals.leadTimeMs }),
    },
  }
}

/** As many overdue orders as the tolerances of the stages allow together; a single one is never too many. */
function usualCeiling(stages: readonly StageLedger[]): number {
  const tolerated = stages.reduce((sum, { definition, counts }) => sum + definition.toleranceRatio * counts.wip, 0)
  return Math.max(1, Math.floor(tolerated))
}

function buildTrend({ process, engine }: BoardSource, today: number, now: number): Board['trend'] {
  const overdueAt = (mark: number) => process.stages.reduce((sum, stage) => sum + stage.overdueMarks.valueAt(mark), 0)
  const yesterday = engine.days.startOfOffset(now, -1)
  return {
    stepMs: markStepMs,
    today: marksBetween(today, now + 1).map(overdueAt),
    previousDay: process.arrivals.hasBefore(today) ? marksBetween(yesterday, today).map(overdueAt) : [],
  }
}

function buildColumn({ engine, ...source }: BoardSource, stage: StageLedger, today: number, now: number): StageColumn {
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
    medianCount: recent.ended.reduce((sum, { count }) => sum + count, 0),
    ...(medianMs !== undefined && { medianMs }),
    ...(definition.targetMs !== undefined && { targetMs: definition.targetMs }),
    toleranceRatio: definition.toleranceRatio,
    arrivalsToday: stage.arrivals.of(today),
    departuresToday: stage.departures.of(today),
    ...(lateSource !== undefined && { lateSource }),
  }
}

function heatCell(source: BoardSource, stage: StageLedger, mark: number): HeatCell {
  if (source.isMissing(stage, mark)) return null
  return { wip: stage.wipMarks.valueAt(mark), overdue: stage.overdueMarks.valueAt(mark) }
}

/** The turns of the last full hours, newest first. */
function lastFullHours(now: number): number[] {
  const newest = Math.floor(now / hourMs) * hourMs
  return Array.from({ length: heatHours }, (_, i) => newest - i * hourMs)
}

/** The half hours from `from` up to, not including, `to`. */
function marksBetween(from: number, to: number): number[] {
  const marks: number[] = []
  for (let mark = Math.ceil(from / markStepMs) * markStepMs; mark < to; mark += markStepMs) marks.push(mark)
  return marks
}
