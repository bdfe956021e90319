import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { tasks } from '@stagewatch/db/tasks-schema.ts'
import { anyOf } from '@stagewatch/db/sql-expressions.ts'
import { maxOpenTasks } from '@stagewatch/shared/contract/tasks.ts'
import { presenceAt } from '@stagewatch/shared/domain/presence.ts'
import { assignTasks } from '@stagewatch/shared/domain/tasks/assign-tasks.ts'
import type { Candidate } from '@stagewatch/shared/domain/tasks/assign-tasks.ts'
import { askToTake } from '@stagewatch/shared/domain/tasks/task-state.ts'
import { and, asc, count, eq, gt, inArray, isNotNull, isNull, max, sql } from 'drizzle-orm'
import { findDeputies, findReceivers } from '../alerts/receivers.ts'
import type { Receiver } from '../alerts/receivers.ts'
import { addJobs } from '../platform/jobs.ts'
import { announceChange } from '../platform/site-changes.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import { loadMembers } from '../team/members-table.ts'
import type { StoredMember } from '../team/members-table.ts'
import { workingPerson } from '../team/working-person.ts'
import { assignAgainJob, taskJob } from './task-jobs.ts'
import { loadTaskRules } from './task-rules.ts'
import { addEntries, lockTask, lockTasksOf, saveTask, taskColumns, taskOf } from './tasks-table.ts'

const minuteMs = 60_000
/** How far back the last assignment of a person is considered. */
const rememberedMs = 7 * 24 * 60 * minuteMs

/** A person of a site with their workload. */
export interface LoadedMember extends StoredMember {
  readonly isPresent: boolean
  /** Tasks that they have or are asked to take. */
  readonly openCount: number
}

/** People who can be given tasks. */
export async function loadWorkload(db: Queryable, pipeline: SitePipeline, now: number): Promise<LoadedMember[]> {
  const site = pipeline.site.code
  const members = await loadMembers(db, site, new Date(now - 86_400_000).toISOString().slice(0, 10))
  const rows = await drizzleOn(db)
    .select({ id: tasks.assigneeId, open: count() })
    .from(tasks)
    .where(
      and(
        eq(tasks.site, site),
        isNull(tasks.closedAt),
        isNotNull(tasks.assigneeId),
        // A person whose task waits for verification has done their part.
        inArray(tasks.state, ['unclaimed', 'inProgress', 'waiting']),
      ),
    )
    .groupBy(tasks.assigneeId)
  const open = new Map(rows.map((row) => [row.id, row.open]))
  return members.map((member) => ({
    ...member,
    isPresent: presenceAt(workingPerson(member, pipeline, now), now).state === 'here',
    openCount: open.get(member.id) ?? 0,
  }))
}

/**
 * Asks people to take the tasks that nobody has been asked to take, oldest first, in the transaction that ends the job.
 * A task that stays unassigned stores the reason, and is tried again a minute later.
 */
export async function assignOpenTasks(tx: Queryable, pipeline: SitePipeline, now: number): Promise<void> {
  const site = pipeline.site.code
  const rules = await loadTaskRules(tx, site)
  if (!rules.assigns) return
  await lockTasksOf(tx, site)
  const rows = await drizzleOn(tx)
    .select(taskColumns)
    .from(tasks)
    .where(
      and(
        eq(tasks.site, site),
        isNull(tasks.closedAt),
        eq(tasks.state, 'unclaimed'),
        isNull(tasks.assigneeId),
        isNull(tasks.handOver),
        // Otherwise a task that somebody put back by hand could return to them.
        sql`${tasks.assignReason} is distinct from 'released'`,
      ),
    )
    .orderBy(asc(tasks.createdAt), asc(tasks.id))
    // Reads all of them, because the oldest may wait for days and must not block newer ones.
    .limit(maxOpenTasks)
    .for('update')
  if (rows.length === 0) return
  const { texts } = pipeline.departments
  const open = rows.map(({ id, department, skill, createdAt }) => {
    return { id, department: texts.keyOf(department), skill: skill ?? undefined, createdAt }
  })
  const candidates = await loadCandidates(tx, pipeline, now)
  const byId = new Map(rows.map((row) => [row.id, row]))
  let isChanged = false
  let isLeft = false
  for (const { task, assignment } of assignTasks(open, candidates, rules, now)) {
    const row = byId.get(task.id)
    if (row === undefined) continue
    if (assignment.to === undefined) {
      isLeft = true
      if (row.assignReason === assignment.why) continue
      await drizzleOn(tx)
        .update(tasks)
        .set({ assignReason: assignment.why })
        .where(and(eq(tasks.site, site), eq(tasks.id, task.id)))
    } else {
      const { to, why } = assignment
      await saveTask(tx, site, { row, task: taskOf(row) }, askToTake(taskOf(row), to, now), why)
      const target = candidates.find(({ id }) => id === to)?.name ?? ''
      await addEntries(tx, site, [{ taskId: task.id, at: now, kind: 'autoAssign', target }])
      await addJobs(tx, [
        taskJob(site, { kind: 'asked', taskId: task.id, stamp: now, person: to }, now),
        taskJob(site, { kind: 'escalate', taskId: task.id, stamp: now }, now + rules.confirmMinutes * minuteMs),
      ])
    }
    isChanged = true
  }
  if (isLeft) await addJobs(tx, [assignAgainJob(site, now)])
  if (isChanged) await announceChange(tx, site, 'tasks')
}

/** People who work on orders; site managers and read-only users are given no tasks. */
async function loadCandidates(
  tx: Queryable,
  pipeline: SitePipeline,
  now: number,
): Promise<(Candidate & { readonly name: string })[]> {
  const { texts } = pipeline.departments
  const people = (await loadWorkload(tx, pipeline, now)).filter(({ role }) => role === 'operator' || role === 'lead')
  const ids = people.map(({ id }) => id)
  const given = await drizzleOn(tx)
    .select({ id: tasks.assigneeId, at: max(tasks.assignedAt).mapWith(tasks.assignedAt) })
    .from(tasks)
    .where(
      and(eq(tasks.site, pipeline.site.code), anyOf(tasks.assigneeId, ids), gt(tasks.assignedAt, now - rememberedMs)),
    )
    .groupBy(tasks.assigneeId)
  const last = new Map(given.map((row) => [row.id, row.at]))
  return people.map(({ id, name, departments, skills, isPresent, openCount }) => ({
    id,
    name,
    departments: departments?.map((text) => texts.keyOf(text)),
    skills,
    isPresent,
    openCount,
    lastAssignedAt: last.get(id) ?? undefined,
  }))
}

/** Asks the lead of the department instead of a person who has not confirmed in time. */
export async function escalate(
  tx: Queryable,
  pipeline: SitePipeline,
  { taskId, stamp }: { readonly taskId: number; readonly stamp: number },
  now: number,
): Promise<void> {
  const site = pipeline.site.code
  const stored = await lockTask(tx, site, taskId)
  if (stored?.task.state !== 'unclaimed' || stored.task.assignedAt !== stamp) return
  if (stored.row.assignReason === 'escalated') return
  const [lead] = await findLeads(tx, pipeline, stored.task.department, now)
  const id = lead?.key.slice('person:'.length)
  // If there is nobody else, the same person stays asked.
  const next = id === undefined || id === stored.task.assigneeId ? stored.task : askToTake(stored.task, id, now)
  await saveTask(tx, site, stored, next, 'escalated')
  await addEntries(tx, site, [{ taskId, at: now, kind: 'escalate', target: lead?.name ?? null }])
  if (next !== stored.task) await addJobs(tx, [taskJob(site, { kind: 'asked', taskId, stamp: now, person: id }, now)])
  await announceChange(tx, site, 'tasks')
}

/** The leads of a department who are not absent: the named lead, otherwise people with the lead role. */
export async function findLeads(
  db: Queryable,
  pipeline: SitePipeline,
  department: string,
  now: number,
): Promise<Receiver[]> {
  const site = pipeline.site.code
  const concerned = { department: department === '' ? undefined : department }
  const key = pipeline.departments.texts.keyOf(department)
  const leadId = pipeline.departments.now.find((one) => one.key === key)?.leadId
  const named = leadId === undefined ? [] : await findReceivers(db, site, [{ kind: 'person', id: leadId }], concerned)
  const leads = named.length > 0 ? named : await findReceivers(db, site, [{ kind: 'leads' }], concerned)
  // The deputy of an absent lead comes first.
  return [...(await findDeputies(db, pipeline, leads.slice(0, 1), concerned, now)), ...leads]
}
