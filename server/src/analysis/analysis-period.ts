import { maxAnalysisDays } from '@stagewatch/shared/contract/analysis.ts'
import type { Choice } from '@stagewatch/shared/contract/choice.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import type { StageAggregates } from '../engine/stage-aggregates.ts'
import { TimeColumns } from '../engine/time-columns.ts'
import type { VisitFilter } from '../engine/visit-filter.ts'
import { AppError } from '../platform/app-error.ts'
import { chosenStages, visitFilter } from '../query/visit-choice.ts'

const dayMs = 86_400_000
const defaultDays = 14

/** Parameters that all analysis queries share. */
export type AnalysisChoice = Choice & { readonly stage?: string | undefined }

export interface AnalysisPeriod {
  /** Epoch ms, inclusive. */
  readonly from: number
  /** Exclusive. Undefined: up to now, including events that source clocks date later. */
  readonly to: number | undefined
  /** End of the period, or now if that is earlier. */
  readonly endsAt: number
}

/** @throws AppError `invalid_field` if the period is invalid, has not started yet, or is too long. */
export function analysisPeriod({ days }: LiveEngine, { from, to }: Choice, now: number): AnalysisPeriod {
  const endsAt = Math.min(to ?? now, now)
  const period = { from: from ?? days.startOfOffset(endsAt - 1, 1 - defaultDays), to, endsAt }
  if (period.from >= endsAt) {
    throw new AppError('invalid_field', 'must be before "to" and not in the future', {
      field: 'from',
      reason: 'out_of_order',
    })
  }
  // A day on which summer time ends is an hour longer.
  if (endsAt - period.from > maxAnalysisDays * dayMs + 3_600_000) {
    throw new AppError('invalid_field', `the period must not be longer than ${maxAnalysisDays} days`, {
      field: 'from',
      reason: 'too_wide',
    })
  }
  return period
}

/** The whole period as the only column of a table. */
export function wholePeriod({ from, endsAt }: AnalysisPeriod): TimeColumns {
  return new TimeColumns('day', [from], [{ from, to: endsAt, column: 0 }])
}

/** The stages selected by the query, in process order. */
export function analysisStages(engine: LiveEngine, choice: AnalysisChoice): StageAggregates[] {
  const stages = chosenStages(engine, choice)
  return choice.stage === undefined ? stages : stages.filter(({ definition }) => definition.code === choice.stage)
}

/** The filter for scans of the visits that ended in the period. */
export function analysisFilter(engine: LiveEngine, choice: AnalysisChoice, { from, to }: AnalysisPeriod): VisitFilter {
  const filter = visitFilter(engine, { ...choice, from, to })
  if (choice.stage === undefined) return filter
  return { ...filter, stages: new Set(analysisStages(engine, choice).map(({ index }) => index)) }
}
