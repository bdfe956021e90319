import { coalesce } from '../platform/coalesce.ts'
import type { SiteCatalog } from './site-catalog.ts'

/** Actions that a change of rules may require. */
export interface RuledOrders {
  /** Reads every order of the site from the tables. */
  readonly readOrders: () => Promise<void>
  /** Evaluates every visit again if the current rules differ from those of the last evaluation. */
  readonly reevaluate: () => Promise<void>
}

type RereadCatalog = Pick<SiteCatalog, 'reload' | 'rulesVersion'>

/** Loads rules that any server instance has changed, and the orders that were folded again because of them. */
export class RulesReader {
  readonly #catalog: RereadCatalog
  readonly #orders: RuledOrders
  /** Version of the rules by which the orders in memory were folded. */
  #shown: number

  constructor(catalog: RereadCatalog, orders: RuledOrders) {
    this.#catalog = catalog
    this.#shown = catalog.rulesVersion
    this.#orders = orders
  }

  /** Resolves when all changes made before the call are visible. */
  readonly read = coalesce(() => this.#read())
  async #read(): Promise<void> {
    await this.#catalog.reload()
    const { rulesVersion } = this.#catalog
    if (rulesVersion !== this.#shown) await this.#orders.readOrders()
    this.#shown = rulesVersion
    await this.#orders.reevaluate()
  }
}
