import { approvalEntries, approvalLinks, approvals } from '@stagewatch/db/approvals-schema.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { anyOf } from '@stagewatch/db/sql-expressions.ts'
import type { ApprovalFlow } from '@stagewatch/shared/domain/approvals/approval-flow.ts'
import { and, asc, eq, getTableColumns, isNotNull, not, sql } from 'drizzle-orm'
import { z } from 'zod'
import { inStatements } from '../log/in-statements.ts'
import { archivePart } from './archive-part.ts'

type StoredEntry = Omit<typeof approvalEntries.$inferSelect, 'site' | 'approvalId'>

/** What moves of an approval: who was asked, who decided, and what they wrote. */
export interface ArchivedApproval extends Pick<
  typeof approvals.$inferSelect,
  'id' | 'orderId' | 'flow' | 'steps' | 'requester' | 'requesterIds'
> {
  readonly entries: readonly StoredEntry[]
}

/** As the server has written it, with instants in epoch ms. The hash of the file shows that nobody changed it. */
const approvalLine = z.strictObject({
  order: z.string(),
  id: z.int(),
  flow: z.custom<ApprovalFlow>(),
  steps: z.array(z.int()),
  requester: z.string().nullable(),
  requesterIds: z.array(z.string()),
  entries: z.array(z.custom<StoredEntry>()),
})

const withoutDetails = { flow: { steps: [] }, steps: [], requester: null, requesterIds: [] } as const

/**
 * The approvals of archived orders. Their rows stay with order, stage, times and outcome, because the analysis of
 * approvals is computed from them. Links are deleted: nobody can decide any more.
 */
export const approvalsPart = archivePart<ArchivedApproval>({
  name: 'approvals',

  async load(db, site, orders) {
    const { id, orderId, flow, steps, requester, requesterIds, outcome, isArchived } = approvals
    const on = drizzleOn(db)
    const found = await on
      .select({ id, orderId, flow, steps, requester, requesterIds })
      .from(approvals)
      .where(and(eq(approvals.site, site), anyOf(orderId, orders), isNotNull(outcome), not(isArchived)))
    if (found.length === 0) return []
    const { site: _site, ...columns } = getTableColumns(approvalEntries)
    const ids = found.map((one) => one.id)
    const entries = await inStatements(ids, (some) =>
      on
        .select(columns)
        .from(approvalEntries)
        .where(and(eq(approvalEntries.site, site), anyOf(approvalEntries.approvalId, some)))
        .orderBy(asc(approvalEntries.id)),
    )
    const byApproval = Map.groupBy(entries.flat(), ({ approvalId }) => approvalId)
    return found.map((one) => ({
      ...one,
      entries: (byApproval.get(one.id) ?? []).map(({ approvalId: _approval, ...entry }) => entry),
    }))
  },

  lineOf({ orderId, id, flow, steps, requester, requesterIds, entries }) {
    return { order: orderId, id, flow, steps, requester, requesterIds, entries }
  },

  rowOf(line) {
    const { order, ...rest } = approvalLine.parse(line)
    return { orderId: order, ...rest }
  },

  async remove(tx, site, rows) {
    const on = drizzleOn(tx)
    const ids = rows.map(({ id }) => id)
    for (const table of [approvalEntries, approvalLinks])
      await inStatements(ids, (some) =>
        on.delete(table).where(and(eq(table.site, site), anyOf(table.approvalId, some))),
      )
    await inStatements(ids, (some) =>
      on
        .update(approvals)
        .set({ ...withoutDetails, isArchived: true })
        .where(and(eq(approvals.site, site), anyOf(approvals.id, some))),
    )
  },

  async insert(tx, site, rows) {
    const on = drizzleOn(tx)
    const { id, isArchived } = approvals
    const updated = await inStatements(rows, (some) => {
      const details = some.map(({ orderId: _order, entries: _entries, ...one }) => one)
      return on
        .update(approvals)
        .set({
          flow: sql`t.flow`,
          steps: sql`t.steps`,
          requester: sql`t.requester`,
          requesterIds: sql`t."requesterIds"`,
          isArchived: false,
        })
        .from(
          sql`jsonb_to_recordset(${JSON.stringify(details)}::jsonb)
            as t(id bigint, flow jsonb, steps int[], requester text, "requesterIds" text[])`,
        )
        .where(and(eq(approvals.site, site), sql`${id} = t.id`, isArchived))
        .returning({ id })
    })
    const back = new Set(updated.flat().map((one) => one.id))
    const entries = rows.flatMap((one) =>
      back.has(one.id) ? one.entries.map((entry) => ({ site, approvalId: one.id, ...entry })) : [],
    )
    await inStatements(entries, (some) =>
      on
        .insert(approvalEntries)
        .overridingSystemValue()
        .values([...some])
        .onConflictDoNothing(),
    )
    return back.size
  },
})
