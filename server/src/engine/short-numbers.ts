import { sharedEnds, shortenings } from '@stagewatch/shared/domain/short-number.ts'
import type { SharedEnds, Shortening } from '@stagewatch/shared/domain/short-number.ts'

/**
 * How a site's orders are called on a wall: by the shortest piece of their numbers that tells all of them apart, open
 * and ended ones. It depends on nothing but the set of orders, so that every server and every rebuild says the same.
 *
 * Adding or removing an order costs one look-up. All orders are walked when two of them turn out to be called the same,
 * which moves on to the next way of shortening and happens at most once for each, and when one of the few orders is
 * gone that showed why an earlier way does not work.
 */
export class ShortNumbers {
  readonly #orders: () => Iterable<string>
  /** Orders by what they are called, each once; undefined: to be found out. */
  #byText: Map<string, string> | undefined
  /** Index of the way in `shortenings`; beyond the last: what the numbers do not share. */
  #way = 0
  #ends: SharedEnds | undefined
  /** Orders that an earlier way would call the same, or has no name for. */
  readonly #witnesses = new Set<string>()

  /** @param orders every order that has been added and not removed. */
  constructor(orders: () => Iterable<string>) {
    this.#orders = orders
  }

  add(order: string): void {
    if (this.#byText === undefined) return
    const text = this.#shorten(order)
    const isTaken = text === undefined || (this.#byText.get(text) ?? order) !== order
    if (isTaken) this.#byText = undefined
    else this.#byText.set(text, order)
  }

  remove(order: string): void {
    if (this.#witnesses.has(order)) {
      this.#witnesses.clear()
      this.#byText = undefined
      this.#way = 0
    } else if (this.#byText !== undefined) {
      const text = this.#shorten(order)
      if (text !== undefined) this.#byText.delete(text)
    }
  }

  /** `#0042` */
  of(order: string): string {
    this.#byText ??= this.#choose()
    return `#${this.#shorten(order) ?? order}`
  }

  /** Undefined: the order does not begin or end as all others do. */
  #shorten(order: string): string | undefined {
    const way = shortenings[this.#way]
    if (way !== undefined) return way(order)
    const { prefix, suffix } = this.#ends ?? { prefix: '', suffix: '' }
    const fits = order.length > prefix.length + suffix.length && order.startsWith(prefix) && order.endsWith(suffix)
    return fits ? order.slice(prefix.length, order.length - suffix.length) : undefined
  }

  #choose(): Map<string, string> {
    for (let way = shortenings[this.#way]; way !== undefined; way = shortenings[this.#way]) {
      const byText = this.#apart(way)
      if (byText !== undefined) return byText
      this.#way += 1
    }
    this.#ends = sharedEnds(this.#orders())
    for (const order of this.#ends.witnesses) this.#witnesses.add(order)
    const byText = new Map<string, string>()
    for (const order of this.#orders()) byText.set(this.#shorten(order) ?? order, order)
    return byText
  }

  /** Orders by what they are called in this way; undefined, with a pair of witnesses: it calls two the same. */
  #apart(way: Shortening): Map<string, string> | undefined {
    const byText = new Map<string, string>()
    for (const order of this.#orders()) {
      const text = way(order)
      const other = text === undefined ? order : byText.get(text)
      if (text === undefined || other !== undefined) {
        this.#witnesses.add(order).add(other ?? order)
        return undefined
      }
      byText.set(text, order)
    }
    return byText
  }
}
