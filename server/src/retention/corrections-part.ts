import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { corrections } from '@stagewatch/db/schema.ts'
import { anyOf } from '@stagewatch/db/sql-expressions.ts'
import type { CorrectedVisit } from '@stagewatch/shared/domain/correction.ts'
import { and, eq, getTableColumns } from 'drizzle-orm'
import { z } from 'zod'
import { inStatements } from '../log/in-statements.ts'
import { archivePart } from './archive-part.ts'

type StoredCorrection = Omit<typeof corrections.$inferSelect, 'site'>

/** A row as the server has written it, with instants in epoch ms. The hash of the file shows that nobody changed it. */
const correctionLine = z.strictObject({
  order: z.string(),
  process: z.string(),
  id: z.int(),
  recordedAt: z.int(),
  events: z.array(z.custom<StoredCorrection['events'][number]>()),
  removed: z.array(z.custom<CorrectedVisit>()),
  added: z.array(z.custom<CorrectedVisit>()),
})

/** The corrections of archived orders. */
export const correctionsPart = archivePart<StoredCorrection>({
  name: 'corrections',

  load(db, site, orders) {
    const { site: _site, ...columns } = getTableColumns(corrections)
    return drizzleOn(db)
      .select(columns)
      .from(corrections)
      .where(and(eq(corrections.site, site), anyOf(corrections.orderId, orders)))
  },

  lineOf({ orderId, process, id, recordedAt, events, removed, added }) {
    return { order: orderId, process, id, recordedAt, events, removed, added }
  },

  rowOf(line) {
    const { order, ...rest } = correctionLine.parse(line)
    return { orderId: order, ...rest }
  },

  async remove(tx, site, rows) {
    const ids = rows.map(({ id }) => id)
    await inStatements(ids, (some) =>
      drizzleOn(tx)
        .delete(corrections)
        .where(and(eq(corrections.site, site), anyOf(corrections.id, some))),
    )
  },

  async insert(tx, site, rows) {
    const added = await inStatements(rows, (some) =>
      drizzleOn(tx)
        .insert(corrections)
        .overridingSystemValue()
        .values(some.map((one) => ({ site, ...one })))
        .onConflictDoNothing()
        .returning({ id: corrections.id }),
    )
    return added.flat().length
  },
})
