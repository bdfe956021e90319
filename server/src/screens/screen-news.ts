import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { sql } from 'drizzle-orm'

/** Where processes tell each other that something about a screen has changed. */
export const screensChannel = 'stagewatch_screens'

/** Wakes the other server instances when the transaction commits. */
export async function announceScreens(tx: Queryable): Promise<void> {
  await drizzleOn(tx).execute(sql`select pg_notify(${screensChannel}, '')::text`)
}

/** Within this server instance: something about a screen has changed here or elsewhere, and the table says what. */
export class ScreenNews {
  readonly #heard = new Set<() => void>()

  listen(heard: () => void): () => void {
    this.#heard.add(heard)
    return () => void this.#heard.delete(heard)
  }

  tell(): void {
    for (const heard of this.#heard) heard()
  }
}
