import type { OverviewAnswer, OverviewDay } from '@stagewatch/shared/contract/overview.ts'
import type { StageState } from '@stagewatch/shared/domain/stage-state.ts'
import type { Language } from '@stagewatch/shared/domain/locales.ts'
import { durationUnit, inUnit, type DurationPart } from '../../format/duration.ts'
import { formatCount, formatShare, formatShort, formatTenths, missing } from '../../format/quantity.ts'

/** A count over what is tolerated takes the colour of its state; any other stays grey. */
export interface KpiTone {
  readonly state: StageState
  readonly isQuiet: boolean
}

export interface KpiFigure {
  readonly value: string
  readonly unit?: '%' | DurationPart['unit']
  /** How far on the wrong side of its goal, in the unit of the value; undefined: it is on the right side. */
  readonly miss?: string
}

/** With fewer signed orders a percentage says nothing. */
const fewSigned = 5

export function overdueTone({ count, ceiling }: OverviewAnswer['overdue']): KpiTone {
  return { state: 'overdue', isQuiet: ceiling === undefined || count <= ceiling }
}

export function stalledTone({ count }: OverviewAnswer['stalled']): KpiTone {
  return { state: 'stalled', isQuiet: count === 0 }
}

/** @param soonCeiling more than this that reach their limit soon are too many; undefined: nobody has said. */
export function atRiskTone({ soon }: OverviewAnswer['atRisk'], soonCeiling: number | undefined): KpiTone {
  return { state: 'atRisk', isQuiet: soonCeiling === undefined || soon <= soonCeiling }
}

/** A zero while orders are open, of which none is held against a limit, says nothing. */
export function saysNothing(judged: number, open: number): boolean {
  return judged === 0 && open > 0
}

export function judgedCount(count: number, judged: number, open: number, language: Language): string {
  return saysNothing(judged, open) ? missing : formatCount(count, language)
}

export function onTimeFigure(
  { promised, onTime, onTimeGoal }: Pick<OverviewAnswer['signed'], 'promised' | 'onTime' | 'onTimeGoal'>,
  language: Language,
): KpiFigure {
  if (promised < fewSigned) return { value: missing }
  const value = formatShare(onTime, promised, language, 1)
  const shortBy = onTimeGoal === undefined ? 0 : (onTimeGoal - onTime / promised) * 100
  return { value, unit: '%', ...missBy(shortBy, language) }
}

export function leadTimeFigure(
  { leadTimeP50Ms, leadTimeGoalMs }: Pick<OverviewAnswer['signed'], 'leadTimeP50Ms' | 'leadTimeGoalMs'>,
  language: Language,
): KpiFigure {
  if (leadTimeP50Ms === undefined) return { value: missing }
  const unit = durationUnit(leadTimeP50Ms)
  const value = inUnit(leadTimeP50Ms, unit)
  const over = leadTimeGoalMs === undefined ? 0 : value - inUnit(leadTimeGoalMs, unit)
  return { value: formatLead(value, unit, language), unit, ...missBy(over, language) }
}

/** Minutes, and hundreds of anything, need no decimal. */
function formatLead(value: number, unit: DurationPart['unit'], language: Language): string {
  return unit === 'm' || value >= 100 ? formatShort(value, language) : formatTenths(value, language)
}

/** A difference that rounds to nothing is none. */
function missBy(difference: number, language: Language): Pick<KpiFigure, 'miss'> {
  if (difference < 0.05) return {}
  return { miss: difference < 100 ? formatTenths(difference, language) : formatShort(difference, language) }
}

/** The last 14 days of a figure; undefined where a day has none. */
export interface KpiHistories {
  readonly overdue: readonly (number | undefined)[]
  readonly stalled: readonly (number | undefined)[]
  readonly atRisk: readonly (number | undefined)[]
  readonly onTime: readonly (number | undefined)[]
  readonly open: readonly (number | undefined)[]
  readonly leadTime: readonly (number | undefined)[]
}

const historyDays = 14

export function kpiHistories({
  days,
  overdue,
  stalled,
  open,
}: Pick<OverviewAnswer, 'days' | 'overdue' | 'stalled' | 'open'>): KpiHistories {
  const last = days.slice(-historyDays)
  const judgedBy = (judged: number, count: (day: OverviewDay) => number | undefined) =>
    saysNothing(judged, open.count) ? [] : last.map(count)
  return {
    overdue: judgedBy(overdue.judged, (day) => day.overdue),
    stalled: judgedBy(stalled.judged, (day) => day.stalled),
    atRisk: judgedBy(overdue.judged, (day) => day.atRisk),
    onTime: last.map(({ onTime, promised }) => (promised === 0 ? undefined : onTime / promised)),
    open: last.map((day) => day.open),
    leadTime: last.map(({ leadTimeP50Ms }) => leadTimeP50Ms),
  }
}
