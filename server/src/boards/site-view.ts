import type { Database } from '@stagewatch/db/database.ts'
import type { Board } from '@stagewatch/shared/contract/board.ts'
import { orderInScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import type { DepartmentScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import type { DepartmentTexts } from '@stagewatch/shared/domain/departments.ts'
import type { ProcessHistory } from '@stagewatch/shared/domain/process-history.ts'
import type { CalendarDefinition } from '@stagewatch/shared/domain/time/calendar-definition.ts'
import pLimit from 'p-limit'
import { RuleSubscriber } from './rule-subscriber.ts'
import { emptyProcess } from '../rules/learned-stages.ts'
import type { CatalogListener } from '../rules/site-catalog.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { EngineTimer } from './engine-timer.ts'
import { isLong } from '../engine/count-in-steps.ts'
import { LiveEngine } from '../engine/live-engine.ts'
import { ProcessAggregates } from '../engine/process-aggregates.ts'
import type { CalendarChoice } from '../rules/site-calendars.ts'
import type { StoredOrder } from '../projection/load-orders.ts'
import { loadMemoryStart, loadNames } from '../projection/memory-start.ts'
import { readOrders } from '../projection/read-orders.ts'
import { inSlices } from '../platform/in-slices.ts'
import { MemoryLimit } from './memory-limit.ts'
import type { Site } from '../platform/site.ts'
import type { BoardSource } from './board-source.ts'
import type { BoardCadence, DeltaSink } from './board-publisher.ts'
import { SiteBoards } from './site-boards.ts'

/** Options that all views of a site share. */
export interface SiteViewOptions {
  readonly site: Site
  readonly clock: Clock
  readonly database: Database
  readonly maxVisits: number
  readonly sourcesAt: (now: number) => Pick<BoardSource, 'sources' | 'moreSources' | 'lateSourceOf' | 'isMissing'>
  readonly defaultProcess: () => string
  readonly isKnown: (process: string) => boolean
  readonly departmentTexts: () => DepartmentTexts
  /** See `Board`; the translations of these texts. */
  readonly translationsOf: (texts: Iterable<string>) => Board['translations']
  readonly position: () => string
  readonly deltas: DeltaSink
  /** Set if a recording is shown. */
  readonly recording?: Board['recording']
  /** See `Board`. */
  readonly dataAsOf?: (() => number | undefined) | undefined
  /** See `BoardPublisherOptions`. */
  readonly cadence?: BoardCadence | undefined
  /** Called when data in memory may have changed. */
  readonly changed?: () => void
  /** Called after a board was computed. */
  readonly built: (elapsedMs: number) => void
  /** Reports errors of background work. */
  readonly failed: (error: unknown) => void
}

/** The orders of a site as far as they concern some departments, in memory, and the boards built from them. */
export class SiteView implements CatalogListener {
  readonly engine: LiveEngine
  readonly boards: SiteBoards
  readonly #options: SiteViewOptions
  readonly #scope: DepartmentScope
  readonly #watch: RuleSubscriber
  readonly #timer: EngineTimer
  readonly #memory: MemoryLimit
  readonly #unlisten: () => void
  readonly #reading = pLimit(1)

  /** @param scope undefined: the whole site. */
  constructor(options: SiteViewOptions, scope: DepartmentScope) {
    const { site, clock, maxVisits, defaultProcess, position, deltas, built, failed, recording, dataAsOf, cadence } =
      options
    this.#options = options
    this.#scope = scope
    this.engine = new LiveEngine(site.timeZone, maxVisits, options.departmentTexts)
    this.#watch = new RuleSubscriber(this.engine, clock, site.timeZone)
    this.#memory = new MemoryLimit(this.engine, failed)
    this.#timer = new EngineTimer(this.engine, clock, () => this.#invalidate())
    this.boards = new SiteBoards({
      clock,
      departments: scope,
      defaultProcess,
      sourceOf: (process, now) => this.#boardSource(process, now),
      translationsOf: options.translationsOf,
      position,
      site: site.code,
      deltas,
      built,
      failed,
      dataAsOf,
      cadence,
      ...(recording !== undefined && { recording }),
    })
    this.#unlisten = clock.onStep(({ byMs }) => {
      // After a step forward, deadlines come due without further action.
      if (byMs < 0) void this.#rewind().catch(failed)
    })
  }

  process(history: ProcessHistory): void {
    this.#watch.process(history)
  }

  calendars(definitions: readonly CalendarDefinition[], choice: CalendarChoice): void {
    this.#watch.calendars(definitions, choice)
  }

  /** Determines how far back memory reaches. Must be called before the first order is read. */
  async beginMemory(): Promise<void> {
    const { database, site, maxVisits } = this.#options
    const { ended } = this.engine
    ended.startAt(await loadMemoryStart(database.longRunning, site.code, maxVisits))
    if (ended.startsAt > -Infinity) ended.register(await loadNames(database.longRunning, site.code))
  }

  /**
   * Reads every order that memory covers. Reads run one after the other, because the last orders of an earlier read may
   * have been folded with outdated rules.
   */
  readOrders(): Promise<void> {
    const { database, site } = this.#options
    const wanted = (page: readonly StoredOrder[]): readonly StoredOrder[] =>
      this.#scope === undefined ? page : page.filter((order) => this.#isRelevant(order))
    return this.#reading(() =>
      readOrders(database, site.code, { endedSince: this.engine.ended.startsAt }, (page) =>
        this.applyOrders(wanted(page)),
      ),
    )
  }

  /** Re-evaluates every visit against the current rules, if they have changed. */
  reevaluate(): Promise<void> {
    return this.#watch.reevaluate(
      () => this.readOrders(),
      () => this.changed(),
    )
  }

  /** Whether a stored order concerns the view; most do not. */
  #isRelevant({ order, state }: Pick<StoredOrder, 'order' | 'state'>): boolean {
    return (state && orderInScope(state, this.#scope)) !== undefined || this.engine.order(order) !== undefined
  }

  /** Applies the new states of orders. */
  applyOrders(orders: readonly Pick<StoredOrder, 'order' | 'process' | 'state' | 'eventCount'>[]): void {
    const now = this.#options.clock.now()
    this.engine.advance(now)
    this.engine.applyAll(
      orders.map((each) => ({ ...each, state: each.state && orderInScope(each.state, this.#scope) })),
      now,
    )
    this.#memory.keep()
  }

  /** The same for one order, in short steps if it is long. */
  *applyInSteps(order: Pick<StoredOrder, 'order' | 'process' | 'state' | 'eventCount'>): Generator<void> {
    const now = this.#options.clock.now()
    this.engine.advance(now)
    yield* this.engine.applyInSteps({ ...order, state: order.state && orderInScope(order.state, this.#scope) }, now)
    this.#memory.keep()
  }

  /** Whether applying the order in one step would block other work for too long. */
  isLong({ order, state }: Pick<StoredOrder, 'order' | 'state'>): boolean {
    return isLong(this.engine.order(order), state)
  }

  /** Must be called when data that boards show may have changed. */
  changed(): void {
    this.#timer.arm()
    this.#invalidate()
  }

  close(): void {
    this.#unlisten()
    this.#timer.stop()
    this.boards.close()
  }

  #invalidate(): void {
    this.boards.invalidate()
    this.#options.changed?.()
  }

  /** Undoes deadlines that came due by the previous clock but are not due by the adjusted one. */
  async #rewind(): Promise<void> {
    await inSlices(this.engine.rewind(this.#options.clock.now()))
    this.changed()
  }

  #boardSource(code: string, now: number): BoardSource | undefined {
    const process = this.engine.process(code)
    if (process === undefined && !this.#options.isKnown(code)) return undefined
    return {
      site: this.#options.site,
      engine: this.engine,
      process: process ?? new ProcessAggregates(emptyProcess(code)),
      ...this.#options.sourcesAt(now),
    }
  }
}
