import { approvals } from '@stagewatch/db/approvals-schema.ts'
import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { events as log, processes } from '@stagewatch/db/schema.ts'
import { sql } from 'drizzle-orm'
import { ConsumerRunner } from '../log/consumers.ts'
import type { LoggedEvent } from '../log/consumers.ts'
import type { BackgroundTasks } from '../platform/background-tasks.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { coalesce } from '../platform/coalesce.ts'
import type { Job, JobOutcome } from '../platform/jobs.ts'
import { JobWorker } from '../platform/jobs.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import { loadRunningOrders, lockApproval } from './approvals-table.ts'
import { movesQueue } from './move-order.ts'
import { reconcileApprovals } from './open-approvals.ts'
import { approvalStepQueue, settleApproval } from './settle-approval.ts'
import { loadSitePeople } from './site-people.ts'

const lookEveryMs = 1_000
const reconcileEveryMs = 30_000
/** Number of orders reconciled in one transaction. */
const ordersAtOnce = 200

interface ApprovalsOptions {
  readonly database: Database
  readonly clock: Clock
  readonly sites: SiteRegistry
}

/**
 * Runs approvals: a consumer of the log opens one when an order enters a stage that requires approval, decisions and
 * time-outs advance it, and a job appends the resulting event to the log, which moves the order.
 */
export class Approvals {
  readonly #options: ApprovalsOptions
  readonly #steps: JobWorker
  readonly #moves: JobWorker
  #consumer: Promise<ConsumerRunner> | undefined

  constructor(options: ApprovalsOptions) {
    this.#options = options
    const { database, clock } = options
    this.#steps = new JobWorker(database, clock, {
      name: approvalStepQueue,
      concurrency: 10,
      leaseMs: 10_000,
      run: (job) => this.#lookAgain(job),
    })
    this.#moves = new JobWorker(database, clock, movesQueue(options))
  }

  async start(tasks: BackgroundTasks): Promise<void> {
    await this.catchUp()
    tasks.start({ name: 'open-approvals', schedule: { everyMs: lookEveryMs }, instances: 'all', run: this.catchUp })
    tasks.startJobs('pass-approvals-on', this.#steps)
    tasks.startJobs('move-approved-orders', this.#moves)
    tasks.start({
      name: 'reconcile-approvals',
      schedule: { everyMs: reconcileEveryMs },
      instances: 'one',
      run: this.reconcileAll,
    })
  }

  /** Opens and withdraws approvals according to the events since the last call. */
  readonly catchUp = coalesce(async () => {
    this.#consumer ??= ConsumerRunner.open(this.#options.database, {
      name: 'approvals',
      // Imported orders get approvals as well, but nobody is notified of them.
      kind: 'projector',
      startsAt: 'end',
      wanted: mayConcernApprovals,
      handle: (tx, events) => this.#handle(tx, events),
    })
    const consumer = await this.#consumer.catch((error: unknown) => {
      this.#consumer = undefined
      throw error
    })
    await consumer.catchUp()
  })

  /** Opens and withdraws approvals for orders whose stage started or stopped requiring approval in a process change. */
  readonly reconcileAll = coalesce(async () => {
    const { database, sites } = this.#options
    for (const pipeline of await sites.list()) {
      const standing = ordersInApproval(pipeline)
      const orders = [...new Set([...standing, ...(await loadRunningOrders(database, pipeline.site.code))])]
      for (let at = 0; at < orders.length; at += ordersAtOnce) {
        await database.transaction((tx) => this.#reconcile(tx, pipeline, orders.slice(at, at + ordersAtOnce)))
      }
    }
  })

  /** Moves the order right after a decision. A move that fails is retried by the background task. */
  async acted(): Promise<void> {
    await this.#moves.runDue()
  }

  /** Does everything that is due now. */
  async work(): Promise<void> {
    await this.catchUp()
    await this.#steps.runDue()
    await this.#moves.runDue()
  }

  /** Starts no further jobs. */
  close(): void {
    this.#steps.close()
    this.#moves.close()
  }

  async #handle(tx: Queryable, events: readonly LoggedEvent[]): Promise<void> {
    for (const [site, ofSite] of Map.groupBy(events, (event) => event.site)) {
      const pipeline = await this.#options.sites.get(site)
      const orders = [...new Set(ofSite.map(({ order }) => order))]
      await this.#reconcile(tx, pipeline, orders.toSorted())
    }
  }

  async #reconcile(tx: Queryable, pipeline: SitePipeline, orders: readonly string[]): Promise<void> {
    await reconcileApprovals(tx, pipeline, orders, this.#options.clock.now())
  }

  /** Reevaluates an approval at an instant at which the people who may decide change. */
  async #lookAgain({ site, key }: Job): Promise<JobOutcome> {
    const [id, revision] = key.split('/').slice(-2).map(Number)
    const { clock, sites } = this.#options
    const pipeline = await sites.get(site)
    return {
      kind: 'done',
      async effect(tx) {
        const approval = id === undefined ? undefined : await lockApproval(tx, site, id)
        if (approval === undefined || approval.outcome !== null || approval.revision !== revision) return
        const now = clock.now()
        const people = await loadSitePeople(tx, pipeline, now)
        await settleApproval(tx, approval, [], { pipeline, people, now })
      },
    }
  }
}

/**
 * Events of sites with a stage that requires approval, in any version of a process, and of orders with an approval. The
 * first `exists` is evaluated once, so that without approvals nothing is looked up for each event.
 */
const mayConcernApprovals = sql`(
  ${log.site} in (select site from ${processes} where jsonb_path_exists(definition, '$.stages[*].approval'))
  or (exists (select from ${approvals}) and exists (
    select from ${approvals} where ${approvals.site} = ${log.site} and ${approvals.orderId} = ${log.orderId})))`

/** Orders that are in a stage that requires approval, according to the engine in memory. */
function ordersInApproval({ engine }: SitePipeline): string[] {
  return engine.stages().flatMap((stage) => {
    const history = engine.rules.history(stage.process) ?? []
    const isApproved = history.some(({ definition }) =>
      definition.stages.some(({ code, approval }) => code === stage.definition.code && approval !== undefined),
    )
    return isApproved ? engine.open.in(stage).map(({ state }) => state.order) : []
  })
}
