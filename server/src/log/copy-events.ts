import { setImmediate } from 'node:timers/promises'
import { CopyWriter } from '@stagewatch/db/copy-writer.ts'
import type { Transaction } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { events } from '@stagewatch/db/schema.ts'
import { desc, eq, sql } from 'drizzle-orm'
import { eventSources, logChannel } from './append-events.ts'
import type { Appended, HashedEvent } from './append-events.ts'

/** Some ms. */
const rowsAtOnce = 1_000

/**
 * Adds events to the site's log that are not in it, in the order in which they are handed in. It costs a fraction of
 * `appendEvents`; when one of them is in the log already, the transaction fails.
 */
export async function copyEvents(
  tx: Transaction,
  site: string,
  origin: string,
  entries: readonly HashedEvent[],
): Promise<Pick<Appended, 'position' | 'tx'>> {
  const writer = CopyWriter.of<typeof events, HashedEvent>(events, {
    site: () => site,
    origin: () => origin,
    ...eventSources,
  })
  await copyRows(tx, writer, entries)
  await drizzleOn(tx).execute(sql`select pg_notify(${logChannel}, '')::text`)
  const [last] = await drizzleOn(tx)
    .select({ position: events.position, tx: events.tx })
    .from(events)
    .where(eq(events.tx, sql`pg_current_xact_id()`))
    .orderBy(desc(events.position))
    .limit(1)
  return { position: last?.position.toString(), tx: last?.tx }
}

/** Adds rows to a table, letting everything else have its turn while they are written out. */
export async function copyRows<Row>(tx: Transaction, writer: CopyWriter<Row>, rows: readonly Row[]): Promise<void> {
  for (const [i, row] of rows.entries()) {
    if (i > 0 && i % rowsAtOnce === 0) await setImmediate()
    writer.add(row)
  }
  await tx.copyIn(writer.target, writer.take())
}
