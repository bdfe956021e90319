import { arrivedAt } from '@stagewatch/shared/domain/fold-state.ts'
import type { LiveEngine } from './live-engine.ts'

const yearMs = 366 * 86_400_000

/** Period for which a site's working time must be known, epoch ms, `to` exclusive. */
export interface CalendarSpan {
  readonly from: number
  readonly to: number
}

/** From one year ago, or from the arrival of the oldest order that is in a stage now, to two years ahead. */
export function calendarSpan(engine: LiveEngine, now: number): CalendarSpan {
  let from = now - yearMs
  for (const { state } of engine.open) from = Math.min(from, arrivedAt(state))
  return { from, to: now + 2 * yearMs }
}
