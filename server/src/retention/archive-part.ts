import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { archives } from '@stagewatch/db/retention-schema.ts'
import { orders as orderRows } from '@stagewatch/db/schema.ts'
import { and, asc, eq, gt, isNull, sql } from 'drizzle-orm'
import { ArchiveError } from './archive-directory.ts'
import { readPart, writePart } from './part-files.ts'
import type { PartName, PartsKey } from './part-files.ts'

type ArchiveRow = typeof archives.$inferSelect

/** Orders whose rows are read by one statement. */
const ordersPerRead = 100

interface PartRow {
  readonly id: number
  readonly orderId: string
}

/** How the rows of a part are read, moved and put back. All rows belong to orders. */
interface PartTable<Row extends PartRow> {
  readonly name: PartName
  /** Reads the rows of some orders that are to be archived. */
  readonly load: (db: Queryable, site: string, orders: readonly string[]) => Promise<readonly Row[]>
  readonly lineOf: (row: Row) => object
  readonly rowOf: (line: unknown) => Row
  /** Removes rows that are in a file. */
  readonly remove: (tx: Queryable, site: string, rows: readonly Row[]) => Promise<void>
  /** Puts rows back that are not back already. @returns their number. */
  readonly insert: (tx: Queryable, site: string, rows: readonly Row[]) => Promise<number>
}

export type ArchiveName = Pick<ArchiveRow, 'id' | 'name'>

export interface ArchivePart<Row extends PartRow = PartRow> {
  readonly name: PartName
  /** The next archive whose rows are still in the database. */
  next(db: Queryable, site: string, after: number): Promise<ArchiveName | undefined>
  /**
   * Moves the rows of the archived orders of an archive to a file: first the file, then, in the transaction that notes
   * it, the rows. What is broken off is repeated by the next run.
   * @throws ArchiveError if the file cannot be written.
   */
  move(database: Database, directory: string, site: string, archive: ArchiveName): Promise<void>
  /**
   * Puts the rows of orders back, in a transaction that has locked the orders.
   * @throws ArchiveError if the file is missing, or was changed.
   */
  putBack(tx: Queryable, directory: string, site: string, back: RestoredOrders): Promise<void>
  /** Reads the file. @throws ArchiveError if it is missing, or was changed. */
  read(directory: string, site: string, archive: PartsKey): Promise<readonly Row[]>
}

/** Orders of an archive whose events are back. */
export interface RestoredOrders {
  readonly archiveId: number
  readonly orders: ReadonlySet<string>
}

const columnsOf = {
  corrections: { count: 'correctionCount', hash: 'correctionsSha256' },
  approvals: { count: 'approvalCount', hash: 'approvalsSha256' },
} as const

export function archivePart<Row extends PartRow>(table: PartTable<Row>): ArchivePart<Row> {
  const { name: part } = table
  const { count, hash } = columnsOf[part]

  async function read(directory: string, site: string, archive: PartsKey): Promise<Row[]> {
    const lines = await readPart(directory, site, archive, part)
    return lines.map((line) => table.rowOf(JSON.parse(line)))
  }

  const linesOf = (rows: readonly Row[]) => rows.map((row) => JSON.stringify(table.lineOf(row)))

  async function write(directory: string, site: string, name: string, rows: readonly Row[]) {
    const lines = linesOf(rows)
    const written = await writePart(directory, site, { name, part, lines })
    const key = { name, correctionsSha256: null, approvalsSha256: null, [hash]: written.sha256 }
    if (!isSame(linesOf(await read(directory, site, key)), lines))
      throw new ArchiveError('internal', `the ${part} of ${name} could not be restored from their file`)
    return written
  }

  /** By id, so that the same rows give the same file. */
  async function load(db: Queryable, site: string, orders: readonly string[]): Promise<readonly Row[]> {
    const all: Row[] = []
    for (let from = 0; from < orders.length; from += ordersPerRead)
      all.push(...(await table.load(db, site, orders.slice(from, from + ordersPerRead))))
    return all.toSorted((a, b) => a.id - b.id)
  }

  return {
    name: part,
    read,

    async next(db, site, after) {
      const { id, name } = archives
      const [next] = await drizzleOn(db)
        .select({ id, name })
        .from(archives)
        .where(and(eq(archives.site, site), isNull(archives[count]), gt(id, after)))
        .orderBy(asc(id))
        .limit(1)
      return next
    },

    async move(database, directory, site, { id, name }) {
      const found = await load(database.longRunning, site, await archivedOrders(database.longRunning, site, id, false))
      const written = found.length === 0 ? undefined : await write(directory, site, name, found)
      await database.longRunning.transaction(async (tx) => {
        // Orders that are restored meanwhile are locked first by whoever restores them.
        const current = await load(tx, site, await archivedOrders(tx, site, id, true))
        if (!isSame(linesOf(current), linesOf(found))) return
        const [noted] = await drizzleOn(tx)
          .update(archives)
          .set({
            [count]: found.length,
            [hash]: written?.sha256 ?? null,
            bytes: sql`${archives.bytes} + ${written?.bytes ?? 0}`,
          })
          .where(and(eq(archives.site, site), eq(archives.id, id), isNull(archives[count])))
          .returning({ id: archives.id })
        // Another server instance was faster.
        if (noted !== undefined) await table.remove(tx, site, found)
      })
    },

    async putBack(tx, directory, site, { archiveId, orders }) {
      const on = drizzleOn(tx)
      const isArchive = and(eq(archives.site, site), eq(archives.id, archiveId))
      const { name, correctionsSha256, approvalsSha256 } = archives
      const [archive] = await on.select({ name, correctionsSha256, approvalsSha256 }).from(archives).where(isArchive)
      if (archive === undefined) return
      const back = (await read(directory, site, archive)).filter(({ orderId }) => orders.has(orderId))
      if (back.length === 0) return
      const added = await table.insert(tx, site, back)
      await on
        .update(archives)
        .set({ [count]: sql`${archives[count]} - ${added}` })
        .where(isArchive)
    },
  }
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, i) => line === b[i])
}

/** The orders of an archive that are not back. */
async function archivedOrders(db: Queryable, site: string, archiveId: number, isLocked: boolean): Promise<string[]> {
  const query = drizzleOn(db)
    .select({ order: orderRows.orderId })
    .from(orderRows)
    .where(and(eq(orderRows.site, site), eq(orderRows.archiveId, archiveId)))
    .orderBy(asc(orderRows.orderId))
  const rows = await (isLocked ? query.for('update') : query)
  return rows.map(({ order }) => order)
}
