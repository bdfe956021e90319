import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { logConsumers } from '@stagewatch/db/reactions-schema.ts'
import { events as log } from '@stagewatch/db/schema.ts'
import { eq, sql } from 'drizzle-orm'
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
  /** Runs in the transaction that stores the checkpoint: either both are stored, or neither. */
  readonly handle: (tx: Queryable, events: readonly LoggedEvent[]) => Promise<void>
}

const pageSize = 500

interface Page {
  /** The events of the page that are passed to the consumer. */
  readonly events: readonly LoggedEvent[]
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
    const { name, handle } = this.#consumer
    const on = drizzleOn(tx)
    const [from] = await on
      .select({ tx: logConsumers.tx, position: logConsumers.position })
      .from(logConsumers)
      .where(eq(logConsumers.name, name))
      .for('update', { skipLocked: true })
    if (from === undefined) return undefined
    const read = await on
      .select(columns)
      .from(log)
      .where(sql`${isAfter(from)} and ${log.tx} < ${sql.raw(bound)}`)
      .orderBy(log.tx, log.position)
      .limit(pageSize)
    const last = read.at(-1)
    const isFull = read.length === pageSize
    if (last === undefined) return { events: [], isFull, isHeld: await isHeld(tx, from, bound) }
    const events = this.#consumer.kind === 'projector' ? read : read.filter((event) => !event.imported)
    if (events.length > 0) await handle(tx, events)
    await on.update(logConsumers).set({ tx: last.tx, position: last.position }).where(eq(logConsumers.name, name))
    return { events, isFull, isHeld: !isFull && (await isHeld(tx, last, bound)) }
  }
}

type Checkpoint = Pick<LoggedEvent, 'tx' | 'position'>

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
