import type { Kpis } from '@stagewatch/shared/contract/board.ts'
import type { Language } from '@stagewatch/shared/domain/locales.ts'
import { minJudgedOnTime } from '@stagewatch/shared/domain/process-definition.ts'
import { durationUnit, inUnit, type DurationPart } from '../format/duration.ts'
import { formatShare, formatShort, formatTenths, missing } from '../format/quantity.ts'

export interface KpiFigure {
  readonly value: string
  readonly unit?: '%' | DurationPart['unit']
  /** Distance from the target on the wrong side, in the unit of the value. Undefined if the target is met. */
  readonly miss?: { readonly direction: 'up' | 'down'; readonly text: string }
}

export function onTimeFigure({ signed, onTime, targetRatio }: Kpis['onTime'], language: Language): KpiFigure {
  if (signed < minJudgedOnTime) return { value: missing }
  const percent = (onTime / signed) * 100
  const shortBy = targetRatio === undefined ? 0 : targetRatio * 100 - percent
  return { value: formatShare(onTime, signed, language, 1), unit: '%', ...missBy('down', shortBy, language) }
}

export function leadTimeFigure({ medianMs, targetMs }: Kpis['leadTime'], language: Language): KpiFigure {
  if (medianMs === undefined) return { value: missing }
  const unit = durationUnit(medianMs)
  const value = inUnit(medianMs, unit)
  const over = targetMs === undefined ? 0 : value - inUnit(targetMs, unit)
  return { value: formatLead(value, unit, language), unit, ...missBy('up', over, language) }
}

/** Minutes and values of three digits are shown without decimals. */
function formatLead(value: number, unit: DurationPart['unit'], language: Language): string {
  return unit === 'm' || value >= 100 ? formatShort(value, language) : formatTenths(value, language)
}

/** A difference that rounds to zero is omitted. */
function missBy(direction: 'up' | 'down', difference: number, language: Language): Pick<KpiFigure, 'miss'> {
  return difference < 0.05
    ? {}
    : {
        miss: {
          direction,
          text: difference < 100 ? formatTenths(difference, language) : formatShort(difference, language),
        },
      }
}
