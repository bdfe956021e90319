import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { changes } from '@stagewatch/db/schema.ts'
import { anyOf } from '@stagewatch/db/sql-expressions.ts'
import { changeActions, processChanges } from '@stagewatch/shared/contract/changes.ts'
import { and, desc, eq, getTableColumns, gt, lt, sql } from 'drizzle-orm'
import type { Actor } from './actor.ts'

/** A change that somebody made to the rules of a site. */
export interface RecordedChange {
  /** Epoch ms, by the clock of the server that made the change. */
  readonly changedAt: number
  readonly actor: Actor
  readonly action: ChangeAction
  /** Code of what was changed; empty for the choice of calendars. */
  readonly subject: string
  /** The whole state before the change; null if there was none. */
  readonly before: unknown
  readonly after: unknown
  /** The reason; omitted if nobody was asked for one. */
  readonly reason?: string | undefined
  /** Start of validity of a process version, epoch ms; omitted if the current version was corrected. */
  readonly validFrom?: number | undefined
}

type ChangeAction = (typeof changeActions)[number]

/** To be called in the transaction of the change itself. */
export async function recordChange(tx: Queryable, site: string, { actor, ...change }: RecordedChange): Promise<void> {
  await drizzleOn(tx)
    .insert(changes)
    .values({ site, actorKind: actor.kind, actor: actor.name, ...change })
}

/** Selects changes after an instant (epoch ms), and before another change in the record. */
interface ChangeQuestion {
  readonly after: number
  /** Id of a change; undefined to start at the newest. */
  readonly before?: number | undefined
  readonly limit: number
  readonly actions?: readonly ChangeAction[]
  /** Undefined selects all subjects. */
  readonly subject?: string | undefined
}

/** A stored change. `id` increases with every change. */
export type StoredChange = RecordedChange & { readonly id: number }

const { site: _site, tx: _tx, actorKind, actor, reason, validFrom, ...columns } = getTableColumns(changes)

/** The changes of a site, newest first; all of them, or those of some actions. */
export async function loadChanges(
  db: Queryable,
  site: string,
  { after, before, limit, actions = changeActions, subject }: ChangeQuestion,
): Promise<StoredChange[]> {
  const rows = await drizzleOn(db)
    .select({ ...columns, reason, validFrom, actor: { kind: actorKind, name: actor } })
    .from(changes)
    .where(
      and(
        eq(changes.site, site),
        gt(changes.changedAt, after),
        anyOf(changes.action, actions),
        subject === undefined ? undefined : eq(changes.subject, subject),
        before === undefined ? undefined : lt(changes.id, before),
      ),
    )
    .orderBy(desc(changes.id))
    .limit(limit)
  return rows.map(({ reason: why, validFrom: from, ...row }) => ({
    ...row,
    ...(why !== null && { reason: why }),
    ...(from !== null && { validFrom: from }),
  }))
}

/** Codes of the stages of a process that somebody has ever saved or released; all others were learned from events. */
export async function savedStages(db: Queryable, site: string, process: string): Promise<ReadonlySet<string>> {
  const rows = await drizzleOn(db).execute<{ code: string }>(sql`
    select distinct code #>> '{}' as code
    from ${changes}, jsonb_path_query(${changes.after}, '$[*].definition.stages[*].code') as t(code)
    where ${changes.site} = ${site} and ${anyOf(changes.action, processChanges)}
      and ${changes.subject} = ${process}`)
  return new Set(rows.map(({ code }) => code))
}
