import type { HeatmapQuery } from '@stagewatch/shared/contract/heatmap.ts'
import type { LocalDays } from '@stagewatch/shared/domain/local-days.ts'
import { AppError } from '../platform/app-error.ts'
import { timeColumns } from '../engine/time-columns.ts'
import type { TimeColumns } from '../engine/time-columns.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const defaultHours = 24
const defaultDays = 14
const maxSpans = 10_000

/**
 * The columns of a heat map. An open-ended period ends now; one without a start begins 24 hours or 14 days before its
 * end.
 * @throws AppError `invalid_field` if the period is invalid or too long.
 */
export function heatColumns(
  query: Pick<HeatmapQuery, 'columns' | 'from' | 'to'>,
  days: LocalDays,
  now: number,
): TimeColumns {
  const { columns: kind, to = now + 1 } = query
  const last = to - 1
  const defaultFrom =
    kind === 'hour' ? last - (defaultHours - 1) * hourMs : days.startOfOffset(last, -(defaultDays - 1))
  const from = query.from ?? defaultFrom
  if (from >= to) throw new AppError('invalid_field', 'must be before "to"', { field: 'from', reason: 'out_of_order' })
  const spanMs = kind === 'day' ? dayMs : hourMs
  if ((to - from) / spanMs > maxSpans) {
    const most = kind === 'day' ? 'days' : 'hours'
    throw new AppError('invalid_field', `the span must not be longer than ${maxSpans} ${most}`, {
      field: 'from',
      reason: 'too_wide',
    })
  }
  return timeColumns(kind, from, to, days)
}
