import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { sql } from 'drizzle-orm'

/**
 * Data of a site whose changes are announced to every server instance. Orders have a log that each instance follows,
 * rules a version that it reads.
 */
export const siteTopics = ['imports', 'inbox', 'tasks', 'alerts', 'alert-rules', 'approvals', 'handovers'] as const
export type SiteTopic = (typeof siteTopics)[number]

const siteChannel = 'stagewatch_site_data'

/** Notifies every server instance, this one included, when the transaction commits. */
export async function announceChange(db: Queryable, site: string, topic: SiteTopic): Promise<void> {
  await drizzleOn(db).execute(sql`select pg_notify(${siteChannel}, ${`${topic} ${site}`})::text`)
}

/** @returns a function that stops listening. */
export function listenForChanges(
  database: Database,
  onChange: (site: string, topic: SiteTopic) => void,
): ReturnType<Database['listen']> {
  return database.listen(siteChannel, (message) => {
    const end = message.indexOf(' ')
    const topic = siteTopics.find((one) => one === message.slice(0, end))
    if (topic !== undefined) onChange(message.slice(end + 1), topic)
  })
}
