import { z } from 'zod'

/** Changes when older programs can no longer read the files. */
const formatVersion = 1

/** First entry of a backup. */
export const manifestName = 'manifest.json'
/** Last entry; a file without it is incomplete. */
export const summaryName = 'summary.json'
/** Checksums of the tables' entries, as `sha256sum -c` reads them. */
export const checksumsName = 'SHA256SUMS'

/** What a backup contains, written before the rows. */
export const manifest = z.object({
  format: z.literal(formatVersion, `has a format that this version cannot read; it reads ${formatVersion}`),
  /** Epoch ms. */
  createdAt: z.int(),
  /** Kind of the database that it was made from. */
  database: z.enum(['embedded', 'postgresql']),
  /** See `listMigrationTimes`. */
  migrationTimes: z.array(z.int()).max(10_000),
  tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()).max(500) })).max(1_000),
})
export type Manifest = z.infer<typeof manifest>

/** What was written, for comparison with what is read or restored. */
export const summary = z.object({
  /** Number of rows by table. */
  rowCounts: z.record(z.string(), z.int()),
  sequences: z.array(z.object({ name: z.string(), lastValue: z.string(), isCalled: z.boolean() })).max(1_000),
})
export type Summary = z.infer<typeof summary>

export function newManifest(content: Omit<Manifest, 'format'>): Manifest {
  return { format: formatVersion, ...content }
}

/** Name of the entry with a part of a table's rows. */
export function partName(table: string, part: number): string {
  return `tables/${table}/${String(part).padStart(6, '0')}.csv`
}

/** The table that an entry belongs to; undefined for other entries. */
export function tableOfPart(name: string): string | undefined {
  return /^tables\/([a-z0-9_]+)\/\d+\.csv$/.exec(name)?.[1]
}
