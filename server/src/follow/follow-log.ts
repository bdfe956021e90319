import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { laterPosition } from '../log/log-position.ts'
import { OwnCommits } from './own-commits.ts'

/** How far a reader has read the log. */
export interface LogCursor {
  readonly tx: string
  readonly position: string
}

/** Where to follow from so that nothing is passed over which was not visible when this was called. */
export async function logHorizon(database: Queryable): Promise<LogCursor> {
  const [row] = await database.query<{ tx: string }>('select pg_snapshot_xmin(pg_current_snapshot())::text as tx')
  return { tx: row?.tx ?? '0', position: '-1' }
}

/**
 * Bounded by the oldest transaction still in flight: a transaction that began earlier and commits later has a lower
 * id than what was read, and would be passed over for ever by `position > last`.
 */
const next = `
  select tx::text as tx, position::text as position, order_id as "order", site, origin from events
  where (tx, position) > ($1::text::xid8, $2::bigint) and tx < pg_snapshot_xmin(pg_current_snapshot())
  order by events.tx, events.position limit 5000`

interface LogRow extends LogCursor {
  readonly order: string
  readonly site: string
  readonly origin: string
}

/** @param position of the last event among those that changed the orders. */
type Changed = (site: string, orders: readonly string[], position: bigint) => Promise<void>

/** Reads what other processes add to the log, each transaction once, and tells which orders changed. */
export class LogFollower {
  readonly #database: Database
  readonly #origin: string
  readonly #changed: Changed
  readonly #own: OwnCommits
  #cursor: LogCursor
  #reading: Promise<void> | undefined
  #again = false

  /**
   * @param origin names this process, whose own events are passed over.
   * @param from the horizon at an instant before the orders were read that `changed` will correct.
   * @param own what this process has committed, for all it knows.
   */
  constructor(database: Database, origin: string, from: LogCursor, changed: Changed, own = new OwnCommits()) {
    this.#database = database
    this.#origin = origin
    this.#cursor = from
    this.#changed = changed
    this.#own = own
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

  /** Whether there was something to read. */
  async #readPage(): Promise<boolean> {
    const rows = await this.#database.query<LogRow>(next, [this.#cursor.tx, this.#cursor.position])
    const last = rows.at(-1)
    if (last === undefined) return false
    const foreign = rows.filter((row) => row.origin !== this.#origin || !this.#own.has(row.tx))
    for (const [site, ofSite] of Map.groupBy(foreign, (row) => row.site)) {
      const orders = new Set(ofSite.map((row) => row.order))
      const position = ofSite.map((row) => BigInt(row.position)).reduce(laterPosition)
      await this.#changed(site, [...orders], position)
    }
    this.#cursor = { tx: last.tx, position: last.position }
    // The last one may go on on the next page.
    this.#own.forget(new Set(rows.flatMap(({ tx }) => (tx === last.tx ? [] : [tx]))))
    return true
  }
}
