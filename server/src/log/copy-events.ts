import { setImmediate } from 'node:timers/promises'
import { CopyWriter } from '@stagewatch/db/copy-writer.ts'
import type { Transaction } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { events } from '@stagewatch/db/schema.ts'
import { desc, eq, sql } from 'drizzle-orm'
import { eventSources, logChannel } from './append-events.ts'
import type { Appended, HashedEvent } from './append-events.ts'

/** Encoding this many rows takes a few ms. */
const rowsAtOnce = 1_000

/** Rows of a table in COPY format. */
export interface CopiedRows {
  /** The table and its columns. */
  readonly target: string
  readonly pieces: readonly Uint8Array<ArrayBuffer>[]
}

/** Converts events to rows of the site's log, in the given order. */
export function eventRows(site: string, origin: string, entries: readonly HashedEvent[]): Promise<CopiedRows> {
  const writer = CopyWriter.of<typeof events, HashedEvent>(events, {
    site: () => site,
    origin: () => origin,
    ...eventSources,
  })
  return copiedRows(writer, entries)
}

/**
 * Appends rows of events that are not in the log yet. Costs a fraction of `appendEvents`; the transaction fails if one
 * of them exists.
 */
export async function copyEvents(
  tx: Transaction,
  { target, pieces }: CopiedRows,
): Promise<Pick<Appended, 'position' | 'tx'>> {
  await tx.copyIn(target, pieces)
  await drizzleOn(tx).execute(sql`select pg_notify(${logChannel}, '')::text`)
  const [last] = await drizzleOn(tx)
    .select({ position: events.position, tx: events.tx })
    .from(events)
    .where(eq(events.tx, sql`pg_current_xact_id()`))
    .orderBy(desc(events.position))
    .limit(1)
  return { position: last?.position.toString(), tx: last?.tx }
}

/** Encodes rows, yielding to other work in between. */
export async function copiedRows<Row>(writer: CopyWriter<Row>, rows: readonly Row[]): Promise<CopiedRows> {
  let written = 0
  for (const row of rows) {
    if (written > 0 && written % rowsAtOnce === 0) await setImmediate()
    writer.add(row)
    written += 1
  }
  return { target: writer.target, pieces: writer.take() }
}
