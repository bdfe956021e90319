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
  tx: log.tx,
  position: log.position,
}

type LogColumns = typeof columns

/** An event as a consumer reads it. Instants are epoch ms. */
export type LoggedEvent = { readonly [Name in keyof LogColumns]: GetColumnData<LogColumns[Name]> }

/** Reads all committed events of all sites, once and in the order of the log, whichever server instance wrote them. */
export interface LogConsumer {
  /** Names its checkpoint. */
  readonly name: string
  /**
   * `projector`: only writes tables, so that it is handed every event. `reactor`: adds jobs, about what happens now; it
   * is not handed events of imports and replays.
   */
  readonly kind: 'projector' | 'reactor'
  /**
   * Where it begins when there is no checkpoint of it yet. `end`: with everything that is committed from now on, and
   * what was committed a moment ago while an older transaction had not ended.
   */
  readonly startsAt: 'beginning' | 'end'
  /** In the transaction that stores the checkpoint: either both are stored, or neither. */
  readonly handle: (tx: Queryable, events: readonly LoggedEvent[]) => Promise<void>
}

const pageSize = 500

interface Page {
  /** Of those that were read, the ones that are handed on. */
  readonly events: readonly LoggedEvent[]
  readonly isFull: boolean
  readonly isHeld: boolean
}

/**
 * Carries a consumer forward. Every server instance has one for each consumer; the row of the checkpoint is locked while
 * events are handled, so that one of them is at it, and whichever looks next goes on when that one has died.
 */
export class ConsumerRunner {
  readonly #database: Database
  readonly #consumer: LogConsumer

  private constructor(database: Database, consumer: LogConsumer) {
    this.#database = database
    this.#consumer = consumer
  }

  /** Stores where the consumer begins, unless it has begun before. */
  static async open(database: Database, consumer: LogConsumer): Promise<ConsumerRunner> {
    const { name, startsAt } = consumer
    const from = startsAt === 'end' ? await logHorizon(database, belowOwnWriters) : { tx: '0', position: '-1' }
    await drizzleOn(database)
      .insert(logConsumers)
      .values({ name, tx: from.tx, position: BigInt(from.position) })
      .onConflictDoNothing({ target: logConsumers.name })
    return new ConsumerRunner(database, consumer)
  }

  /** Handles everything that was committed before the call, unless another instance is at it. */
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

  /** Undefined: another instance is at it. */
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
