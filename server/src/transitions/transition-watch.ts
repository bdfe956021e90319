import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { chooseBottleneck } from '@stagewatch/shared/domain/bottleneck.ts'
import type { BottleneckMemory } from '@stagewatch/shared/domain/bottleneck.ts'
import { bottleneckStages } from '../boards/bottleneck-stages.ts'
import type { OpenVisit } from '../engine/open-visits.ts'
import type { StatusEdge } from '../engine/status-edge.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { coalesce } from '../platform/coalesce.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import { recordStarts, recordEnds, loadOpen, recordBottleneck } from './transitions-table.ts'
import type { TransitionStart, TransitionEnd, Transition } from './transitions-table.ts'

/**
 * Reacts to recorded transitions, in the transaction that records them. It runs again if the transaction is retried.
 */
export type Reactor = (tx: Queryable, site: string, transitions: readonly Transition[]) => Promise<void>

interface TransitionWatchOptions {
  readonly database: Database
  readonly clock: Clock
  readonly sites: SiteRegistry
  readonly react: Reactor
}

/** Maximum number of transitions per transaction. */
const recordedAtOnce = 500
/** If more orders than this are pending, all orders of the site are checked instead. */
const maxPending = 10_000
/**
 * An open visit counts as no longer overdue only after it was so for this long, because a server instance with outdated
 * rules may briefly see it otherwise.
 */
const settledAfterMs = 10_000

/**
 * Records when a visit becomes overdue or a stage becomes a bottleneck, and when that ends. The engine determines what
 * to check; the database records what was already handled, so that a crash loses nothing and another server instance
 * repeats nothing.
 */
export class TransitionWatch {
  readonly #options: TransitionWatchOptions
  /** Orders to check, by site. Undefined: all. */
  readonly #pending = new Map<string, Set<string> | undefined>()
  /** Since when open visits are no longer overdue, elapsed time, by the id of their transition. */
  readonly #notOverdueSince = new Map<number, number>()
  /** By site and process. */
  readonly #bottlenecks = new Map<string, BottleneckMemory>()

  constructor(options: TransitionWatchOptions) {
    this.#options = options
  }

  /** Called when the engine of a site has detected changes of status; the next `catchUp` records them. */
  queueEdges(site: string, edges: readonly StatusEdge[]): void {
    const orders = edges.filter(({ condition }) => condition === 'overdue').map(({ order }) => order)
    if (orders.length === 0) return
    if (!this.#pending.has(site)) this.#pending.set(site, new Set())
    const pending = this.#pending.get(site)
    if (pending === undefined) return
    for (const order of orders) pending.add(order)
    if (pending.size > maxPending) this.#pending.set(site, undefined)
  }

  /**
   * Makes the next `catchUp` check all orders of the currently open sites, because earlier changes were not reported.
   */
  async queueAll(): Promise<void> {
    for (const { site } of await this.#options.sites.list()) this.#pending.set(site.code, undefined)
  }

  /** Records the reported changes. After a failure, all orders of the site are checked next time. */
  readonly catchUp = coalesce(async () => {
    for (const [site, orders] of this.#pending) {
      this.#pending.delete(site)
      try {
        await this.reconcile(await this.#options.sites.get(site), orders && [...orders])
      } catch (error) {
        this.#pending.set(site, undefined)
        throw error
      }
    }
  })

  /** Compares all recorded transitions with the engines' state. */
  readonly reconcileAll = coalesce(async () => {
    for (const pipeline of await this.#options.sites.list()) await this.reconcile(pipeline)
  })

  /** Compares the recorded state of some orders, or of all, with the engine's. */
  async reconcile(pipeline: SitePipeline, orders?: readonly string[]): Promise<void> {
    const { database, clock, react } = this.#options
    const site = pipeline.site.code
    // Loaded first, so that the engine already reflects everything recorded.
    const recorded = new Map((await loadOpen(database, site, 'overdue', orders)).map((open) => [keyOf(open), open]))
    const now = clock.now()
    pipeline.engine.advance(now)
    const overdue = new Map(overdueVisits(pipeline, orders).map((visit) => [keyOf(visit), visit]))
    const begun = [...overdue].filter(([key]) => !recorded.has(key)).map(([, visit]) => visit)
    const ended = [...recorded]
      .filter(([key]) => !overdue.has(key))
      .flatMap(([, open]) => this.#endOf(pipeline, open) ?? [])
    for (const [key, { id }] of recorded) if (overdue.has(key)) this.#notOverdueSince.delete(id)
    for (let from = 0; from < Math.max(begun.length, ended.length); from += recordedAtOnce) {
      const [someBegun, someEnded] = [begun, ended].map((all) => all.slice(from, from + recordedAtOnce)) as [
        TransitionStart[],
        TransitionEnd[],
      ]
      await database.transaction(async (tx) => {
        const over = await recordEnds(tx, site, someEnded, now)
        const transitions = [...over, ...(await recordStarts(tx, site, someBegun))]
        if (transitions.length > 0) await react(tx, site, transitions)
      })
    }
  }

  /** Undefined if it has not ended, as far as is known yet. */
  #endOf({ engine }: SitePipeline, open: Transition): TransitionEnd | undefined {
    const order = engine.order(open.order)
    const ending = { id: open.id, eventCount: order?.eventCount }
    const visit = engine.open.get(order?.openSlot)
    if (visit === undefined || visit.visit.stage !== open.stage || visit.visit.nth !== open.nth) return ending
    // This instance's clock is behind that of the instance that recorded it.
    if (visit.status.dueAt !== undefined && Math.round(visit.status.dueAt) === open.beganAt) return undefined
    const elapsed = this.#options.clock.elapsed()
    const since = this.#notOverdueSince.get(open.id) ?? elapsed
    this.#notOverdueSince.set(open.id, since)
    if (elapsed - since < settledAfterMs) return undefined
    this.#notOverdueSince.delete(open.id)
    return ending
  }

  /**
   * Records which stages are bottlenecks. Must run on one server instance at a time, because the result depends on the
   * previous run.
   */
  readonly recordBottlenecks = coalesce(() => this.#recordBottlenecks())

  async #recordBottlenecks(): Promise<void> {
    const { database, clock, sites, react } = this.#options
    for (const { site, engine } of await sites.list()) {
      const holders = new Map(
        (await loadOpen(database, site.code, 'bottleneck')).map(({ process, stage }) => [process, stage]),
      )
      for (const process of engine.processes()) {
        const { code } = process.definition
        const key = `${site.code}/${code}`
        const holder = holders.get(code)
        const { challenger } = this.#bottlenecks.get(key) ?? {}
        const memory = { ...(holder !== undefined && { holder }), ...(challenger !== undefined && { challenger }) }
        const now = clock.now()
        const next = chooseBottleneck(bottleneckStages({ engine, process }, now), memory, clock.elapsed())
        this.#bottlenecks.set(key, next)
        if (next.holder === holder) continue
        await database.transaction(async (tx) => {
          const transitions = await recordBottleneck(tx, site.code, code, next.holder, now)
          if (transitions.length > 0) await react(tx, site.code, transitions)
        })
      }
    }
  }
}

function overdueVisits({ engine }: SitePipeline, orders: readonly string[] | undefined): TransitionStart[] {
  const open: Iterable<OpenVisit> =
    orders?.flatMap((order) => engine.open.get(engine.order(order)?.openSlot) ?? []) ?? engine.open
  const found: TransitionStart[] = []
  for (const { state, visit, aggregates, status } of open) {
    const eventCount = engine.order(state.order)?.eventCount
    if (!status.overdue || status.dueAt === undefined || eventCount === undefined) continue
    const { process } = aggregates
    const beganAt = Math.round(status.dueAt)
    found.push({
      kind: 'overdue',
      process,
      order: state.order,
      stage: visit.stage,
      nth: visit.nth,
      beganAt,
      eventCount,
    })
  }
  return found
}

function keyOf({ order, stage, nth }: Pick<Transition, 'order' | 'stage' | 'nth'>): string {
  return JSON.stringify([order, stage, nth])
}
