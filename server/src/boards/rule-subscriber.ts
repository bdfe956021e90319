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

/** Passes the rules of a site to its engine, and has every visit re-evaluated when they change. */
export class RuleSubscriber implements CatalogListener {
  readonly #engine: LiveEngine
  readonly #clock: Clock
  /** Always open, with the days of the site's time zone. */
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
   * Re-evaluates every visit against the current rules, if they have changed: open orders at once, in slices that let
   * other work run in between, then the ended ones. After a failure, the next call tries again.
   * @param readOrders reads every order from the tables.
   * @param onOpenReevaluated called when the open orders have been re-evaluated.
   */
  async reevaluate(readOrders: () => Promise<void>, onOpenReevaluated: () => void): Promise<void> {
    if (!this.#isNeeded) return
    this.#isNeeded = false
    try {
      await inSlices(this.#engine.reevaluateOpenOrders(this.#clock.now()))
      onOpenReevaluated()
      await readOrders()
      // Rules that changed in the meantime are applied by the next call.
      if (!this.#isNeeded) this.#engine.noteReevaluated()
    } catch (error) {
      this.#isNeeded = true
      throw error
    }
  }
}
