import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { stageHours } from '@stagewatch/db/schema.ts'
import { insertRows } from '@stagewatch/db/write-columns.ts'
import { and, eq, gte, lte, max, sql } from 'drizzle-orm'

/** State of a stage at a full hour. */
export interface StageHour {
  readonly process: string
  readonly stage: string
  readonly hourAt: number
  readonly wipCount: number
  readonly overdueCount: number
  /** The stage's source was silent at that time. */
  readonly missing: boolean
}

/** An hour marked as missing stays so: events that arrive later do not change what the screens showed. */
export async function saveStageHours(db: Queryable, site: string, hours: readonly StageHour[]): Promise<void> {
  if (hours.length === 0) return
  const insert = insertRows(stageHours, hours, {
    site: () => site,
    process: ({ process }) => process,
    stage: ({ stage }) => stage,
    hourAt: ({ hourAt }) => hourAt,
    wipCount: ({ wipCount }) => wipCount,
    overdueCount: ({ overdueCount }) => overdueCount,
    missing: ({ missing }) => missing,
  })
  await drizzleOn(db).execute(sql`
    ${insert} on conflict (site, process, stage, hour_at) do update
      set wip_count = excluded.wip_count, overdue_count = excluded.overdue_count,
        missing = ${stageHours.missing} or excluded.missing
      where (${stageHours.wipCount}, ${stageHours.overdueCount}) is distinct from (excluded.wip_count, excluded.overdue_count)
        or (excluded.missing and not ${stageHours.missing})`)
}

/** The newest written hour up to `until`: a wrong clock may have written future hours. Undefined if there is none. */
export async function loadLastHour(db: Queryable, site: string, until: number): Promise<number | undefined> {
  const [row] = await drizzleOn(db)
    .select({ hourAt: max(stageHours.hourAt) })
    .from(stageHours)
    .where(and(eq(stageHours.site, site), lte(stageHours.hourAt, until)))
  return row?.hourAt ?? undefined
}

/** Hours since `from` in which a stage's source was silent. */
export async function loadMissingHours(
  db: Queryable,
  site: string,
  from: number,
): Promise<Pick<StageHour, 'process' | 'stage' | 'hourAt'>[]> {
  return drizzleOn(db)
    .select({ process: stageHours.process, stage: stageHours.stage, hourAt: stageHours.hourAt })
    .from(stageHours)
    .where(and(eq(stageHours.site, site), eq(stageHours.missing, true), gte(stageHours.hourAt, from)))
}
