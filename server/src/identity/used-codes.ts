import { hash } from 'node:crypto'
import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { usedCodes } from '@stagewatch/db/people-schema.ts'
import { and, eq, gt, lte, sql } from 'drizzle-orm'

/** A code is valid for its half minute and the ones before and after; kept a little longer, because clocks differ. */
const keptFor = sql`interval '3 minutes'`

export async function isUsedCode(db: Queryable, userId: string, code: string): Promise<boolean> {
  const found = await drizzleOn(db)
    .select({ hash: usedCodes.hash })
    .from(usedCodes)
    .where(and(eq(usedCodes.hash, codeHash(userId, code)), gt(usedCodes.expiresAt, sql`now()`)))
  return found.length > 0
}

/**
 * @returns whether this is its first use; of several concurrent uses, also on other server instances, one is the first.
 */
export async function useCode(db: Queryable, userId: string, code: string): Promise<boolean> {
  await drizzleOn(db)
    .delete(usedCodes)
    .where(lte(usedCodes.expiresAt, sql`now()`))
  const taken = await drizzleOn(db)
    .insert(usedCodes)
    .values({ hash: codeHash(userId, code), expiresAt: sql`now() + ${keptFor}` })
    .onConflictDoNothing({ target: usedCodes.hash })
  return taken.rowCount > 0
}

function codeHash(userId: string, code: string): string {
  return hash('sha256', `${userId} ${code.trim()}`, 'hex')
}
