import { createReadStream, openAsBlob } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { openEmbedded } from '@stagewatch/db/embedded.ts'
import type { BenchDatabase } from '../postgresql.ts'

const columns =
  'order_id text, stage text, at timestamptz, actor text, customer text, product text, department text' as const

/** The limit: `\copy` of the file into a bare table of its columns, durable, with no key. The time it took, in ms. */
export async function copyIntoPostgresql({ sql }: BenchDatabase, path: string, rows: number): Promise<number> {
  await sql.unsafe(`drop table if exists rows; create table rows (${columns})`)
  const startedAt = performance.now()
  await pipeline(
    createReadStream(path, { highWaterMark: 1 << 20 }),
    await sql`copy rows from stdin (format csv, header)`.writable(),
  )
  const elapsedMs = performance.now() - startedAt
  const [found] = await sql<{ count: number }[]>`select count(*)::int from rows`
  return checked(elapsedMs, found?.count, rows)
}

/** The same by the embedded database, on file. */
export async function copyIntoEmbedded(directory: string, path: string, rows: number): Promise<number> {
  const { pglite } = await openEmbedded(directory)
  try {
    await pglite.exec(`drop table if exists rows; create table rows (${columns})`)
    const startedAt = performance.now()
    const blob = await openAsBlob(path)
    await pglite.query(`copy rows from '/dev/blob' (format csv, header)`, [], { blob })
    const elapsedMs = performance.now() - startedAt
    const { rows: found } = await pglite.query<{ count: number }>('select count(*)::int from rows')
    return checked(elapsedMs, found[0]?.count, rows)
  } finally {
    await pglite.close()
  }
}

function checked(elapsedMs: number, found: number | undefined, wanted: number): number {
  if (found !== wanted) throw new Error(`the bare table has ${found} rows of ${wanted}`)
  return elapsedMs
}
