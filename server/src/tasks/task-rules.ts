import { isDeepStrictEqual } from 'node:util'
import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { sites } from '@stagewatch/db/schema.ts'
import { taskRules } from '@stagewatch/shared/contract/tasks.ts'
import { defaultTaskRules } from '@stagewatch/shared/domain/tasks/assign-tasks.ts'
import type { TaskRules } from '@stagewatch/shared/domain/tasks/assign-tasks.ts'
import { eq } from 'drizzle-orm'
import type { Actor } from '../access/actor.ts'
import { recordChange } from '../access/changes-table.ts'
import { addJobs } from '../platform/jobs.ts'
import { requireVersion } from '../platform/edit-version.ts'
import type { ExpectedVersion } from '../platform/edit-version.ts'
import { announceChange } from '../platform/site-changes.ts'
import { assignJob } from './task-jobs.ts'

/** Rules by which the site assigns and closes tasks. */
export async function loadTaskRules(db: Queryable, site: string): Promise<TaskRules> {
  return storedIn(await select(db, site))
}

/** @throws AppError `conflict` if somebody else has changed them. */
export async function changeTaskRules(
  database: Database,
  site: string,
  after: TaskRules,
  {
    actor,
    expected,
    changedAt,
  }: { readonly actor: Actor; readonly expected: ExpectedVersion; readonly changedAt: number },
): Promise<void> {
  await database.transaction(async (tx) => {
    const before = storedIn(await select(tx, site).for('update'))
    requireVersion(expected, { current: before, yours: after })
    if (isDeepStrictEqual(before, after)) return
    await saveTaskRules(tx, site, after, changedAt)
    await recordChange(tx, site, { changedAt, actor, action: 'task-rules.changed', subject: '', before, after })
  })
}

/** Also assigns the open tasks by the new rules. @param now epoch ms. */
export async function saveTaskRules(tx: Queryable, site: string, after: TaskRules, now: number): Promise<void> {
  await drizzleOn(tx).update(sites).set({ taskRules: after }).where(eq(sites.code, site))
  await addJobs(tx, [assignJob(site, now)])
  await announceChange(tx, site, 'tasks')
}

function select(db: Queryable, site: string) {
  return drizzleOn(db).select({ stored: sites.taskRules }).from(sites).where(eq(sites.code, site))
}

function storedIn([row]: readonly { readonly stored: unknown }[]): TaskRules {
  return row?.stored === null || row === undefined ? defaultTaskRules : taskRules.parse(row.stored)
}
