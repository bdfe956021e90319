import { sourceHistoryHours } from '@stagewatch/shared/contract/sources.ts'
import type { SourceView } from '@stagewatch/shared/contract/sources.ts'
import { versionOf } from '../../platform/edit-version.ts'
import { isLate } from './source-registry.ts'
import type { RegisteredSource } from './source-registry.ts'
import { lagClassesMs } from './source-tallies.ts'
import type { SourceHour } from './source-tallies.ts'

const hourMs = 3_600_000

/** Start of the first hour of the history shown at `now`. */
export function historyBegin(now: number): number {
  return hourOf(now) - (sourceHistoryHours - 1) * hourMs
}

/**
 * Builds the view of a source.
 * @param hours hours of the source since `historyBegin`, oldest first.
 */
export function describeSource(source: RegisteredSource, hours: readonly SourceHour[], now: number): SourceView {
  const { intervalMs, lastReceivedAt } = source
  const hourly = Array.from({ length: sourceHistoryHours }, () => 0)
  for (const hour of hours) {
    const index = (hour.hourAt - historyBegin(now)) / hourMs
    if (index >= 0 && index < hourly.length) hourly[index] = allOf(hour)
  }
  const activeHours = hourly.filter((events) => events > 0).length
  const events = hourly.reduce((sum, ofHour) => sum + ofHour, 0)
  const lag = lagOf(hours)
  const longestSilence = longestSilenceIn(hourly, now)
  return {
    source: source.source,
    name: source.name,
    version: descriptionVersion(source),
    late: lastReceivedAt !== undefined && isLate(lastReceivedAt, intervalMs, now),
    stages: [...source.stages],
    lastDay: sumOf(hours.filter(({ hourAt }) => hourAt > now - 24 * hourMs)),
    lastWeek: sumOf(hours),
    hourly,
    ...(intervalMs !== undefined && { intervalMs }),
    ...(lastReceivedAt !== undefined && { lastReceivedAt }),
    ...(events > 0 && { meanIntervalMs: Math.round((activeHours * hourMs) / events) }),
    ...(lag !== undefined && { lag }),
    ...(longestSilence !== undefined && { longestSilence }),
  }
}

/** Edit version of the fields that users may change. */
export function descriptionVersion({ name, intervalMs }: Pick<RegisteredSource, 'name' | 'intervalMs'>): string {
  return versionOf({ name, intervalMs })
}

function hourOf(at: number): number {
  return at - (at % hourMs)
}

function allOf({ accepted, duplicate, rejected }: SourceHour): number {
  return accepted + duplicate + rejected
}

function sumOf(hours: readonly SourceHour[]): SourceView['lastDay'] {
  const sum = { accepted: 0, duplicate: 0, rejected: 0 }
  for (const { accepted, duplicate, rejected } of hours) {
    sum.accepted += accepted
    sum.duplicate += duplicate
    sum.rejected += rejected
  }
  return sum
}

function lagOf(hours: readonly SourceHour[]): SourceView['lag'] {
  const counts = [...lagClassesMs, Infinity].map((_, index) =>
    hours.reduce((sum, { lags }) => sum + (lags[index] ?? 0), 0),
  )
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total === 0) return undefined
  const within = (share: number): number | null => {
    let reached = 0
    const found = counts.findIndex((count) => (reached += count) >= share * total)
    return lagClassesMs[found] ?? null
  }
  return { halfWithinMs: within(0.5), mostWithinMs: within(0.95) }
}

/** Searched from the first hour with events on; undefined if every hour since then has events. */
function longestSilenceIn(hourly: readonly number[], now: number): SourceView['longestSilence'] {
  const begin = historyBegin(now)
  let longest: SourceView['longestSilence']
  let silentFrom: number | undefined
  for (const [index, events] of [...hourly, 1].entries()) {
    if (events === 0) continue
    const to = Math.min(now, begin + index * hourMs)
    if (silentFrom !== undefined && to - silentFrom > (longest === undefined ? 0 : longest.to - longest.from)) {
      longest = { from: silentFrom, to }
    }
    silentFrom = begin + (index + 1) * hourMs
  }
  return longest
}
