import { coalesce } from '../platform/coalesce.ts'
import type { SiteCatalog } from './site-catalog.ts'

/** What new rules may ask for. */
export interface RuledOrders {
  /** Reads every order of the site from the tables. */
  readonly readOrders: () => Promise<void>
  /** Holds every visit against the rules of now, if they say something else than before. */
  readonly reevaluate: () => Promise<void>
}

/** Takes over rules that any server instance has changed, and the orders that were folded again by them. */
export class RulesReader {
  readonly #catalog: SiteCatalog
  readonly #orders: RuledOrders
  /** By which rules the orders in memory were folded. */
  #shown: number

  constructor(catalog: SiteCatalog, orders: RuledOrders) {
    this.#catalog = catalog
    this.#shown = catalog.rulesVersion
    this.#orders = orders
  }

  /** Resolves when all that was changed before the call is shown. */
  readonly read = coalesce(() => this.#read())
  async #read(): Promise<void> {
    await this.#catalog.reload()
    const { rulesVersion } = this.#catalog
    if (rulesVersion !== this.#shown) await this.#orders.readOrders()
    this.#shown = rulesVersion
    await this.#orders.reevaluate()
  }
}
