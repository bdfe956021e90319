import type { BottleneckStage } from '@stagewatch/shared/domain/bottleneck.ts'
import { epochHour, hourMs } from '../engine/stage-hours.ts'
import type { StageAggregates } from '../engine/stage-aggregates.ts'
import type { BoardSource } from './board-source.ts'

type FlowSource = Pick<BoardSource, 'engine' | 'process'>

const recentHours = 24

/** The figures of every stage from which the bottleneck is chosen. */
export function bottleneckStages(source: FlowSource, now: number): BottleneckStage[] {
  return source.process.stages.map((stage) => ({
    stage: stage.definition.code,
    wipCount: stage.counts.wip,
    overdueCount: stage.counts.overdue,
    toleranceRatio: stage.definition.toleranceRatio,
    ...recentFlow(source, stage, now),
  }))
}

/** Figures of the last 24 hours, starting at a full hour. Cancelled visits count in neither. */
function recentFlow({ engine }: FlowSource, stage: StageAggregates, now: number) {
  const last = epochHour(now)
  const first = last - recentHours
  const recentNet = stage.counts.wip - stage.wipBuckets.valueAt(first * hourMs)
  let departures = 0
  for (let hour = first; hour <= last; hour++) departures += engine.ended.hours.cell(stage.index, hour)?.count ?? 0
  return { recentNet, recentArrivals: Math.max(0, recentNet + departures) }
}
