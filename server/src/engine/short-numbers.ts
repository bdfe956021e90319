import { sharedEnds, shortenings } from '@stagewatch/shared/domain/short-number.ts'
import type { SharedEnds, Shortening } from '@stagewatch/shared/domain/short-number.ts'

/**
 * Short order numbers for a site's walls: the shortest part of the order numbers that is unique among all open and
 * ended orders. It depends only on the set of orders, so that every server instance and every rebuild gives the same
 * result.
 * Adding or removing an order costs one lookup. All orders are iterated in two cases: when two of them get the same
 * short number, which selects the next shortening and happens at most once for each; and when one of the few orders is
 * removed that ruled out an earlier shortening.
 */
export class ShortNumbers {
  readonly #orders: () => Iterable<string>
  /** Orders by short number, each unique. Undefined if they have to be computed. */
  #byText: Map<string, string> | undefined
  /** Index in `shortenings`. Beyond the last one, the prefix and suffix common to all numbers are cut off. */
  #way = 0
  #ends: SharedEnds | undefined
  /** Orders for which an earlier shortening is ambiguous or undefined. */
  readonly #witnesses = new Set<string>()

  /** @param orders returns every order that was added and not removed. */
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

  /** Undefined if the order does not have the common prefix and suffix. */
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

  /**
   * Orders by short number for this shortening. If it is ambiguous, returns undefined and stores a pair of witnesses.
   */
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
