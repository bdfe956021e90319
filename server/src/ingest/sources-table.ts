import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { sources } from '@stagewatch/db/sources-schema.ts'
import { and, eq, sql } from 'drizzle-orm'
import type { RegisteredSource } from './source-registry.ts'

const { site: ofSite, source: code, name, intervalMs, lastReceivedAt, stages } = sources

export async function loadSources(db: Queryable, site: string): Promise<RegisteredSource[]> {
  const rows = await drizzleOn(db)
    .select({ source: code, name, intervalMs, lastReceivedAt, stages })
    .from(sources)
    .where(eq(ofSite, site))
  return rows.map(withoutNulls)
}

/** Locks the row, so that what somebody changes of it is compared with what is there. */
export async function lockSource(tx: Queryable, site: string, source: string): Promise<RegisteredSource | undefined> {
  const [row] = await drizzleOn(tx)
    .select({ source: code, name, intervalMs, lastReceivedAt, stages })
    .from(sources)
    .where(and(eq(ofSite, site), eq(code, source)))
    .for('update')
  return row && withoutNulls(row)
}

/** Writes what somebody has said of a source. */
export async function saveDescription(db: Queryable, site: string, source: RegisteredSource): Promise<void> {
  await drizzleOn(db)
    .insert(sources)
    .values({ site, ...source })
    .onConflictDoUpdate({
      target: [ofSite, code],
      set: { name: source.name, intervalMs: source.intervalMs ?? null },
    })
}

/**
 * Writes that sources have spoken, and of which stages. Several processes may: the newest word of each source stays,
 * and so does what another server instance was told of it. A word from the future, which a wrong clock has left, does not.
 */
export async function saveWords(db: Queryable, site: string, spoken: readonly RegisteredSource[]): Promise<void> {
  for (const source of spoken) {
    await drizzleOn(db)
      .insert(sources)
      .values({ site, ...source })
      .onConflictDoUpdate({
        target: [ofSite, code],
        set: {
          lastReceivedAt: sql`case when ${lastReceivedAt} > now() + interval '1 minute'
            then excluded.last_received_at else greatest(${lastReceivedAt}, excluded.last_received_at) end`,
          stages: sql`array(select distinct unnest(${stages} || excluded.stages) order by 1)`,
        },
      })
  }
}

type SourceRow = Pick<typeof sources.$inferSelect, 'source' | 'name' | 'intervalMs' | 'lastReceivedAt' | 'stages'>

function withoutNulls({ source, name: named, intervalMs: interval, lastReceivedAt: last, stages: sent }: SourceRow) {
  return {
    source,
    name: named,
    stages: sent,
    ...(interval !== null && { intervalMs: interval }),
    ...(last !== null && { lastReceivedAt: last }),
  } satisfies RegisteredSource
}
