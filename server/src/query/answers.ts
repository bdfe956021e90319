import type { Database } from '@stagewatch/db/database.ts'
import type { OrderDetail, OrderPartQuery, OrdersAnswer, OrdersQuery } from '@stagewatch/shared/contract/orders.ts'
import type { OverviewAnswer, OverviewQuery } from '@stagewatch/shared/contract/overview.ts'
import { normalIdentifier } from '@stagewatch/shared/domain/identifier.ts'
import { audienceOf } from '../access/caller.ts'
import type { Caller } from '../access/caller.ts'
import { readAs } from '../access/read-as.ts'
import { AppError } from '../platform/app-error.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { loadOrders } from '../projection/load-orders.ts'
import { archivedOrder } from './archived-order.ts'
import type { SiteTranslations } from '../rules/site-translations.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import { describeOrder } from './describe-order.ts'
import { listOrders } from './list-orders.ts'
import type { OlderOrders } from './older-orders.ts'
import { overview } from './overview.ts'
import type { QueryLimiter } from './query-limiter.ts'
import { restrictQuery } from './restrict-query.ts'
import { lastForeignVisitEnd } from './visible-order.ts'
import { textsOfOrder, textsOfOrders } from './translatable-texts.ts'

/** Dependencies for answering queries about numbers and orders, over HTTP and for live queries. */
export interface AnswerContext {
  readonly sites: SiteRegistry
  readonly database: Database
  readonly questions: QueryLimiter
  readonly olderOrders: OlderOrders
  readonly clock: Clock
  /** The instant of the numbers in memory, epoch ms: now, unless the database cannot be read. */
  readonly numbersAt: () => number
}

/** @throws AppError `forbidden`, `invalid_field`, `overloaded` */
export async function answerOverview(
  { sites, questions, numbersAt }: AnswerContext,
  caller: Caller,
  query: OverviewQuery,
): Promise<OverviewAnswer> {
  const { site } = caller
  const { engine, position, departments, privacy, translations } = await sites.get(site)
  const question = restrictQuery(query, audienceOf(caller, privacy.now), departments.now)
  return questions.ask(['overview', site, question], async () => {
    const now = numbersAt()
    const answer = await overview(engine, question, now)
    const late = answer.lateness.departments.map(({ department }) => department)
    return { ...answer, ...translated(translations, late), asOf: now, position }
  })
}

/** @throws AppError `forbidden`, `bad_request`, `overloaded` */
export async function answerOrders(
  { sites, olderOrders, numbersAt }: AnswerContext,
  caller: Caller,
  query: OrdersQuery,
): Promise<OrdersAnswer> {
  const { engine, position, departments, privacy, translations } = await sites.get(caller.site)
  const audience = audienceOf(caller, privacy.now)
  const now = numbersAt()
  const question = restrictQuery(query, audience, departments.now)
  const found = await listOrders({ engine, caller, audience }, olderOrders, question, now)
  return { ...found, ...translated(translations, textsOfOrders(found)), asOf: now, position }
}

/** @throws AppError `not_found`, `invalid_text`, `invalid_field` */
export async function answerOrder(
  { sites, database, clock }: AnswerContext,
  caller: Caller,
  number: string,
  part: OrderPartQuery,
): Promise<OrderDetail> {
  const pipeline = await sites.get(caller.site)
  const order = normalIdentifier(number)
  if (order === undefined) {
    throw new AppError('invalid_text', 'must not hold control or invisible characters', { field: 'order' })
  }
  const now = clock.now()
  const audience = audienceOf(caller, pipeline.privacy.now)
  // Not read with the caller's rights, because row-level security hides visits of other departments, and it must be
  // known whether there were any.
  const [whole] = audience.departments === undefined ? [] : await loadOrders(database, caller.site, [order])
  const question = {
    site: caller.site,
    engine: pipeline.engine,
    now,
    audience,
    lastForeignVisitEnd: whole?.state && lastForeignVisitEnd(whole.state, audience.departments),
  }
  const found = await readAs(database, caller, (tx) => describeOrder(tx, question, order, part))
  const archived = pipeline.retention.hasArchives ? await archivedOrder(database, caller.site, order) : {}
  const { translations, sources, position } = pipeline
  const sourceNames = sources.registry.namesOf(sourcesOfOrder(found))
  return {
    ...found,
    ...archived,
    ...translated(translations, textsOfOrder(found)),
    ...(Object.keys(sourceNames).length > 0 && { sourceNames }),
    asOf: now,
    position,
  }
}

function* sourcesOfOrder({ events, dueHistory }: Pick<OrderDetail, 'events' | 'dueHistory'>): Generator<string> {
  for (const { source } of events) yield source
  for (const { source } of dueHistory) if (source !== undefined) yield source
}

function translated(translations: SiteTranslations, texts: Iterable<string>): Pick<OrdersAnswer, 'translations'> {
  const found = translations.of(texts)
  return found === undefined ? {} : { translations: found }
}
