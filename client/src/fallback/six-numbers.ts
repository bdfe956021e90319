import type { Kpis } from '@stagewatch/shared/contract/board.ts'
import { durationUnit, inUnit } from '../format/duration.ts'
import { cannotStall, isWithoutLimits } from '../format/missing-limits.ts'
import { formatCount, formatShare, formatTenths, missing, withPercentSign } from '../format/quantity.ts'
import type { Language } from '@stagewatch/shared/domain/locales.ts'
import { oldData, replayCommand } from '@stagewatch/shared/domain/old-data.ts'
import { loadTexts, type TextFiles, type Texts } from '../locales/texts.ts'

/** With fewer orders signed today, a percentage is not meaningful. */
const minSigned = 5

/** Longer than two refreshes take: without an answer for so long, the numbers are not to be relied on. */
const lostAfterMs = 25_000

/** What the page knows about the age of its numbers. */
export interface NumbersAge {
  /** Time since they arrived. Undefined: none have arrived yet. */
  readonly receivedMs: number | undefined
  /** Age on arrival if the server could not read its database then. Undefined: it could. */
  readonly staleMs: number | undefined
  /** The server has refused the last request because its database is away. */
  readonly isAway: boolean
}

/** The age below the numbers, and whether they may no longer be relied on. */
export function shownAge({ receivedMs, staleMs, isAway }: NumbersAge, texts: FallbackTexts) {
  const isCutOff = isAway || staleMs !== undefined
  if (receivedMs === undefined) return { text: isCutOff ? texts.databaseUnreachable : texts.none, isStale: isCutOff }
  const seconds = String(Math.floor((receivedMs + (staleMs ?? 0)) / 1_000))
  const isLost = receivedMs > lostAfterMs
  const text = isCutOff ? texts.cutOff : isLost ? texts.lost : texts.age
  return { text: text.replace('{{seconds}}', seconds), isStale: isCutOff || isLost }
}

/** Names the age of data that ends long ago, and the way to replay it. Undefined: the data is current. */
export function oldDataText(
  lastMovedOn: number | undefined,
  now: number,
  texts: FallbackTexts,
  language: Language,
): string | undefined {
  const old = oldData({ lastMovedOn }, now)
  return old && `${texts.old.replace('{{days}}', formatCount(old.days, language))} ${replayCommand}`
}

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

export type FallbackTexts = Texts['kpi'] &
  Texts['fallback'] & {
    readonly unit: Texts['unit']
    readonly none: string
    readonly databaseUnreachable: string
  }

/** The few texts of this page, which has no i18n library to look them up. */
export async function loadFallbackTexts(language: Language, files: TextFiles): Promise<FallbackTexts> {
  const { kpi, freshness, fallback, unit, cut } = await loadTexts(language, files)
  return { ...kpi, ...fallback, unit, none: freshness.none, databaseUnreachable: cut.databaseUnreachable }
}
