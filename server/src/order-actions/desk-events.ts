import { isDeepStrictEqual } from 'node:util'
import type { Database } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { events } from '@stagewatch/db/schema.ts'
import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { and, eq } from 'drizzle-orm'
import type { Caller } from '../access/caller.ts'
import { parseStored } from '../ingest/parse/parse-events.ts'
import type { Clock } from '../platform/clock/clock.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'

/** Under which the log keeps what people do from pages of the product. */
export const deskSource = 'desk'

/** An event as a source sends it. */
export interface DeskEvent extends Pick<OrderEvent, 'id' | 'order' | 'type' | 'data'> {
  readonly source: typeof deskSource
  readonly stage?: string
  /** RFC 3339. */
  readonly occurredAt: string
  readonly actor?: string
}

interface Refusal {
  readonly code: ProblemCode
  readonly message: string
}

export interface ActContext {
  readonly pipeline: SitePipeline
  readonly database: Database
  readonly clock: Clock
  /** What the person is called. */
  readonly personName: string
}

/**
 * Appends what people do from pages of the product. An event that is in the log already is not refused.
 * @returns for each event why it was refused, undefined where it was not; and how far the log is shown.
 */
export async function appendDeskEvents(
  caller: Caller,
  deskEvents: readonly DeskEvent[],
  { pipeline, database, clock }: ActContext,
): Promise<readonly [refusals: readonly (Refusal | undefined)[], position: string]> {
  const items = deskEvents.map((event, index) => parseStored(event, index, clock.now()))
  const { results, position } = await pipeline.submit({ sender: caller.name, items })
  const refusals = deskEvents.map(async (event, index): Promise<Refusal | undefined> => {
    const result = results[index]
    if (result?.status !== 'rejected' || (await isDone(database, caller.site, event))) return undefined
    return { code: result.code, message: result.message }
  })
  return [await Promise.all(refusals), position]
}

/** Whether the log has the event already, but for when it occurred: the request was sent again. */
async function isDone(database: Database, site: string, { id, type, order, actor, data }: DeskEvent): Promise<boolean> {
  const [stored] = await drizzleOn(database)
    .select({ type: events.type, order: events.orderId, actor: events.actor, data: events.data })
    .from(events)
    .where(and(eq(events.site, site), eq(events.source, deskSource), eq(events.id, id)))
  return stored !== undefined && isDeepStrictEqual({ ...stored }, { type, order, actor, data })
}
