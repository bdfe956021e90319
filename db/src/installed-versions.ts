import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import journal from '../migrations/meta/_journal.json' with { type: 'json' }
import { productVersion } from './product-version.ts'
import { UnusableDatabaseError } from './unusable-database.ts'

/**
 * The newest migration without which a program cannot work with the tables of this version. Programs that know it may
 * run beside this version, see "Migrations" in CONTRIBUTING. A release that removes what its predecessor no longer
 * uses moves it to a migration of the predecessor.
 */
export const oldestCompatible = '0045_customer-news'

/** Time of the newest migration that this program knows. */
export const newestMigration = journal.entries.at(-1)?.when ?? 0

export type Query = <Row>(text: string, parameters?: readonly unknown[]) => Promise<Row[]>

/** What bringing the tables up to date has found. */
export interface Migrated {
  /** The migrations that were missing, in the order in which they ran. */
  readonly missing: string[]
  /** A newer version has migrated the database, and this one can work with its tables. */
  readonly newerVersion?: string
}

interface InstalledVersion {
  readonly version: string
  readonly oldestCompatible: number
}

/**
 * Finds the migrations that have not run yet.
 * @param allowsCompatible whether this version may work with tables of a newer one that is compatible with it.
 * @throws UnusableDatabaseError if an unknown migration has run: this version might misread or destroy data in the
 * tables of a newer version.
 */
export async function missingMigrations(
  query: Query,
  { allowsCompatible }: { readonly allowsCompatible: boolean },
): Promise<Migrated> {
  const [tables] = await query<{ migrations: string | null; versions: string | null }>(
    `select to_regclass('drizzle.__drizzle_migrations')::text as migrations,
       to_regclass('public.installed_versions')::text as versions`,
  )
  const rows =
    tables?.migrations === null
      ? []
      : await query<{ appliedAt: string }>('select created_at::text as "appliedAt" from drizzle.__drizzle_migrations')
  const applied = new Set(rows.map(({ appliedAt }) => Number(appliedAt)))
  const missing = journal.entries.filter(({ when }) => !applied.has(when)).map(({ tag }) => tag)
  const unknown = applied.difference(new Set(journal.entries.map(({ when }) => when)))
  if (unknown.size === 0) return { missing }
  const newer = tables?.versions === null ? undefined : await versionWith(query, Math.max(...unknown))
  const isCompatible = missing.length === 0 && newer !== undefined && newer.oldestCompatible <= newestMigration
  if (allowsCompatible && isCompatible) return { missing, newerVersion: newer.version }
  const found = `${unknown.size} of its ${applied.size} migrations are unknown here`
  throw new UnusableDatabaseError(
    newer === undefined || newer.version === productVersion
      ? `the database was migrated by a newer version of Stagewatch than this one, ${productVersion} (${found}): start that version, or restore a backup from before it`
      : `the database was migrated by Stagewatch ${newer.version}, and this is ${productVersion} (${found}): start ${newer.version} or newer, or restore a backup from before the upgrade with ${productVersion}`,
  )
}

/** The version that knows a migration. */
async function versionWith(query: Query, migration: number): Promise<InstalledVersion | undefined> {
  const [newest] = await query<InstalledVersion>(
    `select version, oldest_compatible::float8 as "oldestCompatible" from installed_versions
     where newest_migration >= $1 order by newest_migration desc, first_started_at desc limit 1`,
    [migration],
  )
  return newest
}

/** Stores that this version has brought the tables up to date. */
export async function recordVersion(query: Query): Promise<void> {
  const compatibleSince = journal.entries.find(({ tag }) => tag === oldestCompatible)?.when ?? newestMigration
  await query(
    `insert into installed_versions (version, newest_migration, oldest_compatible) values ($1, $2, $3)
     on conflict (version) do update
       set newest_migration = excluded.newest_migration, oldest_compatible = excluded.oldest_compatible
     where (installed_versions.newest_migration, installed_versions.oldest_compatible)
       is distinct from (excluded.newest_migration, excluded.oldest_compatible)`,
    [productVersion, newestMigration, compatibleSince],
  )
}

/** Whether a migration after that one requires orders to be folded again. @param time of a migration in the journal. */
export async function refoldsAfter(time: number): Promise<boolean> {
  for (const { when, tag } of journal.entries) {
    if (when > time && (await readFile(migrationFile(tag), 'utf8')).includes('rebuild_version')) return true
  }
  return false
}

function migrationFile(tag: string): string {
  return fileURLToPath(new URL(`../migrations/${tag}.sql`, import.meta.url))
}
