import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { epochMs } from '@stagewatch/db/database.ts'
import { coalesce } from '../platform/coalesce.ts'
import { belowAllWriters, belowOwnWriters } from './log-bound.ts'
import type { LogBound } from './log-bound.ts'
import { logHorizon } from './log-follower.ts'

/** An event as a consumer reads it. Instants are epoch ms. */
export interface LoggedEvent {
  readonly site: string
  readonly source: string
  readonly id: string
  readonly type: string
  readonly order: string
  readonly stage: string | null
  readonly occurredAt: number
  readonly actor: string | null
  readonly data: Readonly<Record<string, unknown>>
  readonly tx: string
  readonly position: string
}

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
    await database.query(
      'insert into log_consumers (name, tx, position) values ($1, $2, $3::text::bigint) on conflict (name) do nothing',
      [name, from.tx, from.position],
    )
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
    const [from] = await tx.query<{ tx: string; position: string }>(
      'select tx, position::text as position from log_consumers where name = $1 for update skip locked',
      [name],
    )
    if (from === undefined) return undefined
    const read = await tx.query<LoggedEvent & { readonly imported: boolean }>(
      `select site, source, id, type, order_id as "order", stage, ${epochMs('occurred_at')} as "occurredAt", actor, data,
         imported, events.tx::text as tx, position::text as position
       from events where (events.tx, position) > ($1::text::xid8, $2::text::bigint) and events.tx < ${bound}
       order by events.tx, events.position limit ${pageSize}`,
      [from.tx, from.position],
    )
    const last = read.at(-1)
    const isFull = read.length === pageSize
    if (last === undefined) return { events: [], isFull, isHeld: await this.#isHeld(tx, from, bound) }
    const events = read.filter(({ imported }) => this.#consumer.kind === 'projector' || !imported)
    if (events.length > 0) await handle(tx, events)
    await tx.query('update log_consumers set tx = $2, position = $3::text::bigint where name = $1', [
      name,
      last.tx,
      last.position,
    ])
    return { events, isFull, isHeld: !isFull && (await this.#isHeld(tx, last, bound)) }
  }

  async #isHeld(tx: Queryable, from: { tx: string; position: string }, bound: LogBound): Promise<boolean> {
    const [row] = await tx.query<{ isHeld: boolean }>(
      `select exists (select from events where (events.tx, position) > ($1::text::xid8, $2::text::bigint)
         and events.tx >= ${bound}) as "isHeld"`,
      [from.tx, from.position],
    )
    return row?.isHeld === true
  }
}
