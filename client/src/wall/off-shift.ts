import type { Board } from '@stagewatch/shared/contract/board.ts'
import type { ScreenSettings } from '@stagewatch/shared/contract/screen.ts'
import type { Freshness } from '../api/freshness.ts'
import { isNewest } from './breaches.ts'

/**
 * Brightness of the wall. Outside working time the settings decide; even then, an order that turns overdue wakes the
 * wall for ten minutes, and so does a lost connection, because a shift may have started in the meantime.
 */
export function offShiftLook(
  { offShift, newestBreach }: Pick<Board, 'offShift' | 'newestBreach'>,
  setting: ScreenSettings['offShift'],
  freshness: Freshness,
  now: number,
): ScreenSettings['offShift'] {
  if (!offShift || freshness === 'lost') return 'on'
  return newestBreach !== undefined && isNewest(newestBreach, now) ? 'on' : setting
}
