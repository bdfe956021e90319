import type { CountedMs } from '@stagewatch/shared/domain/kaplan-meier.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import { epochHour, hourMs } from '../engine/stage-hours.ts'
import type { StageAggregates } from '../engine/stage-aggregates.ts'
import type { RecentDwell } from './median-dwell.ts'

/**
 * The visits of a stage in the last hours, including the current one. The end of a visit is known only to the hour, so
 * its age at the start of the span is off by at most half an hour.
 */
export function recentDwell(engine: LiveEngine, stage: StageAggregates, hours: number, now: number): RecentDwell {
  const calendar = engine.rules.calendars.calendarOf(stage.definition.calendar, undefined)
  const last = epochHour(now)
  const from = (last - hours) * hourMs
  const ended: CountedMs[] = []
  const late = stage.openAges.at(from).filter(({ ms }) => ms > 0)
  for (let hour = last - hours; hour <= last; hour++) {
    const cell = engine.ended.hours.cell(stage.index, hour)
    if (cell === undefined) continue
    const withinMs = calendar.workingMs(from, Math.min(now, (hour + 0.5) * hourMs))
    for (const { ms, count } of cell.histogram.durations) {
      ended.push({ ms, count })
      const ageMs = Math.min(ms - 1, ms - withinMs)
      if (ageMs > 0) late.push({ ms: ageMs, count })
    }
  }
  return { ended: ended.toSorted(byMs), open: stage.openAges.at(now), late: late.toSorted(byMs) }
}

function byMs(a: CountedMs, b: CountedMs): number {
  return a.ms - b.ms
}
