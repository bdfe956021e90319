import { alertNotices } from '@stagewatch/db/alerts-schema.ts'
import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import {
  endAcknowledgement,
  endHandOver,
  nextLadderAction,
  takeStep,
} from '@stagewatch/shared/domain/alerts/alert-ladder.ts'
import type { LadderAction, LadderState } from '@stagewatch/shared/domain/alerts/alert-ladder.ts'
import type { WorkingCalendar } from '@stagewatch/shared/domain/time/working-calendar.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { addJobs } from '../platform/jobs.ts'
import type { Job, JobOutcome, JobQueue, NewJob } from '../platform/jobs.ts'
import { announceChange } from '../platform/site-changes.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import { calendarOfAlert, surroundingsOf } from './alert-surroundings.ts'
import type { Surroundings } from './alert-surroundings.ts'
import { loadAlertRule } from './alert-rules-table.ts'
import type { StoredAlertRule } from './alert-rules-table.ts'
import { addToLog, lockAlert, saveLadder } from './alerts-table.ts'
import type { AlertLogEntry, StoredAlert } from './alerts-table.ts'
import { findReceiversOfStep } from './receivers.ts'
import type { Receiver } from './receivers.ts'
import { handOverJob } from './tell-about-hand-over.ts'
import { messageJob, releaseNotices } from './tell-receivers.ts'

const stepQueue = 'alert-steps'

/** The job that evaluates the ladder of an alert; it does nothing if the alert has changed since. */
export function stepJob(site: string, alertId: number, revision: number, runAt: number): NewJob {
  return { queue: stepQueue, key: `${site}/${alertId}/${revision}`, site, runAt }
}

export interface StepOptions {
  readonly database: Database
  readonly clock: Clock
  readonly sites: SiteRegistry
}

export function stepsQueue(options: StepOptions): JobQueue {
  return { name: stepQueue, concurrency: 20, leaseMs: 10_000, run: (job) => prepareStep(job, options) }
}

/** Everything happens in the transaction that completes the job, so it is done exactly once or not at all. */
async function prepareStep({ site, key }: Job, { clock, sites }: StepOptions): Promise<JobOutcome> {
  const [alertId, revision] = key.split('/').slice(-2).map(Number)
  const pipeline = await sites.get(site)
  return {
    kind: 'done',
    async effect(tx) {
      const alert = alertId === undefined ? undefined : await lockAlert(tx, site, alertId)
      if (alert === undefined || alert.endedAt !== undefined || alert.revision !== revision) return
      const rule = await loadAlertRule(tx, site, alert.ruleId)
      if (rule === undefined || !rule.enabled) return
      await climb(tx, pipeline, { alert, rule, around: surroundingsOf(alert, pipeline.engine) }, clock.now())
    },
  }
}

/** The next action of the ladder; none for an alert of which nobody is notified, until somebody has acted on it. */
export function nextActionOf(
  { isSilent }: Pick<StoredAlert, 'isSilent'>,
  rule: StoredAlertRule,
  ladder: LadderState,
  calendar: WorkingCalendar,
): LadderAction | undefined {
  const action = nextLadderAction(rule, ladder, calendar)
  return isSilent && ladder.round === 1 && action?.kind === 'step' ? undefined : action
}

/** Logs the start of a new alert and starts its ladder; an alert that is continued resumes its ladder. */
export async function startLadder(
  tx: Queryable,
  site: string,
  { alert, rule, engine }: { readonly alert: StoredAlert; readonly rule: StoredAlertRule; readonly engine: LiveEngine },
): Promise<void> {
  if (alert.revision === 0) await addToLog(tx, site, [{ alertId: alert.id, at: alert.beganAt, kind: 'began' }])
  if (alert.isSilent) return
  const next = nextLadderAction(rule, alert.ladder, calendarOfAlert(alert, engine))
  await saveLadder(tx, site, alert, alert.ladder, next?.at)
  if (next !== undefined) await addJobs(tx, [stepJob(site, alert.id, alert.revision + 1, next.at)])
}

interface Climbing {
  readonly alert: StoredAlert
  readonly rule: StoredAlertRule
  readonly around: Surroundings
}

/**
 * Runs the steps that are due, and adds a job for the next one. A step that reaches nobody does not delay the next one.
 */
async function climb(
  tx: Queryable,
  pipeline: SitePipeline,
  { alert, rule, around }: Climbing,
  now: number,
): Promise<void> {
  const site = pipeline.site.code
  const { calendar, doneAt } = around
  const log: AlertLogEntry[] = []
  let ladder: LadderState = alert.ladder
  let next = nextActionOf(alert, rule, ladder, calendar)
  let reachedNobody = false
  while (next !== undefined && (next.at <= now || (reachedNobody && next.kind === 'step'))) {
    if (next.kind === 'handOverEnds') {
      const { toName: name, byId } = ladder.handOver ?? {}
      // The pause ends on time, even if no server was running then.
      ladder = endHandOver(rule, ladder, calendar, next.at)
      log.push({ alertId: alert.id, at: now, kind: 'notAccepted', recipients: name === undefined ? [] : [name] })
      if (byId !== undefined) await addJobs(tx, [handOverJob(site, 'notAccepted', alert.id, now, byId)])
      await releaseNotices(tx, site, alert, now)
    } else if (next.kind === 'acknowledgementEnds') {
      ladder = endAcknowledgement(rule, ladder, calendar, now, doneAt)
      if (ladder.acknowledged === undefined) log.push({ alertId: alert.id, at: now, kind: 'reminded' })
    } else {
      const receivers = await findReceiversOfStep(tx, pipeline, rule.ladder[next.step]?.to ?? [], around, now)
      await addNotices(tx, site, { alert, rule, ladder, step: next.step, receivers }, now)
      log.push({
        alertId: alert.id,
        at: now,
        kind: 'notified',
        recipients: receivers.map(({ key, name }) => name ?? key),
      })
      reachedNobody = receivers.length === 0
      ladder = takeStep(ladder)
    }
    next = nextActionOf(alert, rule, ladder, calendar)
  }
  await saveLadder(tx, site, alert, ladder, next?.at)
  await announceChange(tx, site, 'alerts')
  await addToLog(tx, site, log)
  if (next !== undefined) await addJobs(tx, [stepJob(site, alert.id, alert.revision + 1, next.at)])
}

interface NoticesOf {
  readonly alert: StoredAlert
  readonly rule: StoredAlertRule
  readonly ladder: LadderState
  readonly step: number
  readonly receivers: readonly Receiver[]
}

async function addNotices(
  tx: Queryable,
  site: string,
  { alert, rule, ladder, step, receivers }: NoticesOf,
  now: number,
): Promise<void> {
  if (receivers.length === 0) return
  // Critical alerts do not wait to be merged with others.
  const dueAt = now + (rule.severity === 'critical' ? 0 : rule.mergeMs)
  const told = { site, alertId: alert.id, round: ladder.round, step, createdAt: now, dueAt }
  await drizzleOn(tx)
    .insert(alertNotices)
    .values(receivers.map(({ key }) => ({ ...told, receiver: key })))
    .onConflictDoNothing()
  await addJobs(
    tx,
    receivers.map(({ key }) => messageJob(site, key, dueAt)),
  )
}
