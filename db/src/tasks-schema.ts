import type { TaskEntryKind } from '@stagewatch/shared/contract/tasks.ts'
import type { AssignReason } from '@stagewatch/shared/domain/tasks/assign-tasks.ts'
import type { HandOver, TaskState } from '@stagewatch/shared/domain/tasks/task-state.ts'
import { sql } from 'drizzle-orm'
import { bigint, foreignKey, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { users } from './people-schema.ts'
import { instant, site } from './schema-columns.ts'
import { siteOf } from './schema.ts'

const person = (name: string) => text(name).references(() => users.id, { onDelete: 'set null' })

/** Work on an order, on an alert, or of any other kind; see `Task`. */
export const tasks = pgTable(
  'tasks',
  {
    site: siteOf(),
    id: bigint('id', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    /** Idempotency key chosen by the client, so that a retried request creates one task. Null: created by a rule. */
    requestId: text('request_id'),
    title: text('title').notNull(),
    /** A LocalText that contains `title`: the name of a ready-made rule. Null: somebody typed the title. */
    titles: jsonb('titles').$type<Readonly<Record<string, string>>>(),
    /** Empty: the task belongs to no order. */
    orderId: text('order_id').notNull().default(''),
    process: text('process').notNull().default(''),
    stage: text('stage').notNull().default(''),
    /** Null: no alert caused the task. The alert may have been deleted. */
    alertId: bigint('alert_id', { mode: 'number' }),
    /** When the alert ended. Null: it is still open. */
    alertEndedAt: instant('alert_ended_at'),
    /** Text of the department that the task belongs to. Empty: none. */
    department: text('department').notNull().default(''),
    /** Key of the required skill. Null: none is required. */
    skill: text('skill'),
    state: text('state').$type<TaskState>().notNull(),
    stateSince: instant('state_since').notNull(),
    /** The person who has the task, or is asked to take it. */
    assigneeId: person('assignee_id'),
    assignedAt: instant('assigned_at'),
    /** Why the rule chose this person or nobody. Null: no rule has evaluated the task yet, or a person decided. */
    assignReason: text('assign_reason').$type<AssignReason>(),
    confirmedAt: instant('confirmed_at'),
    handOver: jsonb('hand_over').$type<HandOver>(),
    waitingFor: text('waiting_for'),
    nextUpdateAt: instant('next_update_at'),
    doneById: person('done_by_id'),
    closedAt: instant('closed_at'),
    sentBackCount: integer('sent_back_count').notNull().default(0),
    createdAt: instant('created_at').notNull(),
    /** Display name of the creator. Null: created by a rule. */
    createdBy: text('created_by'),
    /** Incremented by each change; a move names the revision that its author has seen. */
    revision: integer('revision').notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.id] }),
    uniqueIndex('tasks_request').on(t.site, t.requestId),
    // An alert has at most one open task.
    uniqueIndex('tasks_alert')
      .on(t.site, t.alertId)
      .where(sql`closed_at is null`),
    // The board, and the assignment of open tasks.
    index('tasks_open')
      .on(t.site, t.createdAt)
      .where(sql`closed_at is null`),
    // Tasks on the page of an order.
    index('tasks_order')
      .on(t.site, t.orderId)
      .where(sql`order_id <> ''`),
    // Tasks closed today, and tasks due for deletion.
    index('tasks_closed')
      .on(t.site, t.closedAt)
      .where(sql`closed_at is not null`),
    // Today's time until confirmation.
    index('tasks_confirmed').on(t.site, t.confirmedAt),
    // When each person was last given a task.
    index('tasks_assigned').on(t.site, t.assigneeId, t.assignedAt),
  ],
)

/** Append-only history of tasks. */
export const taskEntries = pgTable(
  'task_entries',
  {
    site: site(),
    id: bigint('id', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    taskId: bigint('task_id', { mode: 'number' }).notNull(),
    at: instant('at').notNull(),
    kind: text('kind').$type<TaskEntryKind>().notNull(),
    /** Display name of the author. Null: the server. */
    by: text('by'),
    from: text('from_state').$type<TaskState>(),
    to: text('to_state').$type<TaskState>(),
    /** Name of the person or the department that the entry concerns. */
    target: text('target'),
    text: text('text'),
    until: instant('until'),
    /** How long an accepted hand-over had been pending. */
    tookMs: bigint('took_ms', { mode: 'number' }),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.id] }),
    foreignKey({ columns: [t.site, t.taskId], foreignColumns: [tasks.site, tasks.id] }).onDelete('cascade'),
    // The history of one task, in order.
    index('task_entries_task').on(t.site, t.taskId, t.id),
    // Tasks sent back today.
    index('task_entries_sent_back')
      .on(t.site, t.at)
      .where(sql`kind = 'sendBack'`),
  ],
)
