import type { OverviewAnswer, OverviewDay } from '@stagewatch/shared/contract/overview.ts'
import { minJudgedOnTime } from '@stagewatch/shared/domain/process-definition.ts'
import type { StageState } from '@stagewatch/shared/domain/stage-state.ts'
import type { Language } from '@stagewatch/shared/domain/locales.ts'
import { durationUnit, inUnit, type DurationPart } from '../../format/duration.ts'
import { formatCount, formatShare, formatShort, formatTenths, missing } from '../../format/quantity.ts'

/** A count above its tolerance is shown in the colour of its state; all others stay grey. */
export interface KpiTone {
  readonly state: StageState
  readonly isQuiet: boolean
}

export interface KpiFigure {
  readonly value: string
  readonly unit?: '%' | DurationPart['unit']
  /** Distance on the wrong side of the goal, in the unit of the value. Undefined: the goal is met. */
  readonly miss?: string
}

export function overdueTone({ count, ceiling }: OverviewAnswer['overdue']): KpiTone {
  return { state: 'overdue', isQuiet: ceiling === undefined || count <= ceiling }
}

export function stalledTone({ count }: OverviewAnswer['stalled']): KpiTone {
  return { state: 'stalled', isQuiet: count === 0 }
}

/** @param soonCeiling maximum number of orders that reach their limit soon. Undefined: not configured. */
export function atRiskTone({ soon }: OverviewAnswer['atRisk'], soonCeiling: number | undefined): KpiTone {
  return { state: 'atRisk', isQuiet: soonCeiling === undefined || soon <= soonCeiling }
}

/** A zero is not meaningful while orders are open and none of them has a limit. */
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
  if (promised < minJudgedOnTime) return { value: missing }
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

/** Minutes and values of 100 or more need no decimals. */
function formatLead(value: number, unit: DurationPart['unit'], language: Language): string {
  return unit === 'm' || value >= 100 ? formatShort(value, language) : formatTenths(value, language)
}

/** Ignores a difference that rounds to zero. */
function missBy(difference: number, language: Language): Pick<KpiFigure, 'miss'> {
  if (difference < 0.05) return {}
  return { miss: difference < 100 ? formatTenths(difference, language) : formatShort(difference, language) }
}

/** Values of a figure for the last 14 days; undefined for days without one. */
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
