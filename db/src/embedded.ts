import { mkdir, readFile } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'
import { PGlite } from '@electric-sql/pglite'
import type { PGliteOptions, Transaction as EmbeddedTransaction } from '@electric-sql/pglite'
import { PendingStatements } from './pending-statements.ts'
import { randomPageCost } from './database.ts'
import type { CopyQuery, Database, Queryable, Transaction, Work } from './database.ts'
import { copyHeader, copyTrailer } from './copy-writer.ts'
import { csvFormat, csvSettings } from './dump/snapshot.ts'
import type { Snapshot } from './dump/snapshot.ts'
import { EmbeddedStatements } from './embedded-statements.ts'
import type { RowForm } from './embedded-statements.ts'
import { diskFullCode } from './database-unavailable.ts'
import { diskFull, DiskSpace } from './disk-space.ts'

export interface EmbeddedDatabase extends Database {
  readonly pglite: PGlite
}

/**
 * PostgreSQL inside this process, for one machine without a database server. All committed data survives `kill -9`, but
 * it does not fsync, so a power cut may lose the last seconds.
 * @param directory Where it stores its files. Undefined: in memory only.
 */
export async function openEmbedded(directory?: string): Promise<EmbeddedDatabase> {
  if (directory !== undefined) await mkdir(directory, { recursive: true })
  return embedded(await startEngine(directory === undefined ? {} : { dataDir: directory }), directory)
}

let compiled: Promise<WebAssembly.Module> | undefined

/** The engine is compiled once for all databases of this process. */
export async function startEngine(options: PGliteOptions): Promise<PGlite> {
  compiled ??= compileEngine()
  return PGlite.create({ ...options, pgliteWasmModule: await compiled })
}

async function compileEngine(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await readFile(new URL('pglite.wasm', import.meta.resolve('@electric-sql/pglite'))))
}

/** A database on an engine that is already running and that `discard all` has reset to the settings of a new one. */
export async function embedded(pglite: PGlite, directory?: string): Promise<EmbeddedDatabase> {
  await pglite.exec(`set random_page_cost = ${randomPageCost}; set default_transaction_isolation = 'read committed'`)
  // A checkpoint removes write-ahead log that is no longer needed for recovery.
  const disk = directory === undefined ? undefined : new DiskSpace(directory, () => pglite.exec('checkpoint'))
  const statements = new EmbeddedStatements(pglite)
  const work: Work = {
    ...queryable((...statement) => statements.runAlone(...statement), disk),
    transaction: (carryOut) => pglite.transaction((tx) => transact(tx, statements, disk, carryOut)),
  }
  return {
    kind: 'embedded',
    pglite,
    isFull: () => disk?.isFull() ?? Promise.resolve(false),
    ...work,
    longRunning: work,
    copyOut: (queries) => pglite.transaction((tx) => copyOut(tx, queries)),
    readSnapshot: (read) => pglite.transaction((tx) => readSnapshot(tx, read)),
    async listen(channel, heard) {
      const unlisten = await pglite.listen(channel, heard)
      return () => unlisten()
    },
    close: () => pglite.close(),
  }
}

function queryable(runStatement: EmbeddedStatements['run'], disk: DiskSpace | undefined): Queryable {
  const run = async <Row>(text: string, parameters: readonly unknown[], form?: RowForm) => {
    await disk?.require(text)
    try {
      return await runStatement<Row>(text, parameters, form)
    } catch (error) {
      throw isDiskFull(error) ? diskFull(error) : error
    }
  }
  return {
    async query<Row>(text: string, parameters: readonly unknown[] = []) {
      return (await run<Row>(text, parameters)).rows
    },
    async values(text, parameters = []) {
      const { rows, affectedRows = rows.length } = await run<unknown[]>(text, parameters, 'values')
      return { rows, rowCount: affectedRows }
    },
  }
}

/** Commits once all statements are answered, whether or not `carryOut` has awaited them. */
async function transact<T>(
  client: EmbeddedTransaction,
  statements: EmbeddedStatements,
  disk: DiskSpace | undefined,
  carryOut: (tx: Transaction) => Promise<T>,
): Promise<T> {
  const pending = new PendingStatements()
  const result = await carryOut(pending.on(transactionOn(client, statements, disk)))
  // After a failed statement, a commit would roll back without an error.
  await pending.settled()
  return result
}

function transactionOn(
  tx: EmbeddedTransaction,
  statements: EmbeddedStatements,
  disk: DiskSpace | undefined,
): Transaction {
  return {
    ...queryable(async (...statement) => {
      if (tx.closed) throw new Error('the transaction has ended')
      return statements.run(...statement)
    }, disk),
    async copyIn(target, pieces) {
      const statement = `copy ${target} from '/dev/blob' (format binary)`
      await disk?.require(statement)
      try {
        // One piece at a time, because this thread serves all requests.
        for (const [i, piece] of pieces.entries()) {
          if (i > 0) await setImmediate()
          await tx.query(statement, [], { blob: new Blob([copyHeader, piece, copyTrailer]) })
        }
      } catch (error) {
        throw isDiskFull(error) ? diskFull(error) : error
      }
    },
  }
}

function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === diskFullCode
}

async function readSnapshot<T>(
  tx: Pick<EmbeddedTransaction, 'query' | 'exec'>,
  read: (snapshot: Snapshot) => Promise<T>,
): Promise<T> {
  await tx.exec(csvSettings)
  return read({
    query: async <Row>(text: string) => (await tx.query<Row>(text)).rows,
    async copyCsv(select) {
      const { blob } = await tx.query(`copy (${select}) to '/dev/blob' (${csvFormat})`)
      return Buffer.from(blob === undefined ? new ArrayBuffer() : await blob.arrayBuffer())
    },
  })
}

/** As much as a server sends at once; processing it takes some ms, after which the event loop can run other work. */
const bytesAtOnce = 64 * 1024

async function copyOut(tx: Pick<EmbeddedTransaction, 'query'>, queries: readonly CopyQuery[]): Promise<void> {
  for (const { select, take } of queries) {
    const { blob } = await tx.query(`copy (${select}) to '/dev/blob' (format binary)`)
    if (blob === undefined) continue
    const bytes = new Uint8Array(await blob.arrayBuffer())
    for (let from = 0; from < bytes.length; from += bytesAtOnce) {
      if (from > 0) await setImmediate()
      take(bytes.subarray(from, from + bytesAtOnce))
    }
  }
}
