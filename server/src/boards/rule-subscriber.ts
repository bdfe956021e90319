import type { ProcessHistory } from '@stagewatch/shared/domain/process-history.ts'
import { alwaysOpenIn } from '@stagewatch/shared/domain/time/always-open.ts'
import type { CalendarDefinition } from '@stagewatch/shared/domain/time/calendar-definition.ts'
import type { WorkingCalendar } from '@stagewatch/shared/domain/time/working-calendar.ts'
import type { Clock } from '../platform/clock/clock.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import type { CalendarChoice } from '../rules/site-calendars.ts'
import { SiteCalendars } from '../rules/site-calendars.ts'
import { inSlices } from '../platform/in-slices.ts'
import type { CatalogListener } from '../rules/site-catalog.ts'

/** Hands the rules of a site to its engine, and has every visit judged again when they say something else. */
export class RuleSubscriber implements CatalogListener {
  readonly #engine: LiveEngine
  readonly #clock: Clock
  /** All time, with the days of the site's zone. */
  readonly #open: WorkingCalendar
  #isNeeded = false

  constructor(engine: LiveEngine, clock: Clock, timeZone: string) {
    this.#open = alwaysOpenIn(timeZone)
    this.#engine = engine
    this.#clock = clock
  }

  process(history: ProcessHistory): void {
    if (this.#engine.setProcess(history, this.#clock.now())) this.#isNeeded = true
  }

  calendars(definitions: readonly CalendarDefinition[], choice: CalendarChoice): void {
    this.#engine.setCalendars(new SiteCalendars(definitions, choice, this.#open))
    this.#isNeeded ||= this.#engine.orders.size > 0
  }

  /**
   * Holds every visit against the rules of now, if they have changed: open orders at once, in slices between which
   * everything else goes on, then the ended ones. When that fails it is still needed, and the next call does it.
   * @param readOrders reads every order from the tables.
   * @param onOpenReevaluated the open orders have been judged.
   */
  async reevaluate(readOrders: () => Promise<void>, onOpenReevaluated: () => void): Promise<void> {
    if (!this.#isNeeded) return
    this.#isNeeded = false
    try {
      await inSlices(this.#engine.reevaluateOpenOrders(this.#clock.now()))
      onOpenReevaluated()
      await readOrders()
    } catch (error) {
      this.#isNeeded = true
      throw error
    }
  }
}
