import { durationUnit, inUnit, type DurationPart } from './duration.ts'
import { formatShort, missing } from './quantity.ts'

const halfHourMs = 30 * 60_000

/**
 * Median and limit of a stage with one unit for both, as in `5.2/6h`. Limits from half an hour on are told in hours.
 * Without a limit the median stands alone, without a median a dash stands for it; undefined: there is neither.
 */
export function limitPair(medianMs: number | undefined, targetMs: number | undefined): DurationPart | undefined {
  const scaleMs = targetMs ?? medianMs
  if (scaleMs === undefined) return undefined
  const unit = pairUnit(scaleMs)
  const median = medianMs === undefined ? missing : formatShort(inUnit(medianMs, unit))
  return { value: targetMs === undefined ? median : `${median}/${formatShort(inUnit(targetMs, unit))}`, unit }
}

function pairUnit(scaleMs: number): DurationPart['unit'] {
  const unit = durationUnit(scaleMs)
  return unit === 'm' && scaleMs >= halfHourMs ? 'h' : unit
}
