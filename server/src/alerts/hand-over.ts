import type { Queryable } from '@stagewatch/db/database.ts'
import { maxHandOvers } from '@stagewatch/shared/contract/alerts.ts'
import type { alertHandOverRequest, alertTargets } from '@stagewatch/shared/contract/alerts.ts'
import { endHandOver, startHandOver } from '@stagewatch/shared/domain/alerts/alert-ladder.ts'
import { presenceAt } from '@stagewatch/shared/domain/presence.ts'
import type { z } from 'zod'
import { AppError } from '../platform/app-error.ts'
import { addJobs } from '../platform/jobs.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import { loadMembers } from '../team/members-table.ts'
import type { StoredMember } from '../team/members-table.ts'
import { workingPerson } from '../team/working-person.ts'
import { acknowledgeByPerson, changeAlert } from './act-on-alert.ts'
import type { AlertActing } from './act-on-alert.ts'
import { addToLog, loadAlert, saveLadder } from './alerts-table.ts'
import type { StoredAlert } from './alerts-table.ts'
import { noSuchAlert } from './list-alerts.ts'
import { canTake } from './receivers.ts'
import { surroundingsOf } from './alert-surroundings.ts'
import { nextActionOf, stepJob } from './take-step.ts'
import { handOverJob } from './tell-about-hand-over.ts'
import { releaseNotices } from './tell-receivers.ts'

const dayMs = 24 * 3_600_000
const maxPeople = 500

/** An action of a caller who may hand alerts over. */
export interface HandingOver extends AlertActing {
  readonly pipeline: SitePipeline
  /** Whether the caller sees the names of people; without names, nobody can be chosen. */
  readonly showsPeople: boolean
}

/** The people to whom the caller can hand an alert over, by name. @throws AppError `not_found`. */
export async function listHandOverTargets(
  acting: HandingOver,
  id: number,
  now: number,
): Promise<z.infer<typeof alertTargets>> {
  const { database, site, pipeline, showsPeople, caller } = acting
  const alert = await loadAlert(database, site, id)
  if (alert === undefined) throw noSuchAlert()
  const members = showsPeople ? await loadMembers(database, site, dayOf(now - dayMs)) : []
  return {
    people: members
      .filter((member) => !isCaller(member, caller) && canTakeAlert(member, alert, pipeline))
      .slice(0, maxPeople)
      .map((member) => ({
        id: member.id,
        name: member.name,
        isPresent: presenceAt(workingPerson(member, pipeline, now), now).state === 'here',
      })),
  }
}

/**
 * Offers an alert to a colleague, who is notified, and pauses its ladder until they answer or the time is over.
 * @throws AppError `not_found`; `conflict` if the alert has ended, is being handed over, or was handed over too often;
 * `invalid_field` for the caller and for people who cannot take the alert.
 */
export async function handOverAlert(
  acting: HandingOver,
  id: number,
  { to, acceptWithinMs }: z.output<typeof alertHandOverRequest>,
  now: number,
): Promise<void> {
  const { site, pipeline, caller, personName } = acting
  await changeAlert(acting, id, async (tx, alert, rule, calendar) => {
    const { ladder } = alert
    if (ladder.handOver !== undefined)
      throw new AppError('conflict', 'the alert is being handed over already: wait for the answer', { field: 'id' })
    if (ladder.handOverCount >= maxHandOvers)
      throw new AppError('conflict', `an alert can be handed over at most ${maxHandOvers} times`, { field: 'id' })
    const member = await requireTarget(tx, acting, alert, to, now)
    const by = { byName: personName, ...(caller.kind === 'person' && caller.id !== undefined && { byId: caller.id }) }
    const offer = { toId: member.id, toName: member.name, ...by, at: now }
    const offered = startHandOver(rule, ladder, calendar, offer, acceptWithinMs)
    const next = nextActionOf(alert, rule, offered, calendar)
    await saveLadder(tx, site, alert, offered, next?.at)
    await addToLog(tx, site, [
      {
        alertId: id,
        at: now,
        kind: 'handedOver',
        by: personName,
        recipients: [member.name],
        ...(offered.handOver !== undefined && { until: offered.handOver.acceptBy }),
      },
    ])
    await addJobs(tx, [
      handOverJob(pipeline.site.code, 'handedOver', id, now, member.id),
      ...(next === undefined ? [] : [stepJob(site, id, alert.revision + 1, next.at)]),
    ])
  })
}

/**
 * Acknowledges the alert in the name of the colleague to whom it was handed over.
 * @throws AppError `not_found`; `conflict` if the offer has ended; `forbidden` for anybody else.
 */
export async function acceptAlert(acting: AlertActing, id: number, now: number): Promise<void> {
  await changeAlert(acting, id, async (tx, alert, rule, calendar) => {
    requireOffer(acting, alert, now)
    await acknowledgeByPerson(tx, acting, { alert, rule, calendar, kind: 'accepted' }, now)
  })
}

/**
 * Ends the offer: the ladder resumes, and the person who handed the alert over is notified.
 * @throws AppError as `acceptAlert`.
 */
export async function declineAlert(
  acting: AlertActing,
  id: number,
  reason: string | undefined,
  now: number,
): Promise<void> {
  const { site, personName } = acting
  await changeAlert(acting, id, async (tx, alert, rule, calendar) => {
    const { byId } = requireOffer(acting, alert, now)
    const resumed = endHandOver(rule, alert.ladder, calendar, now)
    const next = nextActionOf(alert, rule, resumed, calendar)
    await saveLadder(tx, site, alert, resumed, next?.at)
    const said = { by: personName, ...(reason !== undefined && { text: reason }) }
    await addToLog(tx, site, [{ alertId: id, at: now, kind: 'declined', ...said }])
    await releaseNotices(tx, site, alert, now)
    await addJobs(tx, [
      ...(byId === undefined ? [] : [handOverJob(site, 'declined', id, now, byId)]),
      ...(next === undefined ? [] : [stepJob(site, id, alert.revision + 1, next.at)]),
    ])
  })
}

/** The pending offer to the caller. @throws AppError `conflict`, `forbidden`. */
function requireOffer({ caller }: AlertActing, { ladder }: StoredAlert, now: number) {
  const { handOver: offer } = ladder
  if (offer === undefined || offer.acceptBy <= now)
    throw new AppError('conflict', 'the alert is not being handed over any more', { field: 'id' })
  if (!isCaller({ id: offer.toId }, caller))
    throw new AppError('forbidden', 'the alert is not handed over to you', { field: 'id' })
  return offer
}

/** @throws AppError `invalid_field` */
async function requireTarget(
  tx: Queryable,
  { site, pipeline, caller, showsPeople }: HandingOver,
  alert: StoredAlert,
  to: string,
  now: number,
): Promise<StoredMember> {
  if (isCaller({ id: to }, caller))
    throw new AppError('invalid_field', 'must be somebody else: acknowledge the alert to take it yourself', {
      field: 'to',
      reason: 'wrong',
    })
  const [member] = showsPeople ? await loadMembers(tx, site, dayOf(now - dayMs), to) : []
  if (member === undefined || !canTakeAlert(member, alert, pipeline))
    throw new AppError('invalid_field', 'names nobody who sees the alert and may act on it', {
      field: 'to',
      reason: 'wrong',
    })
  return member
}

/** Alerts that are not about a single order are visible only to members of all departments. */
function canTakeAlert(member: StoredMember, alert: StoredAlert, pipeline: SitePipeline): boolean {
  const department = alert.order === '' ? '' : (surroundingsOf(alert, pipeline.engine).department ?? '')
  return canTake(member, department, pipeline)
}

function isCaller({ id }: { readonly id: string }, caller: AlertActing['caller']): boolean {
  return caller.kind === 'person' && caller.id === id
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}
