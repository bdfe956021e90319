import type { Language } from '@stagewatch/shared/domain/locales.ts'
import { durationUnit, inUnit, type DurationPart } from './duration.ts'
import { formatShort, missing } from './quantity.ts'

const halfHourMs = 30 * 60_000

/** Median and limit as one text. `lead` is the median if it has a unit of its own; it precedes `value`. */
export interface LimitPair extends DurationPart {
  readonly lead?: DurationPart
}

/** From this many units on, a figure is wider than its column. */
const minLongValue = 1000

/**
 * Median and limit of a stage, with one unit for both, as in `5.2/6h`, or with two if the median would be a long figure
 * or round to zero: `5,666d/9m`, `2m/72h`. Limits from half an hour on are shown in hours. Without a limit, only the
 * median is shown; without a median, a dash replaces it. Undefined if both are missing.
 */
export function limitPair(
  medianMs: number | undefined,
  targetMs: number | undefined,
  language: Language,
): LimitPair | undefined {
  const scaleMs = targetMs ?? medianMs
  if (scaleMs === undefined) return undefined
  const unit = pairUnit(scaleMs)
  const median = medianMs === undefined ? missing : formatShort(inUnit(medianMs, unit), language)
  if (targetMs === undefined) return { value: median, unit }
  const target = formatShort(inUnit(targetMs, unit), language)
  const ownUnit = medianMs === undefined ? unit : durationUnit(medianMs)
  const isOdd =
    medianMs !== undefined &&
    (inUnit(medianMs, unit) >= minLongValue || (medianMs > 0 && Math.round(inUnit(medianMs, unit) * 10) === 0))
  if (!isOdd || ownUnit === unit) return { value: `${median}/${target}`, unit }
  return { lead: { value: formatShort(inUnit(medianMs, ownUnit), language), unit: ownUnit }, value: `/${target}`, unit }
}

function pairUnit(scaleMs: number): DurationPart['unit'] {
  const unit = durationUnit(scaleMs)
  return unit === 'm' && scaleMs >= halfHourMs ? 'h' : unit
}
