import type { Kpis } from '@stagewatch/shared/contract/board.ts'
import { durationUnit, inUnit, type DurationPart } from '../format/duration.ts'
import { formatShort, formatTenths, missing } from '../format/quantity.ts'

export interface KpiFigure {
  readonly value: string
  readonly unit?: '%' | DurationPart['unit']
  /** How far on the wrong side of its target, in the unit of the value; undefined: it is on the right side. */
  readonly miss?: { readonly direction: 'up' | 'down'; readonly text: string }
}

/** With fewer orders signed today a percentage says nothing. */
const fewSigned = 5

export function onTimeFigure({ signed, onTime, targetRatio }: Kpis['onTime']): KpiFigure {
  if (signed < fewSigned) return { value: missing }
  const percent = (onTime / signed) * 100
  const shortBy = targetRatio === undefined ? 0 : targetRatio * 100 - percent
  return { value: formatTenths(percent), unit: '%', ...missBy('down', shortBy) }
}

export function leadTimeFigure({ medianMs, targetMs }: Kpis['leadTime']): KpiFigure {
  if (medianMs === undefined) return { value: missing }
  const unit = durationUnit(medianMs)
  const value = inUnit(medianMs, unit)
  const over = targetMs === undefined ? 0 : value - inUnit(targetMs, unit)
  return { value: unit === 'm' ? formatShort(value) : formatTenths(value), unit, ...missBy('up', over) }
}

/** A difference that rounds to nothing is none. */
function missBy(direction: 'up' | 'down', difference: number): Pick<KpiFigure, 'miss'> {
  return difference < 0.05 ? {} : { miss: { direction, text: formatTenths(difference) } }
}
