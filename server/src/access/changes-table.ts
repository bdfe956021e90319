import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { changes } from '@stagewatch/db/schema.ts'
import { anyOf } from '@stagewatch/db/sql-expressions.ts'
import { changeActions, processChanges } from '@stagewatch/shared/contract/changes.ts'
import { and, desc, eq, getTableColumns, gt, lt, sql } from 'drizzle-orm'
import type { Actor } from './actor.ts'

/** Something of a site's rules that somebody changed. */
export interface RecordedChange {
  /** Epoch ms by the clock of the server that did it. */
  readonly changedAt: number
  readonly actor: Actor
  readonly action: ChangeAction
  /** Code of what was changed; empty for the choice of calendars. */
  readonly subject: string
  /** The whole of it before; null: there was none. */
  readonly before: unknown
  readonly after: unknown
  /** Why; left out: nobody was asked. */
  readonly reason?: string | undefined
  /** Epoch ms from when a version of a process counts; left out: what was valid was corrected. */
  readonly validFrom?: number | undefined
}

type ChangeAction = (typeof changeActions)[number]

/** Belongs into the transaction of the change itself. */
export async function recordChange(tx: Queryable, site: string, { actor, ...change }: RecordedChange): Promise<void> {
  await drizzleOn(tx)
    .insert(changes)
    .values({ site, actorKind: actor.kind, actor: actor.name, ...change })
}

/** Which changes: those after an instant (epoch ms); of these those that were recorded before another. */
interface ChangeQuestion {
  readonly after: number
  /** Id of a change; undefined: from the newest on. */
  readonly before?: number | undefined
  readonly limit: number
  readonly actions?: readonly ChangeAction[]
  /** Undefined: of everything. */
  readonly subject?: string | undefined
}

/** A change as it is stored. `id` grows with each. */
export type StoredChange = RecordedChange & { readonly id: number }

const { site: _site, actorKind, actor, reason, validFrom, ...columns } = getTableColumns(changes)

/** The changes of a site, the newest first; all of them, or those of some actions. */
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

/** Codes of the stages of a process that somebody has ever saved or released; the others it has learned from events. */
export async function savedStages(db: Queryable, site: string, process: string): Promise<ReadonlySet<string>> {
  const rows = await drizzleOn(db).execute<{ code: string }>(sql`
    select distinct code #>> '{}' as code
    from ${changes}, jsonb_path_query(${changes.after}, '$[*].definition.stages[*].code') as t(code)
    where ${changes.site} = ${site} and ${anyOf(changes.action, processChanges)}
      and ${changes.subject} = ${process}`)
  return new Set(rows.map(({ code }) => code))
}
