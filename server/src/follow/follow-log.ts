import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { laterPosition } from '../log/log-position.ts'
import { DoubtfulCommits } from './doubtful-commits.ts'

/** How far a reader has read the log. */
export interface LogCursor {
  readonly tx: string
  readonly position: string
}

/** Where to follow from so that nothing is passed over which was not visible when this was called. */
export async function logHorizon(database: Queryable): Promise<LogCursor> {
  const [row] = await database.query<{ tx: string }>('select pg_snapshot_xmin(pg_current_snapshot())::text as tx')
  return horizonOf(row?.tx)
}

const pageSize = 5_000

/**
 * Bounded by the oldest transaction still in flight: a transaction that began earlier and commits later has a lower
 * id than what was read, and would be passed over for ever by `position > last`. Always gives the horizon; without
 * events there is one row that has nothing else. A busy process would mostly read its own events back, so those stay
 * in the database, except of commits that were never answered.
 */
const next = `
  select horizon.tx::text as horizon, e.tx::text as tx, e.position::text as position, e.order_id as "order", e.site
  from (select pg_snapshot_xmin(pg_current_snapshot()) as tx) as horizon
  left join lateral (
    select tx, position, order_id, site from events
    where (tx, position) > ($1::text::xid8, $2::bigint) and events.tx < horizon.tx
      and (origin <> $3 or tx = any($4::text[]::xid8[]))
    order by events.tx, events.position limit ${pageSize}) as e on true
  order by e.tx, e.position`

interface LogRow {
  readonly horizon: string
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
    if (!isFull) this.#doubtful.forgetBefore(last.horizon)
    this.#cursor = isFull && last.tx !== null ? { tx: last.tx, position: last.position } : horizonOf(last.horizon)
    return isFull
  }
}

/** Before everything of the transactions from the horizon on. */
function horizonOf(tx: string | undefined): LogCursor {
  return { tx: tx ?? '0', position: '-1' }
}
