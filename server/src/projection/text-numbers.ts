/** Maximum number of texts kept, which take some MB. */
const maxTexts = 65_536

/** Numbers for texts that many rows share, so that each text is sent once. */
export class TextNumbers {
  readonly #numbers = new Map<string, number>()
  #fresh: string[] = []

  /** Starts a page. Drops all known texts if there are too many. @returns the number of the next new text. */
  begin(): number {
    if (this.#numbers.size >= maxTexts) this.#numbers.clear()
    this.#fresh = []
    return this.#numbers.size
  }

  /** The texts that are new in the page, in the order of their numbers. */
  get fresh(): readonly string[] {
    return this.#fresh
  }

  /** −1 if there is no text. */
  of(text: string | undefined): number {
    if (text === undefined) return -1
    const known = this.#numbers.get(text)
    if (known !== undefined) return known
    const number = this.#numbers.size
    this.#numbers.set(text, number)
    this.#fresh.push(text)
    return number
  }
}
