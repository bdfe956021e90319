import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import type { Drizzle } from '@stagewatch/db/drizzle-on.ts'
import { logConsumers } from '@stagewatch/db/reactions-schema.ts'
import { events as log } from '@stagewatch/db/schema.ts'
import { and, desc, eq, not, sql } from 'drizzle-orm'
import type { GetColumnData, SQL } from 'drizzle-orm'
import { coalesce } from '../platform/coalesce.ts'
import { belowAllWriters, belowOwnWriters } from './log-bound.ts'
import type { LogBound } from './log-bound.ts'
import { logHorizon } from './log-follower.ts'

const columns = {
  site: log.site,
  source: log.source,
  id: log.id,
  type: log.type,
  order: log.orderId,
  stage: log.stage,
  occurredAt: log.occurredAt,
  actor: log.actor,
  data: log.data,
  imported: log.imported,
  recordedAt: log.recordedAt,
  tx: log.tx,
  position: log.position,
}

type LogColumns = typeof columns

/** An event as read by a consumer. Instants are epoch ms. */
export type LoggedEvent = { readonly [Name in keyof LogColumns]: GetColumnData<LogColumns[Name]> }

/**
 * Reads all committed events of all sites exactly once and in log order, regardless of the server instance that wrote
 * them.
 */
export interface LogConsumer {
  /** Key of its checkpoint. */
  readonly name: string
  /**
   * `projector`: only writes tables, so it receives every event. `reactor`: adds jobs about current events, so it does
   * not receive events of imports and replays.
   */
  readonly kind: 'projector' | 'reactor'
  /**
   * Where it starts if it has no checkpoint yet. `end`: with everything committed from now on, plus events committed
   * shortly before while an older transaction was still open.
   */
  readonly startsAt: 'beginning' | 'end'
  /**
   * Condition on `events`. The database skips events that do not meet it, so that they need not be transferred and
   * parsed, which costs several times as much. Undefined: every event is read.
   */
  readonly wanted?: SQL
  /** Runs in the transaction that stores the checkpoint: either both are stored, or neither. */
  readonly handle: (tx: Queryable, events: readonly LoggedEvent[]) => Promise<void>
}

/** Events passed to the consumer at once. */
const pageSize = 500
/** Events among which the database looks for those of a page. */
const windowSize = 5_000

interface Page {
  /** Whether there may be more events to read. */
  readonly isFull: boolean
  readonly isHeld: boolean
}

/**
 * Advances a consumer. Every server instance has a runner for each consumer. The checkpoint row is locked while events
 * are handled, so only one instance handles them at a time; if that instance dies, the next one to check continues.
 */
export class ConsumerRunner {
  readonly #database: Database
  readonly #consumer: LogConsumer

  private constructor(database: Database, consumer: LogConsumer) {
    this.#database = database
    this.#consumer = consumer
  }

  /** Stores the initial checkpoint, unless the consumer already has one. */
  static async open(database: Database, consumer: LogConsumer): Promise<ConsumerRunner> {
    const { name, startsAt } = consumer
    const from = startsAt === 'end' ? await logHorizon(database, belowOwnWriters) : { tx: '0', position: '-1' }
    await drizzleOn(database)
      .insert(logConsumers)
      .values({ name, tx: from.tx, position: BigInt(from.position) })
      .onConflictDoNothing({ target: logConsumers.name })
    return new ConsumerRunner(database, consumer)
  }

  /** Handles everything committed before the call, unless another instance is doing so. */
  readonly catchUp = coalesce(async () => {
    for (;;) {
      const page = await this.#database.transaction((tx) => this.#handlePage(tx, belowAllWriters))
      if (page === undefined) return
      if (page.isFull) continue
      if (!page.isHeld) return
      // Transactions of other databases cannot write events of this one.
      const further = await this.#database.transaction((tx) => this.#handlePage(tx, belowOwnWriters))
      if (further?.isFull !== true) return
    }
  })

  /** Undefined if another instance holds the checkpoint. */
  async #handlePage(tx: Queryable, bound: LogBound): Promise<Page | undefined> {
    const { name, kind, wanted, handle } = this.#consumer
    const on = drizzleOn(tx)
    const [from] = await on
      .select({ tx: logConsumers.tx, position: logConsumers.position })
      .from(logConsumers)
      .where(eq(logConsumers.name, name))
      .for('update', { skipLocked: true })
    if (from === undefined) return undefined
    const window = await readWindow(on, from, bound)
    if (window === undefined) return { isFull: false, isHeld: await isHeld(tx, from, bound) }
    const events = await on
      .select(columns)
      .from(log)
      .where(and(isAfter(from), not(isAfter(window.last)), kind === 'reactor' ? not(log.imported) : undefined, wanted))
      .orderBy(log.tx, log.position)
      .limit(pageSize)
    if (events.length > 0) await handle(tx, events)
    const isPageFull = events.length === pageSize
    const read: Checkpoint = (isPageFull ? events.at(-1) : undefined) ?? window.last
    await on.update(logConsumers).set({ tx: read.tx, position: read.position }).where(eq(logConsumers.name, name))
    const isFull = isPageFull || window.count === windowSize
    return { isFull, isHeld: !isFull && (await isHeld(tx, read, bound)) }
  }
}

type Checkpoint = Pick<LoggedEvent, 'tx' | 'position'>

interface LogWindow {
  readonly last: Checkpoint
  readonly count: number
}

/** The next events below the bound, of which only the index is read. Undefined: there are none. */
async function readWindow(on: Drizzle, from: Checkpoint, bound: LogBound): Promise<LogWindow | undefined> {
  const window = on
    .select({ tx: log.tx, position: log.position })
    .from(log)
    .where(and(isAfter(from), sql`${log.tx} < ${sql.raw(bound)}`))
    .orderBy(log.tx, log.position)
    .limit(windowSize)
    .as('read_window')
  const [end] = await on
    .select({ tx: window.tx, position: window.position, count: sql<number>`(count(*) over ())::int` })
    .from(window)
    .orderBy(desc(window.tx), desc(window.position))
    .limit(1)
  return end && { last: end, count: end.count }
}

/** Whether there are events after the checkpoint that cannot be read yet. */
async function isHeld(db: Queryable, from: Checkpoint, bound: LogBound): Promise<boolean> {
  const held = await drizzleOn(db)
    .select({ position: log.position })
    .from(log)
    .where(sql`${isAfter(from)} and ${log.tx} >= ${sql.raw(bound)}`)
    .limit(1)
  return held.length > 0
}

function isAfter(from: Checkpoint): SQL {
  return sql`(${log.tx}, ${log.position}) > (${from.tx}::xid8, ${from.position}::bigint)`
}
