/** The name under which values are counted that arrive after the dictionary is full. */
export const otherNames = '…'

/**
 * Assigns each text a small integer, ascending from 0, and never reuses it. Senders choose the texts, so their number
 * is limited: once it is reached, further texts share the number of `otherNames`.
 */
export class Dictionary {
  readonly #ids = new Map<string, number>()
  readonly #texts: string[] = []
  readonly #limit: number

  constructor(limit: number) {
    this.#limit = limit
  }

  get usage() {
    return { size: this.size, limit: this.#limit }
  }

  get size(): number {
    return this.#texts.length
  }

  /** The number of a text; assigns a new one to an unknown text. */
  idOf(text: string): number {
    const known = this.#ids.get(text)
    if (known !== undefined) return known
    const id = this.#texts.length
    // The last number stands for all other names.
    const name = id < this.#limit - 1 ? text : otherNames
    const others = name === text ? undefined : this.#ids.get(otherNames)
    if (others !== undefined) return others
    this.#ids.set(name, id)
    this.#texts.push(name)
    return id
  }

  /** The number of a text. Undefined if it has none. */
  find(text: string): number | undefined {
    return this.#ids.get(text)
  }

  /** @throws RangeError if no text has this number. */
  textOf(id: number): string {
    const text = this.#texts[id]
    if (text === undefined) throw new RangeError(`no text has the number ${id}`)
    return text
  }
}
