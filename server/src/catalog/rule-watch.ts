import type { ProcessHistory } from '@stagewatch/shared/domain/process-history.ts'
import type { CalendarDefinition } from '@stagewatch/shared/domain/time/calendar-definition.ts'
import type { Clock } from '../clock/clock.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import type { CalendarChoice } from '../engine/site-calendars.ts'
import { SiteCalendars } from '../engine/site-calendars.ts'
import type { StoredOrder } from '../fold/load-orders.ts'
import { inSlices } from '../query/in-slices.ts'
import type { CatalogListener } from './site-catalog.ts'

/** How the ended orders come by, and what is to be done with them. */
export interface JudgedOrders {
  readonly load: () => AsyncIterable<readonly StoredOrder[]>
  readonly show: (orders: readonly StoredOrder[]) => void
  /** The open orders have been judged. */
  readonly changed: () => void
}

/** Hands the rules of a site to its engine, and has every visit judged again when they say something else. */
export class RuleWatch implements CatalogListener {
  readonly #engine: LiveEngine
  readonly #clock: Clock
  #isNeeded = false
  #judged: Promise<void> = Promise.resolve()

  constructor(engine: LiveEngine, clock: Clock) {
    this.#engine = engine
    this.#clock = clock
  }

  process(history: ProcessHistory): void {
    if (this.#engine.setProcess(history, this.#clock.now())) this.#isNeeded = true
  }

  calendars(definitions: readonly CalendarDefinition[], choice: CalendarChoice): void {
    this.#engine.setCalendars(new SiteCalendars(definitions, choice))
    this.#isNeeded ||= this.#engine.orderCount > 0
  }

  /**
   * Holds every visit against the rules of now, if they have changed: open orders at once, in slices between which
   * everything else goes on, then the ended ones.
   */
  async judgeAgain(orders: JudgedOrders): Promise<void> {
    const before = this.#judged
    const turn = Promise.withResolvers<void>()
    this.#judged = turn.promise
    await before
    try {
      if (this.#isNeeded) await this.#judge(orders)
    } finally {
      turn.resolve()
    }
  }

  async #judge({ load, show, changed }: JudgedOrders): Promise<void> {
    this.#isNeeded = false
    await inSlices(this.#engine.judgeOpenOrders(this.#clock.now()))
    changed()
    for await (const page of load()) show(page.filter(({ state }) => state?.endedAt !== undefined))
  }
}
