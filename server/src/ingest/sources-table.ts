import { epochMs, toInstant } from '@stagewatch/db/database.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import type { LocalText } from '@stagewatch/shared/domain/local-text.ts'
import type { RegisteredSource } from './source-registry.ts'

interface SourceRow {
  readonly source: string
  readonly name: LocalText
  readonly intervalMs: number | null
  readonly lastReceivedAt: number | null
  readonly stages: string[]
}

export async function loadSources(db: Queryable, site: string): Promise<RegisteredSource[]> {
  const rows = await db.query<SourceRow>(
    `select source, name, interval_ms::float8 as "intervalMs",
       ${epochMs('last_received_at')} as "lastReceivedAt", stages
     from sources where site = $1`,
    [site],
  )
  return rows.map(({ source, name, intervalMs, lastReceivedAt, stages }) => ({
    source,
    name,
    stages,
    ...(intervalMs !== null && { intervalMs }),
    ...(lastReceivedAt !== null && { lastReceivedAt }),
  }))
}

const insertSource = `
  insert into sources as s (site, source, name, interval_ms, last_received_at, stages)
  values ($1, $2, $3::text::jsonb, $4::bigint, ${toInstant('$5::float8')}, $6::text[])
  on conflict (site, source) do update set`

/** Writes what somebody has said of a source. */
export async function saveDescription(db: Queryable, site: string, source: RegisteredSource): Promise<void> {
  await db.query(`${insertSource} name = excluded.name, interval_ms = excluded.interval_ms`, columns(site, source))
}

/**
 * Writes that sources have spoken, and of which stages. Several processes may: the newest word of each source stays,
 * and so does what another server instance was told of it. A word from the future, which a wrong clock has left, does not.
 */
export async function saveWords(db: Queryable, site: string, sources: readonly RegisteredSource[]): Promise<void> {
  for (const source of sources) {
    await db.query(
      `${insertSource} last_received_at = case when s.last_received_at > now() + interval '1 minute'
           then excluded.last_received_at else greatest(s.last_received_at, excluded.last_received_at) end,
         stages = array(select distinct unnest(s.stages || excluded.stages) order by 1)`,
      columns(site, source),
    )
  }
}

function columns(site: string, { source, name, intervalMs, lastReceivedAt, stages }: RegisteredSource): unknown[] {
  return [site, source, JSON.stringify(name), intervalMs ?? null, lastReceivedAt ?? null, stages]
}
