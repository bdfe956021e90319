import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { laterPosition } from '../log/log-position.ts'
import { DoubtfulCommits } from './doubtful-commits.ts'

/** How far a reader has read the log. */
export interface LogCursor {
  readonly tx: string
  readonly position: string
}

/**
 * The last event below the bound (see `next`): to follow from, so that nothing is passed over which was not visible
 * when this was called.
 */
export async function logHorizon(database: Queryable): Promise<LogCursor> {
  const [row] = await database.query<LogCursor>(
    `select tx::text as tx, position::text as position from events
     where events.tx < pg_snapshot_xmin(pg_current_snapshot()) order by events.tx desc, events.position desc limit 1`,
  )
  return row ?? { tx: '0', position: '-1' }
}

const pageSize = 5_000

/**
 * Bounded by the oldest transaction still in flight: a transaction that began earlier and commits later has a lower
 * id than what was read, and would be passed over for ever by `position > last`. A busy process would mostly read its
 * own events back, so of those only the last one leaves the database, and those of commits that were never answered.
 * Reading goes on from an event and not from the bound: an event is durable, while ids that were never flushed are
 * given out again after a crash of the database.
 */
const next = `
  select last.tx::text as "lastTx", last.position::text as "lastPosition", e.tx::text as tx,
    e.position::text as position, e.order_id as "order", e.site
  from (
    select tx, position from events
    where (tx, position) > ($1::text::xid8, $2::bigint) and events.tx < pg_snapshot_xmin(pg_current_snapshot())
    order by events.tx desc, events.position desc limit 1) as last
  left join lateral (
    select tx, position, order_id, site from events
    where (tx, position) > ($1::text::xid8, $2::bigint) and (tx, position) <= (last.tx, last.position)
      and (origin <> $3 or tx = any($4::text[]::xid8[]))
    order by events.tx, events.position limit ${pageSize}) as e on true
  order by e.tx, e.position`

/** An event to be read; `tx` is null in the only row when there is none. */
interface LogRow {
  readonly lastTx: string
  readonly lastPosition: string
  readonly tx: string | null
  readonly position: string
  readonly order: string
  readonly site: string
}

/** @param position of the last event among those that changed the orders. */
type Changed = (site: string, orders: readonly string[], position: bigint) => Promise<void>

/** Reads what other processes add to the log, each transaction once, and tells which orders changed. */
export class LogFollower {
  readonly #database: Database
  readonly #origin: string
  readonly #changed: Changed
  readonly #doubtful: DoubtfulCommits
  #cursor: LogCursor
  #reading: Promise<void> | undefined
  #again = false

  /**
   * @param origin names this process, whose own events are passed over.
   * @param from the horizon at an instant before the orders were read that `changed` will correct.
   */
  constructor(database: Database, origin: string, from: LogCursor, changed: Changed, doubtful = new DoubtfulCommits()) {
    this.#database = database
    this.#origin = origin
    this.#cursor = from
    this.#doubtful = doubtful
    this.#changed = changed
  }

  /** Reads up to the horizon; a call while another reads makes that one look once more. */
  catchUp(): Promise<void> {
    this.#again = true
    this.#reading ??= this.#read()
    return this.#reading
  }

  async #read(): Promise<void> {
    try {
      while (this.#again) {
        this.#again = false
        while (await this.#readPage());
      }
    } finally {
      this.#reading = undefined
    }
  }

  /** Whether there may be more to read. */
  async #readPage(): Promise<boolean> {
    const { tx, position } = this.#cursor
    const rows = await this.#database.query<LogRow>(next, [tx, position, this.#origin, this.#doubtful.list()])
    const last = rows.at(-1)
    if (last === undefined) return false
    const events = rows.filter((row) => row.tx !== null)
    for (const [site, ofSite] of Map.groupBy(events, (row) => row.site)) {
      const orders = new Set(ofSite.map((row) => row.order))
      const furthest = ofSite.map((row) => BigInt(row.position)).reduce(laterPosition)
      await this.#changed(site, [...orders], furthest)
    }
    const isFull = events.length === pageSize
    if (!isFull) this.#doubtful.forgetBefore(last.lastTx)
    this.#cursor =
      isFull && last.tx !== null
        ? { tx: last.tx, position: last.position }
        : { tx: last.lastTx, position: last.lastPosition }
    return isFull
  }
}
