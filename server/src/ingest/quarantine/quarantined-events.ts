import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { quarantine } from '@stagewatch/db/schema.ts'
import { anyOf } from '@stagewatch/db/sql-expressions.ts'
import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { and, eq, gt, sql } from 'drizzle-orm'
import { contentHash } from '../parse/content-hash.ts'
import { parseCloudEvent } from '../parse/parse-cloud-event.ts'
import { parseEvent } from '../parse/parse-event.ts'
import { isRecord } from '../parse/read-field.ts'

/** A well-formed event in quarantine. */
export interface QuarantinedEvent {
  /** Id of its row. */
  readonly id: number
  readonly sender: string
  readonly event: OrderEvent
  /** As received. */
  readonly raw: unknown
}

const columns = {
  id: quarantine.id,
  sender: quarantine.sender,
  raw: quarantine.raw,
  receivedAt: quarantine.receivedAt,
}

/** Events of these orders that wait because their process has no such stage, oldest first. */
export async function loadWaiting(
  tx: Queryable,
  site: string,
  orders: readonly string[],
): Promise<ReadonlyMap<string, readonly QuarantinedEvent[]>> {
  const waiting = drizzleOn(tx).select(columns).from(quarantine).where(isWaitingOf(site, orders))
  const rows = await waiting.orderBy(quarantine.id)
  return Map.groupBy(
    rows.flatMap((row) => wellFormed(row)),
    ({ event }) => event.order,
  )
}

/**
 * Makes the transaction fail if an event of these orders is waiting for a change of their process. Does not wait for
 * the result.
 */
export function sendNothingWaits(tx: Queryable, site: string, orders: readonly string[]): void {
  if (orders.length === 0) return
  // Fails with a division by zero.
  const nothingWaits = sql`select 1 / (not exists (
    select from ${quarantine} where ${isWaitingOf(site, orders)}))::int as nothing_waits`
  void drizzleOn(tx)
    .execute(nothingWaits)
    .catch(() => undefined)
}

function isWaitingOf(site: string, orders: readonly string[]) {
  return and(eq(quarantine.site, site), anyOf(quarantine.orderId, orders), eq(quarantine.code, 'unknown_stage'))
}

/** Limit per change; the remaining events are retried after the next one. */
const maxRetried = 20_000
const retriedAtOnce = 1_000

/**
 * Problem codes of events that may be accepted later without correction: the rules have changed, or the clock was set
 * forward, or their order was restored.
 */
const waitsFor = {
  rules: ['unknown_stage', 'unknown_process'],
  clock: ['occurred_in_future'],
  archive: ['order_archived'],
} as const satisfies Readonly<Record<string, readonly ProblemCode[]>>

/**
 * Retriable events in the order of arrival, grouped as their senders would submit them again.
 * @param now current time after a clock change; by default each event is parsed relative to its time of receipt.
 */
export async function* retriedSubmissions(
  db: Queryable,
  site: string,
  waitedFor: keyof typeof waitsFor,
  now?: number,
): AsyncGenerator<{ readonly sender: string; readonly items: ReturnType<typeof retriedItem>[] }> {
  const codes = waitsFor[waitedFor]
  let [tried, after] = [0, 0]
  while (tried < maxRetried) {
    const { events, last } = await loadRetriable(db, site, { codes, after, limit: retriedAtOnce, now })
    if (last === undefined) return
    after = last
    tried += events.length
    for (const [sender, ofSender] of Map.groupBy(events, (waiting) => waiting.sender)) {
      yield { sender, items: ofSender.map(retriedItem) }
    }
  }
}

/**
 * A page of retriable events.
 * @param after last row of the previous page; 0 for the first page.
 */
async function loadRetriable(
  db: Queryable,
  site: string,
  {
    codes,
    after,
    limit,
    now,
  }: {
    readonly codes: readonly ProblemCode[]
    readonly after: number
    readonly limit: number
    readonly now?: number | undefined
  },
): Promise<{ readonly events: readonly QuarantinedEvent[]; readonly last: number | undefined }> {
  const rows = await drizzleOn(db)
    .select(columns)
    .from(quarantine)
    .where(and(eq(quarantine.site, site), anyOf(quarantine.code, codes), gt(quarantine.id, after)))
    .orderBy(quarantine.id)
    .limit(limit)
  return { events: rows.flatMap((row) => wellFormed(row, now)), last: rows.at(-1)?.id }
}

/** Removes rows from quarantine whose events are now in the log. */
export async function releaseQuarantined(tx: Queryable, site: string, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return
  await drizzleOn(tx)
    .delete(quarantine)
    .where(and(eq(quarantine.site, site), anyOf(quarantine.id, ids)))
}

type QuarantineRow = Pick<typeof quarantine.$inferSelect, keyof typeof columns>

/** Empty if the raw text was truncated or is not an event. */
function wellFormed({ id, sender, raw: text, receivedAt }: QuarantineRow, now = receivedAt): QuarantinedEvent[] {
  const raw = jsonOf(text)
  // An event that was not too far in the future on receipt is not now either.
  const parsed = isRecord(raw) && 'specversion' in raw ? parseCloudEvent(raw, now) : parseEvent(raw, now)
  return parsed.ok ? [{ id, sender, event: parsed.event, raw }] : []
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The event as an item to submit again. */
function retriedItem({ id, event, raw }: QuarantinedEvent, index: number) {
  return { index, ok: true as const, event, raw, quarantineId: id, contentHash: contentHash(event) }
}
