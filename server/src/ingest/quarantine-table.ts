import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { quarantine } from '@stagewatch/db/schema.ts'
import { anyOf } from '@stagewatch/db/sql-expressions.ts'
import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import { maxChosen } from '@stagewatch/shared/contract/quarantine.ts'
import type { QuarantineChoice, QuarantineList } from '@stagewatch/shared/contract/quarantine.ts'
import { and, count, desc, eq, lt, lte, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'

type QuarantinedEvent = QuarantineList['events'][number]

const { id, receivedAt, sender, code: ofCode, field, message, raw } = quarantine
const columns = { id, receivedAt, sender, code: ofCode, field, message, raw }

/** The newest first. */
export async function loadQuarantine(
  db: Queryable,
  site: string,
  {
    code,
    before,
    limit,
  }: { readonly code?: ProblemCode | undefined; readonly before?: number | undefined; readonly limit: number },
): Promise<QuarantineList> {
  const isWanted = [
    code === undefined ? undefined : eq(quarantine.code, code),
    before === undefined ? undefined : lt(quarantine.id, before),
  ]
  const rows = await drizzleOn(db)
    .select(columns)
    .from(quarantine)
    .where(and(eq(quarantine.site, site), ...isWanted))
    .orderBy(desc(quarantine.id))
    .limit(limit)
  const [counted] = await drizzleOn(db).select({ total: count() }).from(quarantine).where(eq(quarantine.site, site))
  return { total: counted?.total ?? 0, events: rows.map(eventOf) }
}

/** The oldest first. */
export async function loadChosen(db: Queryable, site: string, choice: QuarantineChoice): Promise<QuarantinedEvent[]> {
  const rows = await drizzleOn(db)
    .select(columns)
    .from(quarantine)
    .where(and(eq(quarantine.site, site), ...criteriaOf(choice)))
    .orderBy(quarantine.id)
    .limit(maxChosen)
  return rows.map(eventOf)
}

/** @returns the ids of those that were there. */
export async function deleteQuarantined(db: Queryable, site: string, ids: readonly number[]): Promise<number[]> {
  const rows = await drizzleOn(db)
    .delete(quarantine)
    .where(and(eq(quarantine.site, site), anyOf(quarantine.id, ids)))
    .returning({ deleted: quarantine.id })
  return rows.map(({ deleted }) => deleted)
}

/** Events that nobody has looked after for so long help nobody any more. */
export async function deleteOldQuarantine(db: Queryable): Promise<void> {
  await drizzleOn(db)
    .delete(quarantine)
    .where(lt(quarantine.receivedAt, sql`now() - interval '30 days'`))
}

interface Row extends Pick<QuarantinedEvent, 'id' | 'receivedAt' | 'sender' | 'code' | 'message' | 'raw'> {
  readonly field: string | null
}

function eventOf({ field: named, ...row }: Row): QuarantinedEvent {
  return { ...row, ...(named !== null && { field: named }) }
}

function criteriaOf(choice: QuarantineChoice): (SQL | undefined)[] {
  if ('ids' in choice) return [anyOf(quarantine.id, choice.ids)]
  return [
    choice.code === undefined ? undefined : eq(quarantine.code, choice.code),
    choice.upTo === undefined ? undefined : lte(quarantine.id, choice.upTo),
  ]
}
