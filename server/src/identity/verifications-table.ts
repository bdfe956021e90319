import { hash } from 'node:crypto'
import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { users, userVerifications } from '@stagewatch/db/people-schema.ts'
import { and, eq, gt, sql } from 'drizzle-orm'
import type { AccountName } from './credential-changes.ts'

/**
 * The owner of a link or challenge, as stored by better-auth (`storeIdentifier: 'hashed'`); undefined if there is none.
 */
export async function loadChallenged(db: Queryable, identifier: string): Promise<AccountName | undefined> {
  const hashed = hash('sha256', identifier, 'base64url')
  const [account] = await drizzleOn(db)
    .select({ id: users.id, email: users.email })
    .from(userVerifications)
    .innerJoin(users, eq(users.id, userVerifications.value))
    .where(and(eq(userVerifications.identifier, hashed), gt(userVerifications.expiresAt, sql`now()`)))
  return account
}
