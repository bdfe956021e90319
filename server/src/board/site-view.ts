import type { Database } from '@stagewatch/db/database.ts'
import type { Board } from '@stagewatch/shared/contract/board.ts'
import type { BoardDelta } from '@stagewatch/shared/contract/socket.ts'
import { orderInScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import type { DepartmentScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import type { ProcessHistory } from '@stagewatch/shared/domain/process-history.ts'
import type { CalendarDefinition } from '@stagewatch/shared/domain/time/calendar-definition.ts'
import { RuleWatch } from '../catalog/rule-watch.ts'
import { emptyProcess } from '../catalog/site-catalog.ts'
import type { CatalogListener } from '../catalog/site-catalog.ts'
import type { Clock } from '../clock/clock.ts'
import { EngineTimer } from '../clock/engine-timer.ts'
import { LiveEngine } from '../engine/live-engine.ts'
import { ProcessLedger } from '../engine/process-ledger.ts'
import type { CalendarChoice } from '../engine/site-calendars.ts'
import type { StoredOrder } from '../fold/load-orders.ts'
import { readAllOrders } from '../fold/read-all-orders.ts'
import { MemoryLimit } from '../query/memory-limit.ts'
import type { Site } from '../sites/site.ts'
import type { BoardSource } from './board-source.ts'
import { SiteBoards } from './site-boards.ts'

/** What all views of a site share. */
export interface SiteViewOptions {
  readonly site: Site
  readonly clock: Clock
  readonly database: Database
  readonly mostVisits: number
  readonly sourcesAt: (now: number) => Pick<BoardSource, 'sources' | 'lateSourceOf' | 'isMissing'>
  readonly defaultProcess: () => string
  readonly isKnown: (process: string) => boolean
  readonly position: () => string
  /** @param audience see `audienceKey`. */
  readonly send: (delta: BoardDelta, audience: string) => void
  /** What is shown is the past. */
  readonly recording?: Board['recording']
  /** A board was computed. */
  readonly built: (elapsedMs: number) => void
}

/** The orders of a site as some departments have to do with them, in memory, and the boards that are made of that. */
export class SiteView implements CatalogListener {
  readonly engine: LiveEngine
  readonly boards: SiteBoards
  readonly #options: SiteViewOptions
  readonly #scope: DepartmentScope
  readonly #watch: RuleWatch
  readonly #timer: EngineTimer
  readonly #memory: MemoryLimit

  /** @param scope undefined: the whole site. */
  constructor(options: SiteViewOptions, scope: DepartmentScope) {
    const { site, clock, mostVisits, defaultProcess, position, send, built, recording } = options
    this.#options = options
    this.#scope = scope
    this.engine = new LiveEngine(site.timeZone, mostVisits)
    this.#watch = new RuleWatch(this.engine, clock)
    this.#memory = new MemoryLimit(this.engine)
    this.#timer = new EngineTimer(this.engine, clock, () => this.boards.touch())
    this.boards = new SiteBoards({
      clock,
      departments: scope,
      defaultProcess,
      sourceOf: (process, now) => this.#boardSource(process, now),
      position,
      send,
      built,
      ...(recording !== undefined && { recording }),
    })
  }

  process(history: ProcessHistory): void {
    this.#watch.process(history)
  }

  calendars(definitions: readonly CalendarDefinition[], choice: CalendarChoice): void {
    this.#watch.calendars(definitions, choice)
  }

  /** Reads every order that memory reaches back to. */
  async readOrders(): Promise<void> {
    const { database, site } = this.#options
    const { beginsAt } = this.engine.ended
    await readAllOrders(database, site.code, { endedSince: beginsAt }, (page) => this.show(page))
  }

  /** Holds every visit against the rules of now, if they have changed. */
  judgeAgain(): Promise<void> {
    return this.#watch.judgeAgain(
      () => this.readOrders(),
      () => this.changed(),
    )
  }

  /** Counts in what has become of orders. */
  show(orders: readonly Pick<StoredOrder, 'order' | 'process' | 'state' | 'eventCount'>[]): void {
    const now = this.#options.clock.now()
    this.engine.advance(now)
    for (const { order, process, state, eventCount } of orders) {
      this.engine.apply(order, process, state && orderInScope(state, this.#scope), eventCount, now)
    }
    this.#memory.keep()
  }

  /** Something that boards show may be different now. */
  changed(): void {
    this.#timer.arm()
    this.boards.touch()
  }

  close(): void {
    this.#timer.stop()
    this.boards.close()
  }

  #boardSource(code: string, now: number): BoardSource | undefined {
    const process = this.engine.process(code)
    if (process === undefined && !this.#options.isKnown(code)) return undefined
    return {
      site: this.#options.site,
      engine: this.engine,
      process: process ?? new ProcessLedger(emptyProcess(code)),
      ...this.#options.sourcesAt(now),
    }
  }
}
