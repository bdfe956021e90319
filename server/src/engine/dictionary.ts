/** Under which everything is counted whose name came when there were too many. */
export const otherNames = '…'

/**
 * Gives each text a small whole number, counted from 0 in the order of arrival, and never takes it back. Senders choose
 * the texts: when there are as many as there may be, further ones share the number of `otherNames`.
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

  /** The number of a text, a new one when it was not known. */
  idOf(text: string): number {
    const known = this.#ids.get(text)
    if (known !== undefined) return known
    const id = this.#texts.length
    // The last number is that of the others.
    const name = id < this.#limit - 1 ? text : otherNames
    const others = name === text ? undefined : this.#ids.get(otherNames)
    if (others !== undefined) return others
    this.#ids.set(name, id)
    this.#texts.push(name)
    return id
  }

  /** The number of a text; undefined when it is not known. */
  find(text: string): number | undefined {
    return this.#ids.get(text)
  }

  /** @throws RangeError when no text has this number. */
  textOf(id: number): string {
    const text = this.#texts[id]
    if (text === undefined) throw new RangeError(`no text has the number ${id}`)
    return text
  }
}
