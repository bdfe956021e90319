import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { customerNews } from '@stagewatch/db/customer-news-schema.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { events } from '@stagewatch/db/schema.ts'
import { orderFollows } from '@stagewatch/db/team-schema.ts'
import { departmentOf } from '@stagewatch/shared/domain/access/department-scope.ts'
import { deskSource } from '@stagewatch/shared/domain/order-event.ts'
import { and, eq, sql } from 'drizzle-orm'
import { alertSender } from '../alerts/alert-sender.ts'
import { findReceivers } from '../alerts/receivers.ts'
import { ConsumerRunner } from '../log/consumers.ts'
import type { LoggedEvent } from '../log/consumers.ts'
import type { BackgroundTasks } from '../platform/background-tasks.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { coalesce } from '../platform/coalesce.ts'
import { addJobs, JobWorker } from '../platform/jobs.ts'
import type { Job, JobOutcome, NewJob } from '../platform/jobs.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import { digestKeyOf, digestQueue } from './customer-digests.ts'
import { endFollows, loadFollowers } from './follows-table.ts'
import { deleteOldCustomerMails, loadSettings } from './customer-settings.ts'
import {
  assignedOwner,
  authorOf,
  customerNewsOf,
  isCustomerNews,
  isNews,
  followedNews,
  mentionedPeople,
} from './news-of-event.ts'
import type { CustomerNews, News } from './news-of-event.ts'
import { sendCustomerDigest } from './send-customer-digest.ts'
import { sendCustomerMail } from './send-customer-mail.ts'
import { sendNews } from './send-news.ts'

const lookEveryMs = 1_000
const cleanUpEveryMs = 3_600_000
const newsQueue = 'order-news'
const customerQueue = 'customer-news'

interface OrderNewsOptions {
  readonly database: Database
  readonly clock: Clock
  readonly sites: SiteRegistry
}

/** A person who is to be notified of an event. */
interface Addressed {
  readonly site: string
  readonly source: string
  readonly id: string
  readonly news: News
  readonly person: string
}

/** News of an event for the customer of its order. */
interface ForCustomer {
  readonly site: string
  readonly source: string
  readonly id: string
  readonly news: CustomerNews
}

/**
 * Notifies people of orders that they follow, of comments that mention them, and of orders that a colleague assigns to
 * them, and customers of the progress of their orders: a consumer of the log adds a job for each person and event.
 * Imports and replays notify nobody.
 */
export class OrderNews {
  readonly #options: OrderNewsOptions
  readonly #jobs: JobWorker
  readonly #customerJobs: JobWorker
  readonly #digestJobs: JobWorker
  #consumer: Promise<ConsumerRunner> | undefined

  constructor(options: OrderNewsOptions) {
    this.#options = options
    this.#jobs = new JobWorker(options.database, options.clock, {
      name: newsQueue,
      concurrency: 10,
      leaseMs: 10_000,
      knows: (key) => isNews(newsIn(key)),
      run: (job) => this.#tell(job),
    })
    this.#customerJobs = new JobWorker(options.database, options.clock, {
      name: customerQueue,
      // The mails of a site are sent one after the other in any case.
      concurrency: 5,
      leaseMs: 10_000,
      knows: (key) => isCustomerNews(newsIn(key)),
      run: (job) => this.#tellCustomer(job),
    })
    this.#digestJobs = new JobWorker(options.database, options.clock, {
      name: digestQueue,
      concurrency: 5,
      leaseMs: 10_000,
      run: (job) => this.#sendDigest(job),
    })
  }

  async start(tasks: BackgroundTasks): Promise<void> {
    await this.catchUp()
    tasks.start({ name: 'find-order-news', schedule: { everyMs: lookEveryMs }, instances: 'all', run: this.catchUp })
    tasks.startJobs('tell-order-news', this.#jobs)
    tasks.startJobs('tell-customers', this.#customerJobs)
    tasks.startJobs('send-customer-digests', this.#digestJobs)
    tasks.start({
      name: 'delete-old-customer-mails',
      schedule: { everyMs: cleanUpEveryMs },
      instances: 'one',
      run: () => deleteOldCustomerMails(this.#options.database),
    })
  }

  /** Adds jobs for the events since the last call. */
  readonly catchUp = coalesce(async () => {
    this.#consumer ??= ConsumerRunner.open(this.#options.database, {
      name: newsQueue,
      kind: 'reactor',
      startsAt: 'end',
      wanted: mayBeNews,
      handle: (tx, read) => this.#handle(tx, read),
    })
    const consumer = await this.#consumer.catch((error: unknown) => {
      this.#consumer = undefined
      throw error
    })
    await consumer.catchUp()
  })

  /** Does everything that is due now. */
  async work(): Promise<void> {
    await this.catchUp()
    await this.#jobs.runDue()
    await this.#customerJobs.runDue()
    await this.#digestJobs.runDue()
  }

  /** Starts no further jobs. */
  close(): void {
    this.#jobs.close()
    this.#customerJobs.close()
    this.#digestJobs.close()
  }

  async #handle(tx: Queryable, read: readonly LoggedEvent[]): Promise<void> {
    const now = this.#options.clock.now()
    for (const [site, ofSite] of Map.groupBy(read, (event) => event.site)) {
      const followed = ofSite.filter((event) => followedNews(event) !== undefined)
      const orders = [...new Set(followed.map(({ order }) => order))]
      const followers = orders.length === 0 ? [] : await loadFollowers(tx, site, orders)
      const byOrder = Map.groupBy(followers, ({ order }) => order)
      const addressed: Addressed[] = []
      const pipeline = await this.#options.sites.get(site)
      for (const event of ofSite) {
        const { source, id } = event
        const address = (news: News, person: string) => addressed.push({ site, source, id, news, person })
        const news = followedNews(event)
        for (const { person, since } of byOrder.get(event.order) ?? [])
          if (news !== undefined && event.recordedAt >= since) address(news, person)
        for (const person of mentionedPeople(event)) address('mentioned', person)
        for (const person of await peopleCalled(tx, pipeline, event)) address('assigned', person)
      }
      await addJobs(
        tx,
        addressed.map((one) => jobOf(one, now)),
      )
      await addJobs(
        tx,
        (await newsForCustomers(tx, ofSite)).map((one) => customerJobOf(one, now)),
      )
      const ended = followed.filter(({ type }) => type === 'order.completed' || type === 'order.cancelled')
      await endFollows(tx, site, [...new Set(ended.map(({ order }) => order))])
    }
  }

  async #tell({ site, key }: Job): Promise<JobOutcome> {
    const { database, clock, sites } = this.#options
    const { source, id, news, person } = addressedOf(key)
    const event = await loadEvent(database, site, source, id)
    if (event === undefined || authorOf(event) === person) return { kind: 'done' }
    const pipeline = await sites.get(site)
    const department = departmentNow(pipeline, event.orderId)
    const [receiver] = await findReceivers(database, site, [{ kind: 'person', id: person }], { department })
    if (receiver === undefined) return { kind: 'done' }
    const now = clock.now()
    const { quietUntil } = await alertSender({ sites, clock }).quiet(database, site, receiver.key, now)
    if (quietUntil !== undefined && quietUntil > now)
      return { kind: 'retry', at: quietUntil, error: 'the person is not at work' }
    return { kind: 'done', effect: (tx) => sendNews(tx, pipeline, { event, news, person, now }) }
  }

  async #tellCustomer({ site, key }: Job): Promise<JobOutcome> {
    const { database, clock, sites } = this.#options
    const [, source, id, news] = JSON.parse(key) as [string, string, string, CustomerNews]
    const event = await loadEvent(database, site, source, id)
    if (event === undefined) return { kind: 'done' }
    const pipeline = await sites.get(site)
    return { kind: 'done', effect: (tx) => sendCustomerMail(tx, pipeline, { event, news, now: clock.now() }) }
  }

  async #sendDigest({ site, key }: Job): Promise<JobOutcome> {
    const { clock, sites } = this.#options
    const pipeline = await sites.get(site)
    return { kind: 'done', effect: (tx) => sendCustomerDigest(tx, pipeline, digestKeyOf(key), clock.now()) }
  }
}

/** Events of orders that somebody follows, actions on the desk, and events of sites that notify customers. */
const mayBeNews = sql`(
  ${events.source} = ${deskSource}
  or ${events.site} in (select site from ${customerNews} where enabled_at is not null)
  or (exists (select from ${orderFollows}) and exists (
    select from ${orderFollows}
    where ${orderFollows.site} = ${events.site} and ${orderFollows.orderId} = ${events.orderId})))`

async function loadEvent(db: Queryable, site: string, source: string, id: string) {
  const [event] = await drizzleOn(db)
    .select()
    .from(events)
    .where(and(eq(events.site, site), eq(events.source, source), eq(events.id, id)))
  return event
}

/** @param read events of one site. */
async function newsForCustomers(tx: Queryable, read: readonly LoggedEvent[]): Promise<ForCustomer[]> {
  const stored = read[0] && (await loadSettings(tx, read[0].site))
  if (stored === undefined || stored.enabledAt === null) return []
  const { settings, enabledAt } = stored
  return read
    .filter(({ occurredAt }) => occurredAt >= enabledAt)
    .flatMap((event) =>
      customerNewsOf(event, settings).map((news) => ({ site: event.site, source: event.source, id: event.id, news })),
    )
}

function customerJobOf({ site, source, id, news }: ForCustomer, runAt: number): NewJob {
  return { queue: customerQueue, key: JSON.stringify([site, source, id, news]), site, runAt }
}

function jobOf({ site, source, id, news, person }: Addressed, runAt: number): NewJob {
  return { queue: newsQueue, key: JSON.stringify([site, source, id, news, person]), site, runAt }
}

/** The place of the kind of news is the same in the keys of both queues. */
function newsIn(key: string): string {
  const [, , , news] = JSON.parse(key) as [string, string, string, string]
  return news
}

function addressedOf(key: string): Addressed {
  const [site, source, id, news, person] = JSON.parse(key) as [string, string, string, News, string]
  return { site, source, id, news, person }
}

/** Ids of the people to whom somebody on the desk has assigned the order, who is named by name or mail address. */
async function peopleCalled(db: Queryable, pipeline: SitePipeline, event: LoggedEvent): Promise<string[]> {
  const owner = assignedOwner(event)
  if (owner === undefined) return []
  const department = departmentNow(pipeline, event.order)
  const found = await findReceivers(db, pipeline.site.code, [{ kind: 'owner' }], { owner, department })
  return found.map(({ key }) => key.slice('person:'.length))
}

/** Where the order is now, which determines who may see it. Undefined: not known, and only who sees everything may. */
function departmentNow({ engine }: SitePipeline, order: string): string | undefined {
  const known = engine.order(order)
  return known && departmentOf(known.head.attributes, engine.open.get(known.openSlot)?.visit)
}
