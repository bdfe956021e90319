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

/** What every question of an analysis says. */
export type AnalysisChoice = Choice & { readonly stage?: string | undefined }

export interface AnalysisPeriod {
  /** Epoch ms, included. */
  readonly from: number
  /** Not included; undefined: up to now, and what the clocks of sources date after that. */
  readonly to: number | undefined
  /** Where it ends, or now. */
  readonly endsAt: number
}

/** @throws AppError `invalid_field` when the period is none, has not begun, or is too long. */
export function analysisPeriod({ days }: LiveEngine, { from, to }: Choice, now: number): AnalysisPeriod {
  const endsAt = Math.min(to ?? now, now)
  const period = { from: from ?? days.startOfOffset(endsAt - 1, 1 - defaultDays), to, endsAt }
  if (period.from >= endsAt) {
    throw new AppError('invalid_field', 'must be before "to" and not in the future', {
      field: 'from',
      reason: 'out_of_order',
    })
  }
  // A day that ends summer time is longer by an hour.
  if (endsAt - period.from > maxAnalysisDays * dayMs + 3_600_000) {
    throw new AppError('invalid_field', `the period must not be longer than ${maxAnalysisDays} days`, {
      field: 'from',
      reason: 'too_wide',
    })
  }
  return period
}

/** The period as the single column of a table. */
export function wholePeriod({ from, endsAt }: AnalysisPeriod): TimeColumns {
  return new TimeColumns('day', [from], [{ from, to: endsAt, column: 0 }])
}

/** The stages of the question, in the order of the processes. */
export function analysisStages(engine: LiveEngine, choice: AnalysisChoice): StageAggregates[] {
  const stages = chosenStages(engine, choice)
  return choice.stage === undefined ? stages : stages.filter(({ definition }) => definition.code === choice.stage)
}

/** The choice for scans of the visits that were left in the period. */
export function analysisFilter(engine: LiveEngine, choice: AnalysisChoice, { from, to }: AnalysisPeriod): VisitFilter {
  const filter = visitFilter(engine, { ...choice, from, to })
  if (choice.stage === undefined) return filter
  return { ...filter, stages: new Set(analysisStages(engine, choice).map(({ index }) => index)) }
}
