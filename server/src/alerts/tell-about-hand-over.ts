import { alertLog } from '@stagewatch/db/alerts-schema.ts'
import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import type { ChannelMessage } from '@stagewatch/shared/contract/messages.ts'
import { textIn } from '@stagewatch/shared/domain/local-text.ts'
import { translatedName } from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import { and, desc, eq } from 'drizzle-orm'
import { enqueueMessages } from '../channels/enqueue-messages.ts'
import { filled } from '../channels/render-message.ts'
import { loadProfile } from '../identity/profiles-table.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { addJobs } from '../platform/jobs.ts'
import type { Job, JobOutcome, JobQueue, NewJob } from '../platform/jobs.ts'
import { serverTexts } from '../platform/server-texts.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import { loadAlertRule } from './alert-rules-table.ts'
import type { StoredAlertRule } from './alert-rules-table.ts'
import { alertSender, languageOfSite, mayBeTold, waysTo } from './alert-sender.ts'
import { lockAlert } from './alerts-table.ts'
import type { StoredAlert } from './alerts-table.ts'
import { placeOf, subjectLine, timeText } from './message-texts.ts'
import type { PlaceOptions } from './message-texts.ts'

const queue = 'alert-hand-overs'

/** `handedOver` is for the colleague, the others for the person who handed the alert over. */
const handOverNews = ['handedOver', 'declined', 'notAccepted'] as const
type HandOverNews = (typeof handOverNews)[number]

interface TellOptions {
  readonly database: Database
  readonly clock: Clock
  readonly sites: SiteRegistry
}

/**
 * The job that tells a person about a hand-over.
 * @param stamp When it happened, epoch ms: the time of the entry in the log of the alert.
 */
export function handOverJob(
  site: string,
  news: HandOverNews,
  alertId: number,
  stamp: number,
  person: string,
  runAt = stamp,
): NewJob {
  return { queue, key: JSON.stringify([site, news, alertId, stamp, person, runAt]), site, runAt }
}

export function handOversQueue(options: TellOptions): JobQueue {
  const knows = (key: string): boolean => {
    const [, news] = JSON.parse(key) as [string, string]
    return handOverNews.some((known) => known === news)
  }
  return { name: queue, concurrency: 10, leaseMs: 10_000, knows, run: (job) => prepareTelling(job, options) }
}

async function prepareTelling({ site, key }: Job, options: TellOptions): Promise<JobOutcome> {
  const pipeline = await options.sites.get(site)
  return { kind: 'done', effect: (tx) => tell(tx, pipeline, key, options) }
}

/**
 * Notifies the person once, in the transaction that ends the job, unless it no longer matters. Quiet times postpone the
 * notification, as they do for other messages of alerts.
 */
async function tell(tx: Queryable, pipeline: SitePipeline, key: string, options: TellOptions): Promise<void> {
  const [site, news, alertId, stamp, person] = JSON.parse(key) as [string, HandOverNews, number, number, string]
  const now = options.clock.now()
  const alert = await lockAlert(tx, site, alertId)
  const rule = alert && (await loadAlertRule(tx, site, alert.ruleId))
  if (alert === undefined || rule === undefined || alert.endedAt !== undefined) return
  if (news === 'handedOver' && alert.ladder.handOver?.at !== stamp) return
  // Neither people who have left the site nor those who may not see the order any more are notified.
  const isSeen = await mayBeTold(tx, pipeline, `person:${person}`, now)
  const profile = isSeen(alert) ? await loadProfile(tx, person) : undefined
  const entry = await loadEntry(tx, site, { alertId, news, stamp })
  if (profile === undefined || entry === undefined) return
  const { quietUntil = now, silentUntil = now } = await alertSender(options).quiet(tx, site, `person:${person}`, now)
  const waitsUntil = rule.severity === 'critical' ? silentUntil : Math.max(quietUntil, silentUntil)
  if (waitsUntil > now) {
    await addJobs(tx, [handOverJob(site, news, alertId, stamp, person, waitsUntil)])
    return
  }
  const { settings } = profile
  const language = settings.language ?? (await languageOfSite(tx, site))
  const timeZone = settings.timeZone ?? pipeline.site.timeZone
  const { people, customers } = pipeline.privacy.now
  const name = people === 'shown' ? entry.name : undefined
  // People write names into free text; the alert shows it with the names hidden.
  const text = people === 'shown' && customers === 'shown' ? entry.text : null
  const told = { alert, rule, news, entry: { ...entry, name, text }, stamp }
  const message = messageOf(told, { engine: pipeline.engine, language, timeZone })
  const ways = await waysTo(tx, site, person, profile)
  await enqueueMessages(
    tx,
    site,
    ways.map((routes) => ({ routes, message })),
    now,
  )
}

interface LogEntry {
  /** The other person. */
  readonly name: string | undefined
  readonly until: number | null
  readonly text: string | null
}

async function loadEntry(
  tx: Queryable,
  site: string,
  { alertId, news, stamp }: { readonly alertId: number; readonly news: HandOverNews; readonly stamp: number },
): Promise<LogEntry | undefined> {
  const { by, recipients, until, text } = alertLog
  const [row] = await drizzleOn(tx)
    .select({ by, recipients, until, text })
    .from(alertLog)
    .where(and(eq(alertLog.site, site), eq(alertLog.alertId, alertId), eq(alertLog.kind, news), eq(alertLog.at, stamp)))
    .orderBy(desc(alertLog.id))
    .limit(1)
  if (row === undefined) return undefined
  return { name: row.by ?? row.recipients?.[0], until: row.until, text: row.text }
}

interface ToldHandOver {
  readonly alert: StoredAlert
  readonly rule: StoredAlertRule
  readonly news: HandOverNews
  /** Without a name if the site does not show names. */
  readonly entry: LogEntry
  readonly stamp: number
}

function messageOf({ alert, rule, news, entry, stamp }: ToldHandOver, options: PlaceOptions): ChannelMessage {
  const texts = serverTexts(options.language).alerts
  const { id, order } = alert
  const ruleName = textIn(translatedName(rule.name, rule.names), options.language)
  const about =
    order === ''
      ? filled(texts.measure, { rule: ruleName, place: placeOf(alert, options) })
      : filled(texts.one, { rule: ruleName, order })
  const { name, until, text } = entry
  const title = name === undefined ? texts[`${news}BySomebody`] : texts[news]
  return {
    severity: news === 'handedOver' ? rule.severity : 'info',
    title: filled(title, { name: name ?? '', alert: about }).slice(0, 200),
    lines: [
      subjectLine(alert, options).slice(0, 500),
      ...(until === null ? [] : [filled(texts.answerUntil, { until: timeText(until, options) })]),
      ...(text === null ? [] : [text.slice(0, 500)]),
    ],
    link: `/alerts?alert=${id}`,
    language: options.language,
    orders: order === '' ? [] : [order],
    dedupeKey: `alert-hand-over:${id}:${news}:${stamp}`,
  }
}
