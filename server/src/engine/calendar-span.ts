import { arrivedAt } from '@stagewatch/shared/domain/arrived-at.ts'
import type { LiveEngine } from './live-engine.ts'

const yearMs = 366 * 86_400_000

/** Between which instants a site's working time is asked for, epoch ms, `to` not included. */
export interface CalendarSpan {
  readonly from: number
  readonly to: number
}

/** From a year ago, or from when the oldest order came that is in a stage now, up to two years ahead. */
export function calendarSpan(engine: LiveEngine, now: number): CalendarSpan {
  let from = now - yearMs
  for (const { state } of engine.open) from = Math.min(from, arrivedAt(state))
  return { from, to: now + 2 * yearMs }
}
