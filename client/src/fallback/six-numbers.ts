import type { Kpis } from '@stagewatch/shared/contract/board.ts'
import { durationUnit, inUnit } from '../format/duration.ts'
import { isNeverStalled, isUnjudged } from '../format/judged.ts'
import { formatCount, formatShare, formatTenths, missing, withPercentSign } from '../format/quantity.ts'
import type { Language } from '@stagewatch/shared/domain/locales.ts'
import { loadTexts, type TextFiles, type Texts } from '../locales/texts.ts'

/** With fewer orders signed today a percentage says nothing. */
const fewSigned = 5

/** How old numbers were when they came, ms; undefined: they were current. Both instants by the server's clock. */
export function cutOffAge(dataAsOf: number | undefined, serverNow: number): number | undefined {
  return dataAsOf === undefined ? undefined : Math.max(0, serverNow - dataAsOf)
}

/** Label and number of each; a dash, and the reason, where there is none. */
export function sixNumbers(kpis: Kpis, texts: FallbackTexts, language: Language): [string, string][] {
  const { onTime, leadTime } = kpis
  const count = (value: number) => formatCount(value, language)
  return [
    isUnjudged(kpis) ? [`${texts.overdue} · ${texts.noLimits}`, missing] : [texts.overdue, count(kpis.overdue.count)],
    [texts.stalled, isNeverStalled(kpis) ? missing : count(kpis.stalled.count)],
    [texts.atRisk, isUnjudged(kpis) ? missing : count(kpis.atRisk.count)],
    [
      texts.onTime,
      onTime.signed < fewSigned
        ? missing
        : withPercentSign(formatShare(onTime.onTime, onTime.signed, language, 1), language),
    ],
    [texts.open, count(kpis.open.count)],
    [texts.leadTime, leadTime.medianMs === undefined ? missing : duration(leadTime.medianMs)],
  ]

  function duration(ms: number): string {
    const unit = durationUnit(ms)
    return `${formatTenths(inUnit(ms, unit), language)} ${texts.unit[unit]}`
  }
}

export type FallbackTexts = Texts['kpi'] & Texts['fallback'] & { readonly unit: Texts['unit']; readonly none: string }

/** The few texts of the page, which has no library that could look them up. */
export async function loadFallbackTexts(language: Language, files: TextFiles): Promise<FallbackTexts> {
  const { kpi, freshness, fallback, unit } = await loadTexts(language, files)
  return { ...kpi, ...fallback, unit, none: freshness.none }
}
