import type { Queryable } from '@stagewatch/db/database.ts'
import type { ChannelMessage } from '@stagewatch/shared/contract/messages.ts'
import { maskedText } from '@stagewatch/shared/domain/access/masked-name.ts'
import { textIn } from '@stagewatch/shared/domain/local-text.ts'
import { translatedName } from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import { locales } from '@stagewatch/shared/domain/locales.ts'
import type { Task } from '@stagewatch/shared/domain/tasks/task-state.ts'
import { alertSender, languageOfSite, waysTo } from '../alerts/alert-sender.ts'
import { canTake } from '../alerts/receivers.ts'
import { enqueueMessages } from '../channels/enqueue-messages.ts'
import { filled } from '../channels/render-message.ts'
import { loadProfile } from '../identity/profiles-table.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { addJobs } from '../platform/jobs.ts'
import { serverTexts } from '../platform/server-texts.ts'
import { announceChange } from '../platform/site-changes.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import { loadMembers } from '../team/members-table.ts'
import { taskJob } from './task-jobs.ts'
import type { TaskWork, TellingKind } from './task-jobs.ts'
import { addEntries, lockTask } from './tasks-table.ts'
import type { StoredTask } from './tasks-table.ts'

interface TellOptions {
  readonly sites: SiteRegistry
  readonly clock: Clock
}

type Telling = Extract<TaskWork, { readonly kind: TellingKind }>

/**
 * Notifies somebody about a task, once, in the transaction that ends the job, unless the reason no longer applies. In
 * quiet hours and outside their working time the notification is postponed until those have ended.
 */
export async function tellAboutTask(
  tx: Queryable,
  pipeline: SitePipeline,
  telling: Telling,
  options: TellOptions,
): Promise<void> {
  const now = options.clock.now()
  const site = pipeline.site.code
  const stored = await lockTask(tx, site, telling.taskId)
  const person = stored && receiverOf(telling, stored.task)
  if (stored === undefined || person === undefined) return
  const [member] = await loadMembers(tx, site, new Date(now).toISOString().slice(0, 10), person)
  // Neither people who have left the site nor those who may not see the task any more are notified.
  const departments = [stored.row.department, stored.row.handOver?.department].filter((text) => text !== undefined)
  if (member === undefined || !departments.some((text) => canTake(member, text, pipeline))) return
  const { quietUntil } = await alertSender(options).quiet(tx, site, `person:${person}`, now)
  if (quietUntil !== undefined && quietUntil > now) {
    await addJobs(tx, [taskJob(site, telling, quietUntil)])
    return
  }
  const profile = await loadProfile(tx, person)
  if (profile === undefined) return
  const language = profile.settings.language ?? (await languageOfSite(tx, site))
  const timeZone = profile.settings.timeZone ?? pipeline.site.timeZone
  const style = { dateStyle: 'short', timeStyle: 'short', timeZone } as const
  const at = new Intl.DateTimeFormat(locales[language].formatTag, style).format(telling.stamp)
  const message = messageOf(stored, telling, pipeline, { language, at })
  const ways = await waysTo(tx, site, person, profile)
  await enqueueMessages(
    tx,
    site,
    ways.map((routes) => ({ routes, message })),
    now,
  )
  if (telling.kind !== 'update' && telling.kind !== 'waiting') return
  const kind = telling.kind === 'update' ? 'remindUpdate' : 'remindWaiting'
  await addEntries(tx, site, [{ taskId: telling.taskId, at: now, kind, target: member.name }])
  await announceChange(tx, site, 'tasks')
}

/** The person to notify. Undefined: the reason no longer applies. */
function receiverOf({ kind, stamp, person }: Telling, task: Task): string | undefined {
  const { state, assigneeId, assignedAt, handOver, nextUpdateAt, stateSince } = task
  if (task.closedAt !== undefined) return undefined
  switch (kind) {
    case 'asked':
      return state === 'unclaimed' && assigneeId === person && assignedAt === stamp ? person : undefined
    case 'offered':
      return handOver?.at === stamp ? person : undefined
    case 'update':
      return nextUpdateAt === stamp ? assigneeId : undefined
    case 'waiting':
      return state === 'waiting' && stateSince === stamp ? assigneeId : undefined
    case 'alertEnded':
      return assigneeId
  }
}

/** Contains the task and its order, but no customers or other people, whose names a site may hide. */
function messageOf(
  { row }: StoredTask,
  { kind, taskId, stamp }: Telling,
  { engine, privacy }: SitePipeline,
  { language, at }: { readonly language: ChannelMessage['language']; readonly at: string },
): ChannelMessage {
  const texts = serverTexts(language).tasks
  const { orderId: order } = row
  const known = order === '' ? undefined : engine.order(order)
  const names = {
    customers: [known?.head.attributes.customer],
    people: [row.createdBy ?? undefined, engine.open.get(known?.openSlot)?.visit.owner],
  }
  const title = maskedText(textIn(translatedName(row.title, row.titles), language), names, privacy.now)
  return {
    severity: kind === 'update' || kind === 'waiting' ? 'warning' : kind === 'alertEnded' ? 'resolved' : 'info',
    title: filled(texts[kind], { title }).slice(0, 200),
    lines: [
      ...(order === '' ? [] : [filled(texts.order, { order }).slice(0, 500)]),
      ...(kind === 'update' ? [filled(texts.promised, { at })] : []),
      ...(kind === 'waiting' ? [filled(texts.since, { at })] : []),
    ],
    link: `/tasks?task=${taskId}`,
    language,
    orders: order === '' ? [] : [order],
    dedupeKey: `task:${taskId}:${kind}:${stamp}`,
  }
}
