import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { orders as orderRows, visits } from '@stagewatch/db/schema.ts'
import { anyOf, epochMsOf } from '@stagewatch/db/sql-expressions.ts'
import type { OrdersQuery, OrderSummary } from '@stagewatch/shared/contract/orders.ts'
import { usualSort } from '@stagewatch/shared/contract/orders.ts'
import { audienceKey } from '@stagewatch/shared/domain/access/audience.ts'
import type { Audience } from '@stagewatch/shared/domain/access/audience.ts'
import { arrivedAt } from '@stagewatch/shared/domain/arrived-at.ts'
import { and, count, eq, gte, inArray, lt, sql } from 'drizzle-orm'
import type { SQL, SQLWrapper } from 'drizzle-orm'
import { LRUCache } from 'lru-cache'
import type { Caller } from '../access/caller.ts'
import { readAs } from '../access/read-as.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import { searchable } from '../engine/search-texts.ts'
import { loadOrders } from '../projection/load-orders.ts'
import type { OrderPage } from './find-orders.ts'
import { sortParts } from './order-sort.ts'
import type { SortColumn, SortKey } from './order-sort.ts'
import { summarize } from './order-summary.ts'
import { viewOfSummary } from './private-order.ts'
import type { QueryLimiter } from './query-limiter.ts'

/** For whom they are read. */
export interface OlderReader {
  readonly engine: LiveEngine
  readonly caller: Caller
  readonly audience: Audience
}

type OlderChoice = Omit<OrdersQuery, 'limit' | 'cursor'>
type OlderPage = Pick<OrderPage, 'orders' | 'last'>

/** Whether orders that memory has forgotten may answer the question. */
export function asksForOlder({ ended: { beginsAt } }: LiveEngine, { status, stage, from }: OlderChoice): boolean {
  const mayHaveEnded = status === undefined || status === 'completed'
  return mayHaveEnded && stage === undefined && (from ?? Number.NEGATIVE_INFINITY) < beginsAt
}

/** Whoever has a list open asks again with every event, and what ended long ago hardly ever changes. */
const keptForMs = 15_000
const maxKept = 200

/**
 * Orders that ended before the engine's memory begins: of a site that has run for years most of them. They are read from
 * the database, and what was read is told for a while to everybody who may see the same.
 */
export class OlderOrders {
  readonly #database: Database
  readonly #questions: QueryLimiter
  readonly #answers = new LRUCache<string, OlderPage | number>({ max: maxKept, ttl: keptForMs })

  constructor(database: Database, questions: QueryLimiter) {
    this.#database = database
    this.#questions = questions
  }

  /** How many answer the question. @throws AppError `overloaded` */
  async count(reader: OlderReader, query: OlderChoice): Promise<number> {
    const { caller } = reader
    const answer = await this.#ask(['count', query], reader, async (tx) => {
      const [row] = await drizzleOn(tx).select({ orders: count() }).from(orderRows).where(answersTo(reader, query))
      return row?.orders ?? 0
    })
    if (typeof answer !== 'number') throw new TypeError(`the orders of ${caller.site} were not counted`)
    return answer
  }

  /**
   * A page of them, sorted as the others are; none has anything of a stage that it is in.
   * @param after the last order of the page before; undefined: from the first one on.
   * @throws AppError `overloaded`
   */
  async page(
    reader: OlderReader,
    query: OlderChoice & { readonly limit: number },
    after: SortKey | undefined,
  ): Promise<OlderPage> {
    const answer = await this.#ask(['page', query, after], reader, async (tx) => {
      const keys = await pageOf(tx, answersTo(reader, query), query, reader.audience, after)
      const page = keys.slice(0, query.limit)
      return { orders: await summaries(tx, reader, page), last: keys.length > query.limit ? page.at(-1) : undefined }
    })
    if (typeof answer === 'number') throw new TypeError(`the orders of ${reader.caller.site} were only counted`)
    return answer
  }

  async #ask(
    question: readonly unknown[],
    { engine, caller, audience }: OlderReader,
    read: (tx: Queryable) => Promise<OlderPage | number>,
  ): Promise<OlderPage | number> {
    const key = JSON.stringify(['older', caller.site, engine.ended.beginsAt, audienceKey(audience), ...question])
    const kept = this.#answers.get(key)
    if (kept !== undefined) return kept
    const answer = await this.#questions.ask(key, () => readAs(this.#database.longRunning, caller, read))
    this.#answers.set(key, answer)
    return answer
  }
}

async function summaries(
  tx: Queryable,
  { engine, caller, audience }: OlderReader,
  page: readonly SortKey[],
): Promise<OrderSummary[]> {
  const names = page.map(({ order }) => order)
  const byName = new Map((await loadOrders(tx, caller.site, names)).map((order) => [order.order, order]))
  return names.flatMap((name) => {
    const found = byName.get(name)
    if (found?.state === undefined) return []
    const { state, process } = found
    const counted = { head: state, process: engine.processAggregatesOf(process), arrivedAt: arrivedAt(state) }
    return [viewOfSummary(summarize(counted, undefined, engine.ended.beginsAt), audience)]
  })
}

async function pageOf(
  tx: Queryable,
  where: SQL | undefined,
  query: OlderChoice & { readonly limit: number },
  audience: Audience,
  after: SortKey | undefined,
): Promise<SortKey[]> {
  const { column, isReversed } = sortParts(query.sort ?? usualSort(query))
  const value = valueOf(column, query, audience)
  const order = sql`${orderRows.orderId} collate "C"`
  const direction = isReversed ? sql`desc` : sql`asc`
  return drizzleOn(tx)
    .select({ value: sql<SortKey['value']>`${value ?? sql`null`}`.as('value'), order: orderRows.orderId })
    .from(orderRows)
    .where(and(where, after && isBehind(value, order, after, isReversed)))
    .orderBy(...(value === undefined ? [] : [sql`${value} ${direction} nulls last`]), sql`${order} ${direction}`)
    .limit(query.limit + 1)
}

/** Texts come as bytes do, like the code units of memory. */
function isBehind(value: SQL | undefined, order: SQL, after: SortKey, isReversed: boolean): SQL {
  const beyond = isReversed ? sql`<` : sql`>`
  const isNext = sql`${order} ${beyond} ${after.order}`
  if (value === undefined) return isNext
  if (after.value === null) return sql`(${value} is null and ${isNext})`
  const known = typeof after.value === 'number' ? sql`${after.value}::float8` : sql`${after.value}::text`
  return sql`(${value} is null or ${value} ${beyond} ${known} or (${value} = ${known} and ${isNext}))`
}

/** The names that nobody has given are empty, as in memory. */
function answersTo({ engine, caller: { site }, audience }: OlderReader, query: OlderChoice): SQL | undefined {
  const { status, process, department, customer, customerClass, product, from, to, q } = query
  return and(
    eq(orderRows.site, site),
    status === undefined ? inArray(orderRows.status, ['completed', 'cancelled']) : eq(orderRows.status, 'completed'),
    lt(orderRows.endedAt, Math.min(to ?? Number.POSITIVE_INFINITY, engine.ended.beginsAt)),
    from === undefined ? undefined : gte(orderRows.endedAt, from),
    process && anyOf(orderRows.process, process),
    department && isNamed(orderRows.department, department),
    customer && isNamed(orderRows.customer, customer),
    customerClass && isNamed(attribute('customerClass'), customerClass),
    product && isNamed(orderRows.product, product),
    q === undefined
      ? undefined
      : sql`exists (select from unnest(${textsOf(audience)}) as own (own) where position(${searchable(q)} in own) > 0)`,
  )
}

function attribute(name: string): SQL {
  return sql`(${orderRows.attributes} ->> ${name}::text)`
}

function isNamed(column: SQLWrapper, names: readonly string[]): SQL {
  return sql`coalesce(${column}, '') = any(${sql.param(names)}::text[])`
}

/** The texts that are searched, in the form of `searchable`. */
function textsOf({ privacy }: Audience): SQL {
  const texts = [
    orderRows.orderId,
    attribute('waybill'),
    orderRows.product,
    ...(privacy.customers === 'shown' ? [orderRows.customer] : []),
  ]
  return sql`array[${sql.join(
    texts.map((text) => searchableOf(sql`coalesce(${text}, '')`)),
    sql`, `,
  )}]`
}

function searchableOf(text: SQL): SQL {
  return sql`lower(normalize(${text}, NFKC))`
}

/** See `listOrder`. Undefined: these orders have nothing of the kind, or nobody is to know it. */
function valueOf(column: SortColumn, query: OlderChoice, audience: Audience): SQL | undefined {
  const { privacy, departments } = audience
  const text = (wanted: SQLWrapper) => sql`lower(${wanted}) collate "C"`
  switch (column) {
    case 'order':
    case 'overdue':
    case 'dwell':
    case 'stage':
    case 'owner':
      return undefined
    case 'match':
      return query.q === undefined ? undefined : closeness(searchable(query.q), audience)
    case 'ended':
      return sql`-${epochMsOf(orderRows.endedAt)}`
    case 'age':
      return sql`coalesce(${epochMsOf(orderRows.placedAt)}, (select ${epochMsOf(visits.enteredAt)} from ${visits}
        where ${visits.site} = ${orderRows.site} and ${visits.orderId} = ${orderRows.orderId} and ${visits.visitIndex} = 0),
        ${epochMsOf(orderRows.firstAt)})`
    case 'promise':
      return epochMsOf(orderRows.promisedAt)
    case 'customer':
      return privacy.customers === 'shown' ? text(orderRows.customer) : undefined
    case 'customerClass':
      return privacy.customers === 'shown' ? text(attribute('customerClass')) : undefined
    case 'product':
      return text(orderRows.product)
    case 'department':
      return departments === undefined ? text(orderRows.department) : undefined
    case 'priority':
      return text(attribute('priority'))
    case 'quantity':
      return sql`-(${attribute('quantity')})::float8`
    case 'amount':
      return privacy.amounts === 'shown' ? sql`-(${attribute('amount')})::float8` : undefined
  }
}

/** What is equal comes first, then what begins like it, then what mentions it. */
function closeness(part: string, audience: Audience): SQL {
  const texts = textsOf(audience)
  return sql`(case when ${part}::text = any(${texts}) then 0
    when exists (select from unnest(${texts}) as own (own) where starts_with(own, ${part}::text)) then 1 else 2 end)::float8`
}
