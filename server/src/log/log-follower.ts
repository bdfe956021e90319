import type { Queryable } from '@stagewatch/db/database.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { coalesce } from '../platform/coalesce.ts'
import { laterPosition } from './load-events.ts'
import { belowAllWriters, belowOwnWriters } from './log-bound.ts'
import type { LogBound } from './log-bound.ts'

/** How far a reader has read the log. */
export interface LogCursor {
  readonly tx: string
  readonly position: string
}

/**
 * The last event below the bound (see `eventsBelow`). Following from there does not skip any event that was not visible
 * at the time of the call.
 */
export async function logHorizon(database: Queryable, bound = belowAllWriters): Promise<LogCursor> {
  const [row] = await database.query<LogCursor>(
    `select tx::text as tx, position::text as position from events
     where events.tx < ${bound} order by events.tx desc, events.position desc limit 1`,
  )
  return row ?? { tx: '0', position: '-1' }
}

/** Events of one order are mostly adjacent, so a large page has few orders, and each of them once. */
const pageSize = 20_000

/**
 * Bounded by the oldest transaction in flight: a transaction that began earlier and commits later has a lower id than
 * what was read, and `position > last` would skip it forever. A busy server instance would mostly read back its own
 * events, so the query returns only the last of those, and those of commits that were never acknowledged. Reading
 * continues from an event rather than from the bound: an event is durable, while ids that were never flushed are
 * reassigned after a crash of the database. The query returns one row per order.
 */
const eventsBelow = (bound: LogBound): string => `
  with page as materialized (
    select last.tx as "lastTx", last.position as "lastPosition", e.*
    from (
      select tx, position from events
      where (tx, position) > ($1::text::xid8, $2::bigint) and events.tx < ${bound}
      order by events.tx desc, events.position desc limit 1) as last
    left join lateral (
      select tx, position, order_id, site from events
      where (tx, position) > ($1::text::xid8, $2::bigint) and (tx, position) <= (last.tx, last.position)
        and (origin <> $3 or tx = any($4::text[]::xid8[]))
      order by events.tx, events.position limit ${pageSize}) as e on true)
  select "lastTx"::text, "lastPosition"::text, ended.tx::text as "endTx", ended.position::text as "endPosition",
    page.site, page.order_id as "order", max(page.position)::text as position, count(page.tx)::int as "eventCount"
  from page cross join (select tx, position from page order by tx desc, position desc limit 1) as ended
  group by "lastTx", "lastPosition", ended.tx, ended.position, page.site, page.order_id
  order by max(page.position)`

/** Whether other instances have committed events that cannot be read yet. */
const hasEventsFrom = (bound: LogBound): string => `
  select exists (
    select from events where (tx, position) > ($1::text::xid8, $2::bigint) and tx >= ${bound}
      and (origin <> $3 or tx = any($4::text[]::xid8[]))) as "isHeld"`

/** The events of one order in a page; a page without events has a single row with `eventCount` 0. */
interface PageRow {
  /** The last event below the bound. */
  readonly lastTx: string
  readonly lastPosition: string
  /** The last event of the page. */
  readonly endTx: string
  readonly endPosition: string
  readonly site: string
  readonly order: string
  /** Position of its last event. */
  readonly position: string
  readonly eventCount: number
}

/** @param position of the last event that changed the orders. */
type Changed = (site: string, orders: readonly string[], position: bigint) => Promise<void>

export interface LogFollowerOptions {
  readonly database: Queryable
  readonly clock: Clock
  /** Identifies this server instance, whose own events are skipped. */
  readonly origin: string
  /** The horizon at an instant before the orders that `changed` updates were read. */
  readonly from: LogCursor
  readonly changed: Changed
  readonly doubtful?: InDoubtTransactions
}

/**
 * Reads the events that other server instances append to the log, each transaction once, and reports the changed
 * orders.
 */
export class LogFollower {
  readonly #options: LogFollowerOptions
  readonly #doubtful: InDoubtTransactions
  #cursor: LogCursor
  /** Elapsed time since when events have been held back by an open transaction of this database. */
  #heldSince: number | undefined

  constructor(options: LogFollowerOptions) {
    this.#options = options
    this.#doubtful = options.doubtful ?? new InDoubtTransactions()
    this.#cursor = options.from
  }

  /**
   * How long events of other server instances have been waiting for an older transaction to end, ms; 0 if none wait.
   */
  get heldMs(): number {
    return this.#heldSince === undefined ? 0 : this.#options.clock.elapsed() - this.#heldSince
  }

  /** Reads up to the horizon at some instant after the call. */
  readonly catchUp = coalesce(() => this.#read())

  async #read(): Promise<void> {
    while (await this.#readPage(belowAllWriters));
    if (await this.#isHeld(belowAllWriters)) await this.#readPastOtherDatabases()
    else this.#heldSince = undefined
  }

  async #readPastOtherDatabases(): Promise<void> {
    while (await this.#readPage(belowOwnWriters));
    if (!(await this.#isHeld(belowOwnWriters))) this.#heldSince = undefined
    else this.#heldSince ??= this.#options.clock.elapsed()
  }

  async #isHeld(bound: LogBound): Promise<boolean> {
    const [row] = await this.#options.database.query<{ isHeld: boolean }>(hasEventsFrom(bound), this.#unread())
    return row?.isHeld === true
  }

  /** Parameters of both statements. */
  #unread(): unknown[] {
    return [this.#cursor.tx, this.#cursor.position, this.#options.origin, this.#doubtful.list()]
  }

  /** @returns whether there may be more to read. */
  async #readPage(bound: LogBound): Promise<boolean> {
    const { database, changed } = this.#options
    const rows = await database.query<PageRow>(eventsBelow(bound), this.#unread())
    const [first] = rows
    if (first === undefined) return false
    const orders = rows.filter(({ eventCount }) => eventCount > 0)
    for (const [site, ofSite] of Map.groupBy(orders, (row) => row.site)) {
      const furthest = ofSite.map((row) => BigInt(row.position)).reduce(laterPosition)
      await changed(
        site,
        ofSite.map((row) => row.order),
        furthest,
      )
    }
    const isFull = orders.reduce((sum, { eventCount }) => sum + eventCount, 0) === pageSize
    if (!isFull) this.#doubtful.forgetBefore(first.lastTx)
    this.#cursor = isFull
      ? { tx: first.endTx, position: first.endPosition }
      : { tx: first.lastTx, position: first.lastPosition }
    return isFull
  }
}

/**
 * Transactions of this server instance whose commit was never acknowledged, so that it is unknown whether they are in
 * the log. If they are, their events are read back like those of another server instance.
 */
export class InDoubtTransactions {
  readonly #transactions = new Set<string>()

  add(tx: string): void {
    this.#transactions.add(tx)
  }

  list(): string[] {
    return [...this.#transactions]
  }

  /** Forgets transactions before `horizon`, up to which the log has been read. */
  forgetBefore(horizon: string): void {
    for (const tx of this.#transactions) if (BigInt(tx) < BigInt(horizon)) this.#transactions.delete(tx)
  }
}
