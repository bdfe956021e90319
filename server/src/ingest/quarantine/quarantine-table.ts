import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { quarantine } from '@stagewatch/db/schema.ts'
import { anyOf, epochMsOf } from '@stagewatch/db/sql-expressions.ts'
import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import { maxChosen } from '@stagewatch/shared/contract/quarantine.ts'
import type { QuarantineCauses, QuarantineChoice, QuarantineList } from '@stagewatch/shared/contract/quarantine.ts'
import { and, count, desc, eq, isNull, lt, lte, max, min, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'

type QuarantinedEvent = QuarantineList['events'][number]

const { id, receivedAt, sender, code: ofCode, field, message, raw } = quarantine
const columns = { id, receivedAt, sender, code: ofCode, field, message, raw }

interface QuarantinePage {
  readonly code?: ProblemCode | undefined
  readonly field?: string | undefined
  readonly before?: number | undefined
  readonly limit: number
}

/** Newest first. */
export async function loadQuarantine(
  db: Queryable,
  site: string,
  { before, limit, ...cause }: QuarantinePage,
): Promise<QuarantineList> {
  const rows = await drizzleOn(db)
    .select(columns)
    .from(quarantine)
    .where(
      and(eq(quarantine.site, site), ...ofCause(cause), before === undefined ? undefined : lt(quarantine.id, before)),
    )
    .orderBy(desc(quarantine.id))
    .limit(limit)
  return { total: await countQuarantined(db, site), events: rows.map(eventOf) }
}

const maxCauses = 100
const maxSenders = 10

/** Number of events by cause, most frequent first. */
export async function loadCauses(db: Queryable, site: string): Promise<QuarantineCauses> {
  const newest = desc(quarantine.id)
  const rows = await drizzleOn(db)
    .select({
      code: ofCode,
      field,
      count: count(),
      firstReceivedAt: sql<number>`${epochMsOf(min(receivedAt))}`,
      lastReceivedAt: sql<number>`${epochMsOf(max(receivedAt))}`,
      lastId: sql<number>`${max(id)}::float8`,
      message: sql<string>`(array_agg(${message} order by ${newest}))[1]`,
      senders: sql<string[]>`(array_agg(distinct ${sender}))[:${sql.raw(String(maxSenders))}]`,
    })
    .from(quarantine)
    .where(eq(quarantine.site, site))
    .groupBy(ofCode, field)
    .orderBy(desc(count()), desc(max(id)))
    .limit(maxCauses)
  const causes = rows.map(({ field: named, ...cause }) => ({ ...cause, ...(named !== null && { field: named }) }))
  return { total: await countQuarantined(db, site), causes }
}

async function countQuarantined(db: Queryable, site: string): Promise<number> {
  const [counted] = await drizzleOn(db).select({ total: count() }).from(quarantine).where(eq(quarantine.site, site))
  return counted?.total ?? 0
}

/** Oldest first. */
export async function loadChosen(db: Queryable, site: string, choice: QuarantineChoice): Promise<QuarantinedEvent[]> {
  const rows = await drizzleOn(db)
    .select(columns)
    .from(quarantine)
    .where(and(eq(quarantine.site, site), ...criteriaOf(choice)))
    .orderBy(quarantine.id)
    .limit(maxChosen)
  return rows.map(eventOf)
}

/** @returns the ids of those that existed. */
export async function deleteQuarantined(db: Queryable, site: string, ids: readonly number[]): Promise<number[]> {
  const rows = await drizzleOn(db)
    .delete(quarantine)
    .where(and(eq(quarantine.site, site), anyOf(quarantine.id, ids)))
    .returning({ deleted: quarantine.id })
  return rows.map(({ deleted }) => deleted)
}

/** Events that nobody has handled for this long are no longer useful. */
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
  return [...ofCause(choice), choice.upTo === undefined ? undefined : lte(quarantine.id, choice.upTo)]
}

/** @param cause an empty field matches events without one. */
function ofCause(cause: Pick<QuarantinePage, 'code' | 'field'>): (SQL | undefined)[] {
  const named = cause.field
  return [
    cause.code === undefined ? undefined : eq(ofCode, cause.code),
    named === undefined ? undefined : named === '' ? isNull(field) : eq(field, named),
  ]
}
