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

/** Locks the row, so that a change is compared with its current state. */
export async function lockSource(tx: Queryable, site: string, source: string): Promise<RegisteredSource | undefined> {
  const [row] = await drizzleOn(tx)
    .select({ source: code, name, intervalMs, lastReceivedAt, stages })
    .from(sources)
    .where(and(eq(ofSite, site), eq(code, source)))
    .for('update')
  return row && withoutNulls(row)
}

/** Saves the name and interval configured by a user. */
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
 * Saves when sources last sent events, and of which stages. Several server instances may do so: the latest time of each
 * source wins, and stages recorded by other instances are kept. A stored time in the future, left by a wrong clock, is
 * replaced.
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
