import type { Board } from '@stagewatch/shared/contract/board.ts'
import type { ScreenSettings } from '@stagewatch/shared/contract/screen.ts'
import type { Freshness } from '../api/freshness.ts'
import { isNewest } from './is-newest.ts'

/**
 * How much of the wall is seen. Outside of working time as the settings say; an order that turns overdue even then
 * wakes the wall for ten minutes, and so does a lost connection, because nobody knows whether the shift has begun.
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
