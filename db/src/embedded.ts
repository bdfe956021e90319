import { mkdir } from 'node:fs/promises'
import { PGlite } from '@electric-sql/pglite'
import type { Results, Transaction } from '@electric-sql/pglite'
import { arrayText } from './array-text.ts'
import { randomPageCost } from './database.ts'
import type { CopyQuery, Database, Queryable, Work } from './database.ts'

export interface EmbeddedDatabase extends Database {
  readonly pglite: PGlite
}

/**
 * PostgreSQL inside this process, for one machine without a database server. It survives `kill -9` with everything
 * committed, but it does not fsync, so a power cut may cost the last seconds.
 * @param directory where it keeps its files; undefined: in memory only.
 */
export async function openEmbedded(directory?: string): Promise<EmbeddedDatabase> {
  if (directory !== undefined) await mkdir(directory, { recursive: true })
  return embedded(await PGlite.create(directory === undefined ? {} : { dataDir: directory }))
}

/** In memory, from what `dumpDataDir` gave. */
export async function openEmbeddedCopy(dump: Blob): Promise<EmbeddedDatabase> {
  return embedded(await PGlite.create({ loadDataDir: dump }))
}

async function embedded(pglite: PGlite): Promise<EmbeddedDatabase> {
  await pglite.exec(`set random_page_cost = ${randomPageCost}`)
  const work: Work = {
    ...queryable(pglite),
    transaction: (carryOut) => pglite.transaction((tx) => carryOut(queryable(tx))),
  }
  return {
    kind: 'embedded',
    pglite,
    ...work,
    patient: work,
    copyOut: (queries) => pglite.transaction((tx) => copyOut(tx, queries)),
    listen: () => Promise.resolve(() => Promise.resolve()),
    close: () => pglite.close(),
  }
}

function queryable(client: Pick<Transaction, 'query'>): Queryable {
  return {
    async query<Row>(text: string, parameters: readonly unknown[] = []) {
      const result: Results<Row> = await client.query<Row>(
        text,
        parameters.map((value) => (Array.isArray(value) ? arrayText(value) : value)),
      )
      return result.rows
    },
  }
}

async function copyOut(tx: Pick<Transaction, 'query'>, queries: readonly CopyQuery[]): Promise<void> {
  for (const { select, take } of queries) {
    const { blob } = await tx.query(`copy (${select}) to '/dev/blob' (format binary)`)
    if (blob !== undefined) take(new Uint8Array(await blob.arrayBuffer()))
  }
}
