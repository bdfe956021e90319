import { epochMs, toInstant } from '@stagewatch/db/database.ts'
import type { Queryable } from '@stagewatch/db/database.ts'

/** Something of a site's rules that somebody changed. */
export interface RecordedChange {
  /** Epoch ms by the database's clock. */
  readonly changedAt: number
  /** Name of the key that did it. */
  readonly actor: string
  readonly action: ChangeAction
  /** Code of what was changed; empty for the choice of calendars. */
  readonly subject: string
  /** The whole of it before; null: there was none. */
  readonly before: unknown
  readonly after: unknown
}

export const changeActions = ['process.saved', 'calendar.saved', 'calendars.chosen'] as const
export type ChangeAction = (typeof changeActions)[number]

/** Belongs into the transaction of the change itself. */
export async function recordChange(
  tx: Queryable,
  site: string,
  { actor, action, subject, before, after }: Omit<RecordedChange, 'changedAt'>,
): Promise<void> {
  await tx.query(
    `insert into changes (site, actor, action, subject, before, after)
     values ($1, $2, $3, $4, $5::text::jsonb, $6::text::jsonb)`,
    [site, actor, action, subject, json(before), json(after)],
  )
}

/** The changes of a site after an instant, the newest first. */
export async function loadChanges(
  db: Queryable,
  site: string,
  after: number,
  limit = 1_000,
): Promise<RecordedChange[]> {
  const rows = await db.query<RecordedChange>(
    `select ${epochMs('changed_at')} as "changedAt", actor, action, subject, before, after from changes
     where site = $1 and changed_at > ${toInstant('$2::float8')} order by id desc limit $3`,
    [site, after, limit],
  )
  return rows.map((row) => ({ ...row, changedAt: Math.round(row.changedAt) }))
}

function json(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value)
}
