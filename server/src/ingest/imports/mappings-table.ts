import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { importMappings } from '@stagewatch/db/imports-schema.ts'
import { importMapping, mappingLimits } from '@stagewatch/shared/contract/import-mapping.ts'
import type { ImportMapping, SavedMapping } from '@stagewatch/shared/contract/import-mapping.ts'
import { and, asc, eq } from 'drizzle-orm'
import { recordAccessChange } from '../../access/record-access-change.ts'
import type { Author } from '../../access/record-access-change.ts'
import { AppError } from '../../platform/app-error.ts'
import { requireVersion, versionOf } from '../../platform/edit-version.ts'
import type { ExpectedVersion } from '../../platform/edit-version.ts'
import { lockSite } from '../../rules/catalog-table.ts'
import { fileOptionsOf } from './file-options.ts'

const { site: ofSite, name: called, mapping, changedAt, changedBy } = importMappings

/** Sorted by name. */
export async function loadMappings(db: Queryable, site: string): Promise<SavedMapping[]> {
  const rows = await drizzleOn(db)
    .select({ name: called, mapping, changedAt, changedBy })
    .from(importMappings)
    .where(eq(ofSite, site))
    .orderBy(asc(called))
    .limit(mappingLimits.mappings)
  return rows.map((row) => ({ ...row, version: versionOf(row.mapping) }))
}

/**
 * @param now epoch ms.
 * @throws AppError `invalid_field` with the field that makes the mapping unusable, `conflict` if somebody else has
 * changed it or there are too many.
 */
export async function saveMapping(
  database: Database,
  { name, after }: { readonly name: string; readonly after: ImportMapping },
  author: Author,
  expected: ExpectedVersion,
  now: number,
): Promise<SavedMapping> {
  fileOptionsOf('', after)
  await database.transaction(async (tx) => {
    // Serialized, so that the limit on their number cannot be exceeded.
    await lockSite(tx, author.site)
    const all = await loadMappings(tx, author.site)
    const before = all.find((saved) => saved.name === name)?.mapping
    requireVersion(expected, { current: before, yours: after })
    if (before === undefined && all.length >= mappingLimits.mappings)
      throw new AppError('conflict', `a site keeps at most ${mappingLimits.mappings} mappings: delete one first`)
    const values = { mapping: after, changedAt: now, changedBy: author.name }
    await drizzleOn(tx)
      .insert(importMappings)
      .values({ site: author.site, name, ...values })
      .onConflictDoUpdate({ target: [ofSite, called], set: values })
    await recordAccessChange(tx, author, now, { action: 'mapping.saved', subject: name, before, after })
  })
  return {
    name,
    mapping: importMapping.parse(after),
    version: versionOf(after),
    changedAt: now,
    changedBy: author.name,
  }
}

/** @throws AppError `not_found`. */
export function deleteMapping(database: Database, name: string, author: Author, now: number): Promise<void> {
  return database.transaction(async (tx) => {
    const [deleted] = await drizzleOn(tx)
      .delete(importMappings)
      .where(and(eq(ofSite, author.site), eq(called, name)))
      .returning({ before: mapping })
    if (deleted === undefined) throw new AppError('not_found', 'there is no such mapping', { field: 'name' })
    await recordAccessChange(tx, author, now, { action: 'mapping.deleted', subject: name, before: deleted.before })
  })
}
