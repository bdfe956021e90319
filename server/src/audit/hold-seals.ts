import { auditCursors } from '@stagewatch/db/audit-schema.ts'
import type { AuditStream } from '@stagewatch/db/audit-schema.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { eq } from 'drizzle-orm'

/** Nothing is sealed until the transaction ends, so that sealed rows can be told from the others. */
export async function holdSeals(tx: Queryable, stream: AuditStream): Promise<void> {
  const on = drizzleOn(tx)
  await on.insert(auditCursors).values({ stream }).onConflictDoNothing()
  await on
    .select({ stream: auditCursors.stream })
    .from(auditCursors)
    .where(eq(auditCursors.stream, stream))
    .for('update')
}
