import type { Database, Queryable } from '@stagewatch/db/database.ts'
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
 * The last event below the bound (see `eventsBelow`): to follow from, so that nothing is passed over which was not
 * visible when this was called.
 */
export async function logHorizon(database: Queryable, bound = belowAllWriters): Promise<LogCursor> {
  const [row] = await database.query<LogCursor>(
    `select tx::text as tx, position::text as position from events
     where events.tx < ${bound} order by events.tx desc, events.position desc limit 1`,
  )
  return row ?? { tx: '0', position: '-1' }
}

/** Events of one order mostly stand together, so that a large page has few orders, and each of them once. */
const pageSize = 20_000

/**
 * Bounded by the oldest transaction still in flight: a transaction that began earlier and commits later has a lower
 * id than what was read, and would be passed over for ever by `position > last`. A busy process would mostly read its
 * own events back, so of those only the last one leaves the database, and those of commits that were never answered.
 * Reading goes on from an event and not from the bound: an event is durable, while ids that were never flushed are
 * given out again after a crash of the database. What leaves the database is a row for each order.
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

/** Whether events are there that others have committed and that cannot be read yet. */
const hasEventsFrom = (bound: LogBound): string => `
  select exists (
    select from events where (tx, position) > ($1::text::xid8, $2::bigint) and tx >= ${bound}
      and (origin <> $3 or tx = any($4::text[]::xid8[]))) as "isHeld"`

/** What a page has of an order; in the only row of a page without events `eventCount` is 0. */
interface PageRow {
  /** The last event below the bound. */
  readonly lastTx: string
  readonly lastPosition: string
  /** The last event of the page. */
  readonly endTx: string
  readonly endPosition: string
  readonly site: string
  readonly order: string
  /** Of its last event. */
  readonly position: string
  readonly eventCount: number
}

/** @param position of the last event among those that changed the orders. */
type Changed = (site: string, orders: readonly string[], position: bigint) => Promise<void>

export interface LogFollowerOptions {
  readonly database: Database
  readonly clock: Clock
  /** Names this server instance, whose own events are passed over. */
  readonly origin: string
  /** The horizon at an instant before the orders were read that `changed` will correct. */
  readonly from: LogCursor
  readonly changed: Changed
  readonly doubtful?: InDoubtTransactions
}

/** Reads what other server instances add to the log, each transaction once, and tells which orders changed. */
export class LogFollower {
  readonly #options: LogFollowerOptions
  readonly #doubtful: InDoubtTransactions
  #cursor: LogCursor
  /** By elapsed time: since when events are there that an open transaction of this database holds back. */
  #heldSince: number | undefined

  constructor(options: LogFollowerOptions) {
    this.#options = options
    this.#doubtful = options.doubtful ?? new InDoubtTransactions()
    this.#cursor = options.from
  }

  /** For how long events of other server instances have waited for an older transaction to end, ms; 0: none wait. */
  get heldMs(): number {
    return this.#heldSince === undefined ? 0 : this.#options.clock.elapsed() - this.#heldSince
  }

  /** Reads up to the horizon of an instant after the call. */
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

  /** Whether there may be more to read. */
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
 * Transactions of this server instance whose commit was never answered: whether they are in the log is not known. If they are,
 * their events are read back like those of another server instance.
 */
export class InDoubtTransactions {
  readonly #transactions = new Set<string>()

  add(tx: string): void {
    this.#transactions.add(tx)
  }

  list(): string[] {
    return [...this.#transactions]
  }

  /** The log was read up to the transaction, not included. */
  forgetBefore(horizon: string): void {
    for (const tx of this.#transactions) if (BigInt(tx) < BigInt(horizon)) this.#transactions.delete(tx)
  }
}
