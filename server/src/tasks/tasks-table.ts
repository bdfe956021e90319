import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { sites } from '@stagewatch/db/schema.ts'
import { taskEntries, tasks } from '@stagewatch/db/tasks-schema.ts'
import { maxOpenTasks } from '@stagewatch/shared/contract/tasks.ts'
import type { LocalText } from '@stagewatch/shared/domain/local-text.ts'
import type { AssignReason } from '@stagewatch/shared/domain/tasks/assign-tasks.ts'
import type { Task } from '@stagewatch/shared/domain/tasks/task-state.ts'
import { newTask } from '@stagewatch/shared/domain/tasks/task-state.ts'
import { and, count, eq, getTableColumns, isNull, lt, sql } from 'drizzle-orm'

const { site: _site, ...columns } = getTableColumns(tasks)
export const taskColumns = columns
export type TaskRow = Omit<typeof tasks.$inferSelect, 'site'>

export interface StoredTask {
  readonly row: TaskRow
  readonly task: Task
}

export interface NewTask extends Pick<TaskRow, 'title' | 'orderId' | 'process' | 'stage' | 'department'> {
  /** Translations of the title. Undefined: somebody typed it. */
  readonly titles?: LocalText | undefined
  readonly requestId?: string | undefined
  readonly alertId?: number | undefined
  readonly skill?: string | undefined
  /** Undefined: created by a rule. */
  readonly createdBy?: string | undefined
}

export function isTask(site: string, id: number) {
  return and(eq(tasks.site, site), eq(tasks.id, id))
}

/** Locks a task until the transaction ends. */
export async function lockTask(tx: Queryable, site: string, id: number): Promise<StoredTask | undefined> {
  const [row] = await drizzleOn(tx).select(columns).from(tasks).where(isTask(site, id)).for('update')
  return row && { row, task: taskOf(row) }
}

/** Arbitrary constant: first half of the key of the advisory locks on a site's tasks. The second half is the site. */
const lockSpace = 5_317

/** Blocks others from creating or assigning tasks of the site until the transaction ends, so that limits hold. */
export async function lockTasksOf(tx: Queryable, site: string): Promise<void> {
  await drizzleOn(tx).execute(sql`select pg_advisory_xact_lock(${lockSpace}, hashtext(${site}))::text`)
}

/** How many more tasks the site may have. Call it after `lockTasksOf`. */
export async function roomForTasks(tx: Queryable, site: string): Promise<number> {
  const [row] = await drizzleOn(tx)
    .select({ open: count() })
    .from(tasks)
    .where(and(eq(tasks.site, site), isNull(tasks.closedAt)))
  return Math.max(0, maxOpenTasks - (row?.open ?? 0))
}

/** @returns the created tasks; skips those whose request is stored already or whose alert has an open task. */
export async function insertTasks(tx: Queryable, site: string, added: readonly NewTask[], now: number) {
  if (added.length === 0) return []
  const rows = await drizzleOn(tx)
    .insert(tasks)
    .values(added.map((one) => ({ site, ...one, ...newTask(one.department, now), createdAt: now })))
    .onConflictDoNothing()
    .returning({ id: tasks.id, createdBy: tasks.createdBy })
  await addEntries(
    tx,
    site,
    rows.map(({ id, createdBy }) => ({ taskId: id, at: now, kind: 'created', by: createdBy, to: 'unclaimed' })),
  )
  return rows
}

/** Stores a changed task as the next revision. @param assignReason null: a person has decided. */
export async function saveTask(
  tx: Queryable,
  site: string,
  { row }: StoredTask,
  task: Task,
  assignReason: AssignReason | null = row.assignReason,
): Promise<void> {
  await drizzleOn(tx)
    .update(tasks)
    .set({
      state: task.state,
      stateSince: task.stateSince,
      department: task.department,
      assigneeId: task.assigneeId ?? null,
      assignedAt: task.assignedAt ?? null,
      assignReason,
      confirmedAt: task.confirmedAt ?? null,
      handOver: task.handOver ?? null,
      waitingFor: task.waitingFor ?? null,
      nextUpdateAt: task.nextUpdateAt ?? null,
      doneById: task.doneById ?? null,
      closedAt: task.closedAt ?? null,
      sentBackCount: task.sentBackCount,
      revision: row.revision + 1,
    })
    .where(isTask(site, row.id))
}

export type TaskEntry = Omit<typeof taskEntries.$inferInsert, 'site' | 'id'>

export async function addEntries(tx: Queryable, site: string, entries: readonly TaskEntry[]): Promise<void> {
  if (entries.length === 0) return
  await drizzleOn(tx)
    .insert(taskEntries)
    .values(entries.map((entry) => ({ site, ...entry })))
}

/** Retention of closed tasks. */
const keptDays = 400

export async function deleteOldTasks(db: Queryable): Promise<void> {
  // One site at a time, so that the index is used.
  for (const { code } of await drizzleOn(db).select({ code: sites.code }).from(sites)) {
    const before = sql`now() - make_interval(days => ${keptDays})`
    await drizzleOn(db)
      .delete(tasks)
      .where(and(eq(tasks.site, code), lt(tasks.closedAt, before)))
  }
}

export function taskOf(row: TaskRow): Task {
  return {
    state: row.state,
    stateSince: row.stateSince,
    department: row.department,
    sentBackCount: row.sentBackCount,
    assigneeId: row.assigneeId ?? undefined,
    assignedAt: row.assignedAt ?? undefined,
    confirmedAt: row.confirmedAt ?? undefined,
    handOver: row.handOver ?? undefined,
    waitingFor: row.waitingFor ?? undefined,
    nextUpdateAt: row.nextUpdateAt ?? undefined,
    doneById: row.doneById ?? undefined,
    closedAt: row.closedAt ?? undefined,
  }
}
