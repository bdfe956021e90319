import type { ApprovalFlow } from '@stagewatch/shared/domain/approvals/approval-flow.ts'
import type { ApprovalEntry, ApprovalOutcome } from '@stagewatch/shared/domain/approvals/approval-state.ts'
import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { instant, site } from './schema-columns.ts'
import { siteOf } from './schema.ts'

/** An order that waits, or waited, for approval in a stage. The decisions are in `approval_entries`. */
export const approvals = pgTable(
  'approvals',
  {
    site: siteOf(),
    id: bigint('id', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    orderId: text('order_id').notNull(),
    process: text('process').notNull(),
    stage: text('stage').notNull(),
    /** Number of the order's visit to the stage, from 1. */
    nth: integer('nth').notNull(),
    enteredAt: instant('entered_at').notNull(),
    openedAt: instant('opened_at').notNull(),
    /** The flow of the process when the approval was opened. */
    flow: jsonb('flow').$type<ApprovalFlow>().notNull(),
    /** Indexes of the steps that apply to the order. */
    steps: integer('steps').array().$type<readonly number[]>().notNull(),
    /** Department of the visit. Null: it has none. */
    department: text('department'),
    /** The requester's name in the event. Null: the event names nobody. */
    requester: text('requester'),
    /** Ids of the accounts with that name. */
    requesterIds: text('requester_ids').array().$type<readonly string[]>().notNull(),
    /** The order was imported, so nobody is notified. */
    isSilent: boolean('is_silent').notNull().default(false),
    /** Null: the approval is running. */
    outcome: text('outcome').$type<ApprovalOutcome>(),
    isAutomatic: boolean('is_automatic').notNull().default(false),
    endedAt: instant('ended_at'),
    /** When the event that moves the order was appended to the log. Null: not yet, or there is none. */
    movedAt: instant('moved_at'),
    /** Start of the wait for the current approvers. */
    waitingSince: instant('waiting_since').notNull(),
    /** The current approvers, as `person:` with an id or `lead:` with a department. */
    waitingFor: text('waiting_for').array().$type<readonly string[]>().notNull(),
    /** Incremented by each change; a job that was enqueued for an earlier revision does nothing. */
    revision: integer('revision').notNull().default(0),
    /** When the set of people who may decide next changes by time alone. Null: it does not. */
    nextAt: instant('next_at'),
    /** Flow, requester and entries are in a file of the archive of the order; its times stay for the analysis. */
    isArchived: boolean('is_archived').notNull().default(false),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.id] }),
    // An order has at most one running approval per stage, even if several instances open it.
    uniqueIndex('approvals_open')
      .on(t.site, t.orderId, t.stage)
      .where(sql`outcome is null`),
    // For the page of an order, and for approvals that an event of the order ends.
    index('approvals_order').on(t.site, t.orderId, t.id),
    // Running approvals by approver.
    index('approvals_waiting')
      .using('gin', t.waitingFor)
      .where(sql`outcome is null`),
    // Approvals by requester.
    index('approvals_requesters').using('gin', t.requesterIds),
    // Approvals decided in a period.
    index('approvals_ended')
      .on(t.site, t.endedAt)
      .where(sql`outcome is not null`),
    // All running approvals.
    index('approvals_running')
      .on(t.site, t.id)
      .where(sql`outcome is null`),
  ],
)

const ofApproval = () => ({ site: site(), approvalId: bigint('approval_id', { mode: 'number' }).notNull() })

/** The append-only entries of an approval, see `ApprovalEntry`. */
export const approvalEntries = pgTable(
  'approval_entries',
  {
    ...ofApproval(),
    id: bigint('id', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    at: instant('at').notNull(),
    kind: text('kind').$type<ApprovalEntry['kind']>().notNull(),
    step: integer('step'),
    slot: integer('slot'),
    /** Who did it. Null: a time-out, a rule or an event. Names are stored because accounts can be deleted. */
    byId: text('by_id'),
    byName: text('by_name'),
    /** The person on whose behalf it was done. */
    forId: text('for_id'),
    forName: text('for_name'),
    /** The person who was added or delegated to. */
    toId: text('to_id'),
    toName: text('to_name'),
    how: text('how').$type<'desk' | 'link'>(),
    comment: text('comment'),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.id] }),
    foreignKey({ columns: [t.site, t.approvalId], foreignColumns: [approvals.site, approvals.id] }).onDelete('cascade'),
    // The entries of one approval, in order.
    index('approval_entries_approval').on(t.site, t.approvalId, t.id),
    // An approver decides at most once and times out at most once.
    uniqueIndex('approval_entries_once')
      .on(t.site, t.approvalId, t.step, t.slot, sql`(kind = 'timed-out')`)
      .where(sql`kind in ('approved', 'rejected', 'timed-out')`),
    // Entries by person.
    index('approval_entries_by')
      .on(t.site, t.byId, t.id)
      .where(sql`by_id is not null`),
  ],
)

/** The people who were asked to decide in a step, and the link with which each can decide without signing in. */
export const approvalLinks = pgTable(
  'approval_links',
  {
    ...ofApproval(),
    step: integer('step').notNull(),
    personId: text('person_id').notNull(),
    /** Hash of the token in the link, see `tokenHash`. */
    hash: text('hash').notNull(),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    usedAt: instant('used_at'),
  },
  (t) => [
    // Nobody is notified twice in a step.
    primaryKey({ columns: [t.site, t.approvalId, t.step, t.personId] }),
    foreignKey({ columns: [t.site, t.approvalId], foreignColumns: [approvals.site, approvals.id] }).onDelete('cascade'),
    uniqueIndex('approval_links_hash').on(t.hash),
  ],
)
