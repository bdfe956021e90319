import { isDeepStrictEqual } from 'node:util'
import type { Database } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { events } from '@stagewatch/db/schema.ts'
import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import { deskSource } from '@stagewatch/shared/domain/order-event.ts'
import type { EventData, OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { and, eq, inArray } from 'drizzle-orm'
import type { Caller } from '../access/caller.ts'
import { parseStored } from '../ingest/parse/parse-events.ts'
import type { Clock } from '../platform/clock/clock.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'

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
  /** Display name of the person. */
  readonly personName: string
}

/**
 * Appends what people do in pages of the product. An event that is in the log already is not an error.
 * @returns for each event the reason for its refusal, or undefined; and the position up to which the log is visible.
 */
export async function appendDeskEvents(
  caller: Pick<Caller, 'name' | 'site'>,
  deskEvents: readonly DeskEvent[],
  { pipeline, database, clock }: Omit<ActContext, 'personName'>,
): Promise<readonly [refusals: readonly (Refusal | undefined)[], position: string]> {
  const items = deskEvents.map((event, index) => parseStored(event, index, clock.now()))
  const { results, position } = await pipeline.submit({ sender: caller.name, items })
  const rejected = deskEvents.filter((_, index) => results[index]?.status === 'rejected')
  // The same request may have been sent twice at the same time.
  const appended = await findAppended(database, caller.site, rejected)
  const refusals = deskEvents.map(({ id }, index): Refusal | undefined => {
    const result = results[index]
    if (result?.status !== 'rejected' || appended.has(id)) return undefined
    return { code: result.code, message: result.message }
  })
  return [refusals, position]
}

/**
 * The events that are already in the log because the request was sent again. The comparison ignores the time of the
 * event, and the stage, its department and an omitted end of a hold, which depend on the state of the order when it was
 * first sent.
 * @returns their ids.
 */
export async function findAppended(
  database: Database,
  site: string,
  deskEvents: readonly DeskEvent[],
): Promise<ReadonlySet<string>> {
  if (deskEvents.length === 0) return new Set()
  const ids = deskEvents.map(({ id }) => id)
  const rows = await drizzleOn(database)
    .select({ id: events.id, type: events.type, order: events.orderId, actor: events.actor, data: events.data })
    .from(events)
    .where(and(eq(events.site, site), eq(events.source, deskSource), inArray(events.id, ids)))
  const stored = new Map(rows.map((row) => [row.id, { ...row, data: asSent(row.data) }]))
  const isStored = ({ id, type, order, actor, data }: DeskEvent): boolean => {
    const known = stored.get(id)
    const { department, until } = known?.data ?? {}
    const added = { ...(department !== undefined && { department }), ...(until !== undefined && { until }) }
    return isDeepStrictEqual(known, { id, type, order, actor, data: { ...added, ...data } })
  }
  return new Set(deskEvents.filter(isStored).map(({ id }) => id))
}

const instants: ReadonlySet<string> = new Set(['promisedAt', 'startedAt', 'until'])

/** The data as a source would send it; in the log, instants have our own format. */
export function asSent(data: EventData): EventData {
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [
      name,
      instants.has(name) && typeof value === 'number' ? new Date(value).toISOString() : value,
    ]),
  )
}
