import type { SiteCatalog } from '../catalog/site-catalog.ts'

/** Takes over rules that any process has changed, and the orders that were folded again by them. */
export class RulesReader {
  readonly #catalog: SiteCatalog
  readonly #readOrders: () => Promise<void>
  /** By which rules the orders in memory were folded. */
  #shown: number
  #reading: Promise<void> | undefined
  #again = false

  /** @param readOrders reads every order of the site from the tables. */
  constructor(catalog: SiteCatalog, readOrders: () => Promise<void>) {
    this.#catalog = catalog
    this.#shown = catalog.rulesVersion
    this.#readOrders = readOrders
  }

  /** Resolves when all that was changed before the call is shown; one call reads for all that come meanwhile. */
  read(): Promise<void> {
    this.#again = true
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined
    })
    return this.#reading
  }

  async #read(): Promise<void> {
    while (this.#again) {
      this.#again = false
      await this.#catalog.reload()
      const { rulesVersion } = this.#catalog
      if (rulesVersion === this.#shown) continue
      await this.#readOrders()
      this.#shown = rulesVersion
    }
  }
}
