import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { sql } from 'drizzle-orm'

/** Channel on which server instances notify each other of changes to screens. */
export const screensChannel = 'stagewatch_screens'

/** Notifies the other server instances when the transaction commits. */
export async function announceScreens(tx: Queryable): Promise<void> {
  await drizzleOn(tx).execute(sql`select pg_notify(${screensChannel}, '')::text`)
}

/**
 * Notifies listeners in this server instance that a screen has changed, here or elsewhere; the table has the details.
 */
export class ScreenNews {
  readonly #heard = new Set<() => void>()

  listen(heard: () => void): void {
    this.#heard.add(heard)
  }

  tell(): void {
    for (const heard of this.#heard) heard()
  }
}
