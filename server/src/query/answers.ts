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
import type { SiteTranslations } from '../rules/site-translations.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import { describeOrder } from './describe-order.ts'
import { listOrders } from './list-orders.ts'
import type { OlderOrders } from './older-orders.ts'
import { overview } from './overview.ts'
import type { QueryLimiter } from './query-limiter.ts'
import { questionWithin } from './question-within.ts'
import { othersUntil } from './seen-order.ts'
import { textsOfOrder, textsOfOrders } from './told-texts.ts'

/** What questions about numbers and orders are answered from, over HTTP and for pages that stay open. */
export interface AnswerContext {
  readonly sites: SiteRegistry
  readonly database: Database
  readonly questions: QueryLimiter
  readonly olderOrders: OlderOrders
  readonly clock: Clock
  /** The instant of which memory holds the numbers: now, unless the database cannot be read; epoch ms. */
  readonly numbersAt: () => number
}

/** @throws AppError `forbidden`, `invalid_field`, `overloaded` */
export async function answerOverview(
  { sites, questions, numbersAt }: AnswerContext,
  caller: Caller,
  query: OverviewQuery,
): Promise<OverviewAnswer> {
  const { site } = caller
  const { engine, position, privacy, translations } = await sites.get(site)
  const question = questionWithin(query, audienceOf(caller, privacy.now))
  return questions.ask(['overview', site, question], async () => {
    const now = numbersAt()
    const answer = await overview(engine, question, now)
    const departments = answer.lateness.departments.map(({ department }) => department)
    return { ...answer, ...translated(translations, departments), asOf: now, position }
  })
}

/** @throws AppError `forbidden`, `bad_request`, `overloaded` */
export async function answerOrders(
  { sites, olderOrders, numbersAt }: AnswerContext,
  caller: Caller,
  query: OrdersQuery,
): Promise<OrdersAnswer> {
  const { engine, position, privacy, translations } = await sites.get(caller.site)
  const audience = audienceOf(caller, privacy.now)
  const now = numbersAt()
  const found = await listOrders({ engine, caller, audience }, olderOrders, questionWithin(query, audience), now)
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
  // Not as the caller, whom the database shows no visits of others: that there were some must not be forgotten.
  const [whole] = audience.departments === undefined ? [] : await loadOrders(database, caller.site, [order])
  const question = {
    site: caller.site,
    engine: pipeline.engine,
    now,
    audience,
    othersUntil: whole?.state && othersUntil(whole.state, audience.departments),
  }
  const found = await readAs(database, caller, (tx) => describeOrder(tx, question, order, part))
  const { translations, sources, position } = pipeline
  const sourceNames = sources.registry.namesOf(sourcesOfOrder(found))
  return {
    ...found,
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
