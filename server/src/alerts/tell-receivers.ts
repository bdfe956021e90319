import { alertNotices, alertRules, alerts } from '@stagewatch/db/alerts-schema.ts'
import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { planMessages } from '@stagewatch/shared/domain/alerts/plan-messages.ts'
import type { Notice, PlannedMessage, ReceiverLimits } from '@stagewatch/shared/domain/alerts/plan-messages.ts'
import { translatedName } from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import type { LocalText } from '@stagewatch/shared/domain/local-text.ts'
import { and, asc, countDistinct, eq, gt, inArray, isNotNull, isNull, min, sql } from 'drizzle-orm'
import type { Clock } from '../platform/clock/clock.ts'
import { addJobs } from '../platform/jobs.ts'
import type { Job, JobOutcome, JobQueue, NewJob } from '../platform/jobs.ts'
import type { StoredAlert } from './alerts-table.ts'

const messageQueue = 'alert-messages'
const hourMs = 3_600_000
/** Maximum number of notices handled at once; the rest follows immediately. */
const maxNotices = 5_000
/** Maximum number of messages per receiver and hour, not counting critical ones. */
const maxPerHour = 6

/** The job that sends a receiver all notices due at an instant; there is one per receiver and instant. */
export function messageJob(site: string, receiver: string, runAt: number): NewJob {
  // Rounded up to whole seconds, so that alerts that start together are sent together.
  const at = Math.ceil(runAt / 1_000) * 1_000
  return { queue: messageQueue, key: `${site}/${receiver}/${at}`, site, runAt: at }
}

/** A notice of an alert, with the data for its text. */
export interface AlertNotice extends Notice {
  readonly alertId: number
  readonly rule: { readonly id: string; readonly name: LocalText; readonly condition: unknown }
  readonly process: string
  readonly order: string
  readonly stage: string
  readonly nth: number
  readonly source: string
  readonly beganAt: number
  readonly step: number
}

export interface AlertMessage extends PlannedMessage<AlertNotice> {
  /** Number of open alerts of the same rule and place of which the receiver knows with this message. */
  readonly openCount: number
  /** Deduplicates the message for a receiver. */
  readonly key: string
}

export type QuietTimes = Pick<ReceiverLimits, 'quietUntil' | 'silentUntil'>

/** Passes messages on, in the transaction that marks their notices as sent. */
export interface AlertSender {
  readonly send: (tx: Queryable, site: string, receiver: string, messages: readonly AlertMessage[]) => Promise<void>
  /** Which alerts the receiver may still be told of. */
  readonly mayBeTold: (
    tx: Queryable,
    site: string,
    receiver: string,
    now: number,
  ) => Promise<(notice: AlertNotice) => boolean>
  /** Times at which the receiver wants no messages, or only critical ones. */
  readonly quiet: (tx: Queryable, site: string, receiver: string, now: number) => Promise<QuietTimes>
}

export interface TellOptions {
  readonly database: Database
  readonly clock: Clock
  readonly sender: AlertSender
}

export function messagesQueue(options: TellOptions): JobQueue {
  return { name: messageQueue, concurrency: 10, leaseMs: 10_000, run: (job) => prepareMessages(job, options) }
}

/**
 * Merges pending notices into as few messages as possible, one for each rule and stage, even after an outage or a step
 * of the clock.
 */
function prepareMessages({ site, key }: Job, { clock, sender }: TellOptions): Promise<JobOutcome> {
  const receiver = key.slice(site.length + 1, key.lastIndexOf('/'))
  return Promise.resolve({
    kind: 'done',
    async effect(tx) {
      const now = clock.now()
      const waiting = await loadWaiting(tx, site, receiver)
      const isSeen = await sender.mayBeTold(tx, site, receiver, now)
      const notices = waiting.filter((notice) => !notice.isOver && isSeen(notice))
      const over = waiting.filter((notice) => notice.isOver || !isSeen(notice))
      await note(
        tx,
        site,
        over.map(({ id }) => id),
        { state: 'over' },
      )
      if (notices.length === 0) return
      const plan = planMessages(
        notices,
        {
          maxPerHour,
          sentAt: await loadToldAt(tx, site, receiver, now),
          ...(await sender.quiet(tx, site, receiver, now)),
        },
        now,
      )
      for (const message of plan.messages) {
        const ids = message.notices.map(({ id }) => id)
        await note(tx, site, ids, { state: 'told', toldAt: now, messageKey: keyOf(message) })
      }
      const openCounts = await loadOpenCounts(tx, site, receiver, notices)
      const messages = plan.messages.map((message) => ({
        ...message,
        key: keyOf(message),
        openCount: openCounts.get(message.notices[0]?.group ?? '') ?? 0,
      }))
      if (messages.length > 0) await sender.send(tx, site, receiver, messages)
      if (plan.againAt !== undefined) await addJobs(tx, [messageJob(site, receiver, plan.againAt)])
      else if (waiting.length === maxNotices) await addJobs(tx, [messageJob(site, receiver, now + 1_000)])
    },
  })
}

/**
 * Evaluates the pending notices of an alert again, which a hand-over has held back. To be called when it ends, in the
 * same transaction.
 */
export async function releaseNotices(
  tx: Queryable,
  site: string,
  { id, ladder }: Pick<StoredAlert, 'id' | 'ladder'>,
  now: number,
): Promise<void> {
  if (ladder.handOver === undefined) return
  const isWaiting = and(eq(alertNotices.alertId, id), eq(alertNotices.state, 'waiting'))
  const rows = await drizzleOn(tx)
    .selectDistinct({ receiver: alertNotices.receiver })
    .from(alertNotices)
    .where(and(eq(alertNotices.site, site), isWaiting))
    .limit(maxNotices)
  await addJobs(
    tx,
    rows.map(({ receiver }) => messageJob(site, receiver, now)),
  )
}

/**
 * The pending notices of a receiver, oldest first, locked until the transaction ends; without those of alerts that are
 * being handed over.
 */
async function loadWaiting(
  tx: Queryable,
  site: string,
  receiver: string,
): Promise<(AlertNotice & { readonly isOver: boolean })[]> {
  const isDue = and(eq(alertNotices.state, 'waiting'), isNull(alerts.handOver))
  const rows = await drizzleOn(tx)
    .select({
      id: alertNotices.id,
      alertId: alertNotices.alertId,
      step: alertNotices.step,
      isOver: sql<boolean>`${alerts.endedAt} is not null or ${alerts.acknowledgedAt} >= ${alertNotices.createdAt}`,
      severity: alertRules.severity,
      rule: { id: alertRules.id, name: alertRules.name, names: alertRules.names, condition: alertRules.condition },
      process: alerts.process,
      order: alerts.orderId,
      stage: alerts.stage,
      nth: alerts.nth,
      source: alerts.source,
      beganAt: alerts.beganAt,
    })
    .from(alertNotices)
    .innerJoin(alerts, and(eq(alerts.site, alertNotices.site), eq(alerts.id, alertNotices.alertId)))
    .innerJoin(alertRules, and(eq(alertRules.site, alerts.site), eq(alertRules.id, alerts.ruleId)))
    .where(and(eq(alertNotices.site, site), eq(alertNotices.receiver, receiver), isDue))
    // Jobs of several alerts run concurrently, so the ids have no meaning.
    .orderBy(asc(alerts.beganAt), asc(alerts.orderId), asc(alertNotices.id))
    .limit(maxNotices)
    .for('update', { of: alertNotices })
  return rows.map(({ rule: { id, name, names, condition }, ...row }) => ({
    ...row,
    rule: { id, name: translatedName(name, names), condition },
    group: groupOf(id, row),
  }))
}

/** Number of open alerts of which the receiver has been told, by group, of the rules of the notices. */
async function loadOpenCounts(
  tx: Queryable,
  site: string,
  receiver: string,
  notices: readonly AlertNotice[],
): Promise<ReadonlyMap<string, number>> {
  const ruleIds = [...new Set(notices.map(({ rule }) => rule.id))]
  const { ruleId, process, stage, source } = alerts
  const wasTold = and(eq(alertNotices.receiver, receiver), eq(alertNotices.state, 'told'))
  const rows = await drizzleOn(tx)
    .select({ ruleId, process, stage, source, open: countDistinct(alerts.id) })
    .from(alerts)
    .innerJoin(alertNotices, and(eq(alertNotices.site, alerts.site), eq(alertNotices.alertId, alerts.id), wasTold))
    .where(and(eq(alerts.site, site), inArray(ruleId, ruleIds), isNull(alerts.endedAt)))
    .groupBy(ruleId, process, stage, source)
  return new Map(rows.map((row) => [groupOf(row.ruleId, row), row.open]))
}

/** What is told of together: the alerts of a rule at the same place, because they have one cause. */
function groupOf(ruleId: string, { process, stage, source }: Pick<AlertNotice, 'process' | 'stage' | 'source'>) {
  return JSON.stringify([ruleId, process, stage, source])
}

/** Times of messages to the receiver within the last hour, ascending. */
async function loadToldAt(tx: Queryable, site: string, receiver: string, now: number): Promise<number[]> {
  const rows = await drizzleOn(tx)
    .select({ at: min(alertNotices.toldAt).mapWith(alertNotices.toldAt) })
    .from(alertNotices)
    .where(
      and(
        eq(alertNotices.site, site),
        eq(alertNotices.receiver, receiver),
        eq(alertNotices.state, 'told'),
        gt(alertNotices.toldAt, now - hourMs),
        isNotNull(alertNotices.messageKey),
      ),
    )
    .groupBy(alertNotices.messageKey)
  return rows.flatMap(({ at }) => (at === null ? [] : [at])).toSorted((a, b) => a - b)
}

async function note(
  tx: Queryable,
  site: string,
  ids: readonly number[],
  change: Partial<typeof alertNotices.$inferInsert>,
): Promise<void> {
  if (ids.length === 0) return
  await drizzleOn(tx)
    .update(alertNotices)
    .set(change)
    .where(and(eq(alertNotices.site, site), inArray(alertNotices.id, [...ids])))
}

/** The same key for the same notices, whichever instance sends them. */
function keyOf({ notices }: PlannedMessage<AlertNotice>): string {
  const [first] = notices
  return `alert:${first?.alertId ?? 0}:${first?.id ?? 0}`
}
