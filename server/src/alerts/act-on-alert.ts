import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { nextLadderAction, snooze } from '@stagewatch/shared/domain/alerts/alert-ladder.ts'
import type { WorkingCalendar } from '@stagewatch/shared/domain/time/working-calendar.ts'
import type { Caller } from '../access/caller.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import { AppError } from '../platform/app-error.ts'
import { addJobs } from '../platform/jobs.ts'
import { announceChange } from '../platform/site-changes.ts'
import { orderAcknowledgementJob } from './acknowledge-order.ts'
import { loadAlertRule } from './alert-rules-table.ts'
import type { StoredAlertRule } from './alert-rules-table.ts'
import { recordAcknowledgement } from './alert-watch.ts'
import { addToLog, lockAlert, saveLadder } from './alerts-table.ts'
import type { StoredAlert } from './alerts-table.ts'
import { noSuchAlert } from './list-alerts.ts'
import { calendarOfAlert } from './alert-surroundings.ts'
import { stepJob } from './take-step.ts'

export interface AlertActing {
  readonly database: Database
  readonly site: string
  readonly engine: LiveEngine
  readonly caller: Pick<Caller, 'kind' | 'id' | 'name'>
  /** Display name of the person. */
  readonly personName: string
}

const maxSnoozeMs = 90 * 24 * 3_600_000

/**
 * Acknowledges an alert, and the order that it is about. Has no effect on an alert that is acknowledged already, unless
 * it is being handed over.
 */
export async function acknowledgeAlert(acting: AlertActing, id: number, now: number): Promise<void> {
  await changeAlert(acting, id, async (tx, alert, rule, calendar) => {
    const { acknowledged, handOver } = alert.ladder
    if (acknowledged !== undefined && handOver === undefined) return
    await acknowledgeByPerson(tx, acting, { alert, rule, calendar, kind: 'acknowledged' }, now)
  })
}

/** Acknowledges an alert in the name of the caller; a job in the same transaction acknowledges its order. */
export async function acknowledgeByPerson(
  tx: Queryable,
  { site, personName, caller }: AlertActing,
  acknowledging: Parameters<typeof recordAcknowledgement>[2],
  now: number,
): Promise<void> {
  await recordAcknowledgement(tx, site, acknowledging, now, personName)
  const { order, stage, nth } = acknowledging.alert
  if (order === '') return
  const by = { personName, sender: caller.name, ...(caller.id !== undefined && { personId: caller.id }) }
  await addJobs(tx, [orderAcknowledgementJob(site, { order, stage, nth, at: now, ...by })])
}

/**
 * Nobody is notified until then.
 * @throws AppError `invalid_field` for an instant in the past or too far ahead.
 */
export async function snoozeAlert(
  acting: AlertActing,
  id: number,
  until: number | 'nextWorkingMorning',
  now: number,
): Promise<void> {
  await changeAlert(acting, id, async (tx, alert, rule, calendar) => {
    const end = until === 'nextWorkingMorning' ? nextMorning(calendar, now) : until
    if (end <= now || end > now + maxSnoozeMs) {
      const message = 'must lie in the future, within 90 days'
      throw new AppError('invalid_field', message, { field: 'until', reason: 'out_of_order' })
    }
    const ladder = snooze(rule, alert.ladder, end)
    const next = nextLadderAction(rule, ladder, calendar)
    await saveLadder(tx, acting.site, alert, ladder, next?.at)
    if (next !== undefined) await addJobs(tx, [stepJob(acting.site, alert.id, alert.revision + 1, next.at)])
    await addToLog(tx, acting.site, [
      { alertId: alert.id, at: now, kind: 'snoozed', by: acting.personName, until: end },
    ])
  })
}

/** The start of work on the next working day; where work never stops, a day from now. */
function nextMorning(calendar: WorkingCalendar, now: number): number {
  const today = calendar.days.dayAt(now)
  let start = calendar.nextStart(now)
  // Work that resumes later today, after a break, is not the next morning.
  while (start !== undefined && calendar.days.dayAt(start) === today) start = calendar.nextStart(start)
  return start ?? now + 24 * 3_600_000
}

/**
 * Changes an open alert in a transaction that locks it, and announces the change.
 * @throws AppError `not_found`; `conflict` if it has ended.
 */
export async function changeAlert(
  { database, site, engine }: AlertActing,
  id: number,
  work: (tx: Queryable, alert: StoredAlert, rule: StoredAlertRule, calendar: WorkingCalendar) => Promise<void>,
): Promise<void> {
  await database.transaction(async (tx) => {
    const alert = await lockAlert(tx, site, id)
    const rule = alert && (await loadAlertRule(tx, site, alert.ruleId))
    if (alert === undefined || rule === undefined) throw noSuchAlert()
    if (alert.endedAt !== undefined) throw new AppError('conflict', 'the alert has already ended', { field: 'id' })
    await work(tx, alert, rule, calendarOfAlert(alert, engine))
    await announceChange(tx, site, 'alerts')
  })
}
