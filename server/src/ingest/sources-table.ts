import { epochMs, toInstant } from '@stagewatch/db/database.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import type { KnownSource } from './source-book.ts'

interface SourceRow {
  readonly source: string
  readonly nameZh: string
  readonly nameEn: string
  readonly intervalMs: number | null
  readonly lastReceivedAt: number | null
  readonly stages: string[]
}

export async function loadSources(db: Queryable, site: string): Promise<KnownSource[]> {
  const rows = await db.query<SourceRow>(
    `select source, name_zh as "nameZh", name_en as "nameEn", interval_ms::float8 as "intervalMs",
       ${epochMs('last_received_at')} as "lastReceivedAt", stages
     from sources where site = $1`,
    [site],
  )
  return rows.map(({ source, nameZh, nameEn, intervalMs, lastReceivedAt, stages }) => ({
    source,
    name: { zh: nameZh, en: nameEn },
    stages,
    ...(intervalMs !== null && { intervalMs }),
    ...(lastReceivedAt !== null && { lastReceivedAt }),
  }))
}

const insertSource = `
  insert into sources as s (site, source, name_zh, name_en, interval_ms, last_received_at, stages)
  values ($1, $2, $3, $4, $5::bigint, ${toInstant('$6::float8')}, $7::text[])
  on conflict (site, source) do update set`

/** Writes what somebody has said of a source. */
export async function saveDescription(db: Queryable, site: string, source: KnownSource): Promise<void> {
  await db.query(
    `${insertSource} name_zh = excluded.name_zh, name_en = excluded.name_en, interval_ms = excluded.interval_ms`,
    columns(site, source),
  )
}

/**
 * Writes that sources have spoken, and of which stages. Several processes may: the newest word of each source stays,
 * and so does what another process was told of it.
 */
export async function saveWords(db: Queryable, site: string, sources: readonly KnownSource[]): Promise<void> {
  for (const source of sources) {
    await db.query(
      `${insertSource} last_received_at = greatest(s.last_received_at, excluded.last_received_at),
         stages = array(select distinct unnest(s.stages || excluded.stages) order by 1)`,
      columns(site, source),
    )
  }
}

function columns(site: string, { source, name, intervalMs, lastReceivedAt, stages }: KnownSource): unknown[] {
  return [site, source, name.zh, name.en, intervalMs ?? null, lastReceivedAt ?? null, stages]
}
