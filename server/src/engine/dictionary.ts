/** Gives each text a small whole number, counted from 0 in the order of arrival, and never takes it back. */
export class Dictionary {
  readonly #ids = new Map<string, number>()
  readonly #texts: string[] = []

  get size(): number {
    return this.#texts.length
  }

  /** The number of a text, a new one when it was not known. */
  idOf(text: string): number {
    const known = this.#ids.get(text)
    if (known !== undefined) return known
    const id = this.#texts.length
    this.#ids.set(text, id)
    this.#texts.push(text)
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
