import type { Kpis } from '@stagewatch/shared/contract/board.ts'
import { durationUnit, inUnit } from '../format/duration.ts'
import { formatCount, formatTenths, missing } from '../format/quantity.ts'
import type { Language } from '../text/language.ts'
import type { FallbackTexts } from './fallback-texts.ts'

/** With fewer orders signed today a percentage says nothing. */
const fewSigned = 5

/** Label and number of each. */
export function sixNumbers(kpis: Kpis, texts: FallbackTexts, language: Language): [string, string][] {
  const { onTime, leadTime } = kpis
  const count = (value: number) => formatCount(value, language)
  return [
    [texts.overdue, count(kpis.overdue.count)],
    [texts.stalled, count(kpis.stalled.count)],
    [texts.atRisk, count(kpis.atRisk.count)],
    [texts.onTime, onTime.signed < fewSigned ? missing : `${formatTenths((onTime.onTime / onTime.signed) * 100)}%`],
    [texts.open, count(kpis.open.count)],
    [texts.leadTime, leadTime.medianMs === undefined ? missing : duration(leadTime.medianMs)],
  ]

  function duration(ms: number): string {
    const unit = durationUnit(ms)
    return `${formatTenths(inUnit(ms, unit))} ${texts.unit[unit]}`
  }
}
