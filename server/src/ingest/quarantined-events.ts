import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { quarantine } from '@stagewatch/db/schema.ts'
import { anyOf } from '@stagewatch/db/sql-expressions.ts'
import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { and, eq, gt, sql } from 'drizzle-orm'
import { contentHash } from './content-hash.ts'
import { parseCloudEvent } from './parse/parse-cloud-event.ts'
import { parseEvent } from './parse/parse-event.ts'
import { isRecord } from './parse/read-field.ts'

/** An event in quarantine that is well formed. */
export interface QuarantinedEvent {
  /** Of the row. */
  readonly id: number
  readonly sender: string
  readonly event: OrderEvent
  /** As it came. */
  readonly raw: unknown
}

const columns = {
  id: quarantine.id,
  sender: quarantine.sender,
  raw: quarantine.raw,
  receivedAt: quarantine.receivedAt,
}

/** What of these orders waits because their process has no such stage, the oldest first. */
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

/** Makes the transaction fail if something of these orders waits for their process, and does not wait for the answer. */
export function sendNothingWaits(tx: Queryable, site: string, orders: readonly string[]): void {
  if (orders.length === 0) return
  // A division by zero.
  const nothingWaits = sql`select 1 / (not exists (
    select from ${quarantine} where ${isWaitingOf(site, orders)}))::int as nothing_waits`
  void drizzleOn(tx)
    .execute(nothingWaits)
    .catch(() => undefined)
}

function isWaitingOf(site: string, orders: readonly string[]) {
  return and(eq(quarantine.site, site), anyOf(quarantine.orderId, orders), eq(quarantine.code, 'unknown_stage'))
}

/** The rest is tried with the next change. */
const maxRetried = 20_000
const retriedAtOnce = 1_000

/** Why an event may be taken later without anybody mending it: the rules have changed, or the clock was set forward. */
const waitsFor = {
  rules: ['unknown_stage', 'unknown_process'],
  clock: ['occurred_in_future'],
} as const satisfies Readonly<Record<string, readonly ProblemCode[]>>

/**
 * What waits for something, in the order of arrival, as its senders would hand it in once more.
 * @param now of a clock that was set; by default each event is read as when it came.
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
 * A page of what waits.
 * @param after the last row of the page before; 0: from the beginning.
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

/** Takes rows out of quarantine whose events are in the log now. */
export async function releaseQuarantined(tx: Queryable, site: string, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return
  await drizzleOn(tx)
    .delete(quarantine)
    .where(and(eq(quarantine.site, site), anyOf(quarantine.id, ids)))
}

type QuarantineRow = Pick<typeof quarantine.$inferSelect, keyof typeof columns>

/** None where the text was cut off, or is no event. */
function wellFormed({ id, sender, raw: text, receivedAt }: QuarantineRow, now = receivedAt): QuarantinedEvent[] {
  const raw = jsonOf(text)
  // What was not too far in the future when it came is not now.
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

/** To be handed in once more. */
function retriedItem({ id, event, raw }: QuarantinedEvent, index: number) {
  return { index, ok: true as const, event, raw, quarantineId: id, contentHash: contentHash(event) }
}
