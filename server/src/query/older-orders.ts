import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { orders as orderRows, visits } from '@stagewatch/db/schema.ts'
import { anyOf, epochMsOf } from '@stagewatch/db/sql-expressions.ts'
import type { OrdersQuery } from '@stagewatch/shared/contract/orders.ts'
import type { OrderSummary } from '@stagewatch/shared/contract/order-summary.ts'
import { usualSort } from '@stagewatch/shared/contract/orders.ts'
import { audienceKey } from '@stagewatch/shared/domain/access/audience.ts'
import type { Audience } from '@stagewatch/shared/domain/access/audience.ts'
import type { DepartmentTexts } from '@stagewatch/shared/domain/departments.ts'
import { arrivedAt } from '@stagewatch/shared/domain/fold-state.ts'
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

/** The caller for whom the orders are read. */
export interface OlderReader {
  readonly engine: LiveEngine
  readonly caller: Caller
  readonly audience: Audience
}

type OlderChoice = Omit<OrdersQuery, 'limit' | 'cursor'>
type OlderPage = Pick<OrderPage, 'orders' | 'last'>

/** Whether orders that memory has evicted may match the query. */
export function asksForOlder({ ended: { startsAt } }: LiveEngine, { status, stage, from }: OlderChoice): boolean {
  const mayHaveEnded = status === undefined || status === 'completed'
  return mayHaveEnded && stage === undefined && (from ?? Number.NEGATIVE_INFINITY) < startsAt
}

/** An open list repeats its query with every event, but orders that ended long ago hardly ever change. */
const keptForMs = 15_000
const maxKept = 200

/**
 * Orders that ended before the start of the engine's memory; for a site that has run for years, most of them. They are
 * read from the database, and results are cached for a short time for all callers with the same view.
 */
export class OlderOrders {
  readonly #database: Database
  readonly #questions: QueryLimiter
  readonly #answers = new LRUCache<string, OlderPage | number>({ max: maxKept, ttl: keptForMs })

  constructor(database: Database, questions: QueryLimiter) {
    this.#database = database
    this.#questions = questions
  }

  /** Number of matching orders. @throws AppError `overloaded` */
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
   * A page of matching orders, sorted like the others; none of them has a value that requires a current stage.
   * @param after the last order of the previous page; undefined for the first page.
   * @throws AppError `overloaded`
   */
  async page(
    reader: OlderReader,
    query: OlderChoice & { readonly limit: number },
    after: SortKey | undefined,
  ): Promise<OlderPage> {
    const answer = await this.#ask(['page', query, after], reader, async (tx) => {
      const keys = await pageOf(tx, reader, query, after)
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
    const { ended, departmentTexts } = engine
    const seen = audienceKey(audience)
    const asked = ['older', caller.site, ended.startsAt, seen, departmentTexts.merged, ...question] as const
    const key = JSON.stringify(asked)
    const kept = this.#answers.get(key)
    if (kept !== undefined) return kept
    const answer = await this.#questions.ask(asked, () => readAs(this.#database.longRunning, caller, read))
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
    return [viewOfSummary(summarize(counted, undefined, engine.ended.startsAt), audience)]
  })
}

async function pageOf(
  tx: Queryable,
  reader: OlderReader,
  query: OlderChoice & { readonly limit: number },
  after: SortKey | undefined,
): Promise<SortKey[]> {
  const { column, isReversed } = sortParts(query.sort ?? usualSort(query))
  const value = valueOf(column, query, reader)
  const order = sql`${orderRows.orderId} collate "C"`
  const direction = isReversed ? sql`desc` : sql`asc`
  return drizzleOn(tx)
    .select({ value: sql<SortKey['value']>`${value ?? sql`null`}`.as('value'), order: orderRows.orderId })
    .from(orderRows)
    .where(and(answersTo(reader, query), after && isBehind(value, order, after, isReversed)))
    .orderBy(...(value === undefined ? [] : [sql`${value} ${direction} nulls last`]), sql`${order} ${direction}`)
    .limit(query.limit + 1)
}

/** Texts are compared by bytes, like code units in memory. */
function isBehind(value: SQL | undefined, order: SQL, after: SortKey, isReversed: boolean): SQL {
  const beyond = isReversed ? sql`<` : sql`>`
  const isNext = sql`${order} ${beyond} ${after.order}`
  if (value === undefined) return isNext
  if (after.value === null) return sql`(${value} is null and ${isNext})`
  const known = typeof after.value === 'number' ? sql`${after.value}::float8` : sql`${after.value}::text`
  return sql`(${value} is null or ${value} ${beyond} ${known} or (${value} = ${known} and ${isNext}))`
}

/** Missing names are empty, as in memory. */
function answersTo({ engine, caller: { site }, audience }: OlderReader, query: OlderChoice): SQL | undefined {
  const { status, process, department, customer, customerClass, product, from, to, q } = query
  return and(
    eq(orderRows.site, site),
    status === undefined ? inArray(orderRows.status, ['completed', 'cancelled']) : eq(orderRows.status, 'completed'),
    lt(orderRows.endedAt, Math.min(to ?? Number.POSITIVE_INFINITY, engine.ended.startsAt)),
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

/** The searched texts, normalized like `searchable`. */
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

/** See `listOrder`. Undefined if these orders have no such value, or if it is hidden. */
function valueOf(column: SortColumn, query: OlderChoice, { audience, engine }: OlderReader): SQL | undefined {
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
      return departments === undefined ? text(departmentKey(engine.departmentTexts)) : undefined
    case 'priority':
      return text(attribute('priority'))
    case 'quantity':
      return sql`-(${attribute('quantity')})::float8`
    case 'amount':
      return privacy.amounts === 'shown' ? sql`-(${attribute('amount')})::float8` : undefined
  }
}

function departmentKey({ merged }: DepartmentTexts): SQLWrapper {
  const keys = Object.fromEntries(merged.flatMap(([key, ...aliases]) => aliases.map((text) => [text, key])))
  return sql`coalesce(${JSON.stringify(keys)}::jsonb ->> ${orderRows.department}, ${orderRows.department})`
}

/** Exact matches first, then prefixes, then other matches. */
function closeness(part: string, audience: Audience): SQL {
  const texts = textsOf(audience)
  return sql`(case when ${part}::text = any(${texts}) then 0
    when exists (select from unnest(${texts}) as own (own) where starts_with(own, ${part}::text)) then 1 else 2 end)::float8`
}
