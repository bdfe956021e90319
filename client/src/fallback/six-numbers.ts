import type { Kpis } from '@stagewatch/shared/contract/board.ts'
import { durationUnit, inUnit } from '../format/duration.ts'
import { cannotStall, isWithoutLimits } from '../format/missing-limits.ts'
import { formatCount, formatShare, formatTenths, missing, withPercentSign } from '../format/quantity.ts'
import type { Language } from '@stagewatch/shared/domain/locales.ts'
import { loadTexts, type TextFiles, type Texts } from '../locales/texts.ts'

/** With fewer orders signed today, a percentage is not meaningful. */
const minSigned = 5

/** Age in ms of the numbers on arrival. Undefined if they were current. Both instants are by the server's clock. */
export function staleDataAge(dataAsOf: number | undefined, serverNow: number): number | undefined {
  return dataAsOf === undefined ? undefined : Math.max(0, serverNow - dataAsOf)
}

/** Label and value of each KPI. A missing value is a dash with the reason. */
export function sixNumbers(kpis: Kpis, texts: FallbackTexts, language: Language): [string, string][] {
  const { onTime, leadTime } = kpis
  const count = (value: number) => formatCount(value, language)
  return [
    isWithoutLimits(kpis)
      ? [`${texts.overdue} · ${texts.noLimits}`, missing]
      : [texts.overdue, count(kpis.overdue.count)],
    [texts.stalled, cannotStall(kpis) ? missing : count(kpis.stalled.count)],
    [texts.atRisk, isWithoutLimits(kpis) ? missing : count(kpis.atRisk.count)],
    [
      texts.onTime,
      onTime.signed < minSigned
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

/** The few texts of this page, which has no i18n library to look them up. */
export async function loadFallbackTexts(language: Language, files: TextFiles): Promise<FallbackTexts> {
  const { kpi, freshness, fallback, unit } = await loadTexts(language, files)
  return { ...kpi, ...fallback, unit, none: freshness.none }
}
