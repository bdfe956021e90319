import type { Database } from '@stagewatch/db/database.ts'
import type { MeasureBackTest } from '@stagewatch/shared/contract/alert-rules.ts'
import type { AlertScope, MeasureCondition } from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import { recordedEvents } from '../analysis/recorded-events.ts'
import { ScanWatch } from '../engine/scans/scan-watch.ts'
import { inSlices } from '../platform/in-slices.ts'
import { sourcesIn } from './measure-values.ts'
import type { MeasuredSite } from './measure-values.ts'
import { measureEveryMs } from './measure-watch.ts'
import { LookTimes } from './past-measures/look-times.ts'
import { SilenceHistory } from './past-measures/past-sources.ts'
import { raisePastAlerts } from './past-measures/raise-past-alerts.ts'
import type { MeasureHistory, PastAlert } from './past-measures/raise-past-alerts.ts'
import { readPastOrders } from './past-measures/read-past-orders.ts'
import { WarningTally } from './warning-tally.ts'

const dayMs = 24 * 3_600_000

export interface MeasureBackTestOptions {
  readonly database: Database
  readonly site: MeasuredSite & { readonly code: string }
  /** Epoch ms. */
  readonly now: number
  /** Aborted when the client has disconnected. */
  readonly signal: AbortSignal
  /** Time between two looks at the measures. */
  readonly everyMs?: number
}

/**
 * The alerts that a rule about a measure would have raised if it had been switched on at the start of the last days,
 * computed from the present data: the times are those of the events, by the present rules and calendars. Stages and
 * processes are read from memory, sources from the log.
 */
export async function backTestMeasure(
  { condition, scope }: { readonly condition: MeasureCondition; readonly scope: AlertScope },
  days: number,
  { database, site, now, signal, everyMs = measureEveryMs }: MeasureBackTestOptions,
): Promise<MeasureBackTest> {
  const watch = new ScanWatch()
  const cancel = (): void => watch.cancel()
  signal.addEventListener('abort', cancel)
  if (signal.aborted) cancel()
  try {
    const { engine } = site
    const looks = new LookTimes(now - days * dayMs, now, everyMs)
    const { measure } = condition
    const { histories, knownFrom } =
      measure === 'silenceRatio'
        ? await readSources({ condition, scope }, { database, site, looks, now, watch })
        : {
            histories: await inSlices(watch.whileWanted(readPastOrders({ measure, scope }, { engine, looks, now }))),
            knownFrom: undefined,
          }
    const tally = new WarningTally<PastAlert>(engine.days)
    for (const history of histories)
      await inSlices(watch.whileWanted(raisePastAlerts(condition, history, (alert) => tally.add(alert))))
    const firstLook = Math.min(...histories.map((history) => history.firstLook))
    const from = knownFrom ?? (firstLook === Infinity ? looks.since : looks.at(firstLook))
    return {
      kind: 'measure',
      days,
      ...(from > looks.since && from <= now && { knownFrom: from }),
      placeCount: histories.length,
      ...tally.summary,
    }
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}

interface SourceReading {
  readonly database: Database
  readonly site: MeasureBackTestOptions['site']
  readonly looks: LookTimes
  readonly now: number
  readonly watch: ScanWatch
}

/**
 * The histories of sources. The log has the times at which their events were recorded, but not those of events that were
 * already known or rejected; of these only the last one is known.
 */
async function readSources(
  { condition, scope }: { readonly condition: MeasureCondition; readonly scope: AlertScope },
  { database, site, looks, now, watch }: SourceReading,
): Promise<{ histories: MeasureHistory[]; knownFrom: number | undefined }> {
  const measured = sourcesIn(site, scope).filter(({ intervalMs }) => intervalMs !== undefined)
  if (measured.length === 0) return { histories: [], knownFrom: undefined }
  const received = new Map<string, number[]>(measured.map(({ place }) => [place.source, []]))
  const period = { from: looks.since, to: now + 1 }
  const pages = recordedEvents(database, site.code, { period, by: 'source', choice: undefined }, watch)
  let page = await pages.next()
  for (; page.done !== true; page = await pages.next())
    for (const { name, recordedAt } of page.value.groups) received.get(name ?? '')?.push(...recordedAt)
  const histories = measured.map(({ place, lastReceivedAt, intervalMs }) => {
    const recorded = [...(received.get(place.source) ?? []), Math.min(lastReceivedAt, now)]
    const receivedAt = [...new Set(recorded)].toSorted((a, b) => a - b)
    return new SilenceHistory({ place, receivedAt, intervalMs }, condition.above ?? 0, looks)
  })
  return { histories, knownFrom: page.value.reachesBackTo }
}
