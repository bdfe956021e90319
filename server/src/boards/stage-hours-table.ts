import { epochMs, toInstant } from '@stagewatch/db/database.ts'
import type { Queryable } from '@stagewatch/db/database.ts'

/** State of a stage at the turn of an hour. */
export interface StageHour {
  readonly process: string
  readonly stage: string
  readonly hourAt: number
  readonly wipCount: number
  readonly overdueCount: number
  /** The stage's source was silent then. */
  readonly missing: boolean
}

/** Once an hour is marked as missing it stays so: what is learned later does not bring back what was on the screens. */
const upsert = `
  insert into stage_hours as s (site, process, stage, hour_at, wip_count, overdue_count, missing)
  select $1, process, stage, ${toInstant('hour_ms')}, wip, overdue, missing
  from unnest($2::text[], $3::text[], $4::float8[], $5::int[], $6::int[], $7::boolean[])
    as t(process, stage, hour_ms, wip, overdue, missing)
  on conflict (site, process, stage, hour_at) do update
    set wip_count = excluded.wip_count, overdue_count = excluded.overdue_count,
      missing = s.missing or excluded.missing
    where (s.wip_count, s.overdue_count) is distinct from (excluded.wip_count, excluded.overdue_count)
      or (excluded.missing and not s.missing)`

export async function saveStageHours(db: Queryable, site: string, hours: readonly StageHour[]): Promise<void> {
  if (hours.length === 0) return
  await db.query(upsert, [
    site,
    hours.map((hour) => hour.process),
    hours.map((hour) => hour.stage),
    hours.map((hour) => hour.hourAt),
    hours.map((hour) => hour.wipCount),
    hours.map((hour) => hour.overdueCount),
    hours.map((hour) => hour.missing),
  ])
}

/** The newest hour that was written, `until` at the latest: a wrong clock leaves some of the future. Undefined: none. */
export async function loadLastHour(db: Queryable, site: string, until: number): Promise<number | undefined> {
  const [row] = await db.query<{ hourAt: number | null }>(
    `select ${epochMs('max(hour_at)')} as "hourAt" from stage_hours
     where site = $1 and hour_at <= ${toInstant('$2::float8')}`,
    [site, until],
  )
  return row?.hourAt ?? undefined
}

/** Hours since `from` at which a stage's source was silent. */
export async function loadMissingHours(
  db: Queryable,
  site: string,
  from: number,
): Promise<Pick<StageHour, 'process' | 'stage' | 'hourAt'>[]> {
  return db.query(
    `select process, stage, ${epochMs('hour_at')} as "hourAt" from stage_hours
     where site = $1 and missing and hour_at >= ${toInstant('$2::float8')}`,
    [site, from],
  )
}
