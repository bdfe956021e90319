import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { memberships, users } from '@stagewatch/db/people-schema.ts'
import { tasks } from '@stagewatch/db/tasks-schema.ts'
import { moveTask } from '@stagewatch/shared/domain/tasks/task-state.ts'
import { and, asc, eq, inArray, isNotNull, isNull, ne, or, sql } from 'drizzle-orm'
import { addJobs } from '../platform/jobs.ts'
import { announceChange } from '../platform/site-changes.ts'
import { assignJob } from './task-jobs.ts'
import { loadTaskRules } from './task-rules.ts'
import { addEntries, saveTask, taskColumns, taskOf } from './tasks-table.ts'

/** Maximum number of tasks released in one transaction. */
const releasedAtOnce = 100

/** Anybody may decide about a task whose assignee cannot. */
const nobody = { departments: undefined, isManager: true } as const

/**
 * Puts back tasks whose assignee has left the site, was disabled, or whose account was deleted, so that they are
 * assigned again. Work that waits for verification stays: somebody else verifies it.
 */
export async function releaseTasksOfLeavers(database: Database, now: number): Promise<void> {
  const found = await drizzleOn(database).selectDistinct({ site: tasks.site }).from(tasks).where(isAbandoned())
  for (const { site } of found) {
    for (;;) {
      const released = await database.transaction((tx) => releaseSome(tx, site, now))
      if (released < releasedAtOnce) break
    }
  }
}

/** @returns the number of released tasks. */
async function releaseSome(tx: Queryable, site: string, now: number): Promise<number> {
  const rows = await drizzleOn(tx)
    .select(taskColumns)
    .from(tasks)
    .where(and(eq(tasks.site, site), isAbandoned()))
    .orderBy(asc(tasks.id))
    .limit(releasedAtOnce)
    .for('update')
  if (rows.length === 0) return 0
  const rules = await loadTaskRules(tx, site)
  for (const row of rows) {
    const task = taskOf(row)
    const moved = moveTask(task, { kind: 'release' }, nobody, now, rules)
    if (moved.ok) await saveTask(tx, site, { row, task }, moved.task, null)
  }
  await addEntries(
    tx,
    site,
    rows.map(({ id, state }) => ({ taskId: id, at: now, kind: 'assigneeLeft', from: state, to: 'unclaimed' })),
  )
  await addJobs(tx, [assignJob(site, now)])
  await announceChange(tx, site, 'tasks')
  return rows.length
}

/** Conditions of an open task that is in the hands of nobody who could work on it. */
function isAbandoned() {
  const isMember = sql`exists (
    select from ${memberships} m join ${users} u on u.id = m.user_id
    where m.site = ${tasks.site} and m.user_id = ${tasks.assigneeId} and u.disabled_at is null)`
  const isTaken = inArray(tasks.state, ['inProgress', 'waiting'])
  return and(
    isNull(tasks.closedAt),
    or(
      and(isNull(tasks.assigneeId), isTaken),
      and(isNotNull(tasks.assigneeId), ne(tasks.state, 'toVerify'), sql`not ${isMember}`),
    ),
  )
}
