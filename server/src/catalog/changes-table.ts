import { epochMs, toInstant } from '@stagewatch/db/database.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import { changeActions } from '@stagewatch/shared/contract/changes.ts'

/** Something of a site's rules that somebody changed. */
export interface RecordedChange {
  /** Epoch ms by the clock of the server that did it. */
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

type ChangeAction = (typeof changeActions)[number]

/** Belongs into the transaction of the change itself. */
export async function recordChange(
  tx: Queryable,
  site: string,
  { changedAt, actor, action, subject, before, after }: RecordedChange,
): Promise<void> {
  await tx.query(
    `insert into changes (site, changed_at, actor, action, subject, before, after)
     values ($1, ${toInstant('$2::float8')}, $3, $4, $5, $6::text::jsonb, $7::text::jsonb)`,
    [site, changedAt, actor, action, subject, json(before), json(after)],
  )
}

/** The changes of a site after an instant, the newest first; all of them, or those of some actions. */
export async function loadChanges(
  db: Queryable,
  site: string,
  after: number,
  limit = 1_000,
  actions: readonly ChangeAction[] = changeActions,
): Promise<RecordedChange[]> {
  const rows = await db.query<RecordedChange>(
    `select ${epochMs('changed_at')} as "changedAt", actor, action, subject, before, after from changes
     where site = $1 and changed_at > ${toInstant('$2::float8')} and action = any($4::text[])
     order by id desc limit $3`,
    [site, after, limit, actions],
  )
  return rows.map((row) => ({ ...row, changedAt: Math.round(row.changedAt) }))
}

function json(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value)
}
