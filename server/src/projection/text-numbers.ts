/** Texts that are known at once, which take some MB. */
const maxTexts = 65_536

/** Numbers for the texts that many rows have in common, so that each text is sent once. */
export class TextNumbers {
  readonly #numbers = new Map<string, number>()
  #fresh: string[] = []

  /** Begins a page. What is known is forgotten when it is too much. @returns the number that the next new text gets. */
  begin(): number {
    if (this.#numbers.size >= maxTexts) this.#numbers.clear()
    this.#fresh = []
    return this.#numbers.size
  }

  /** The texts that were new in the page, in the order of their numbers. */
  get fresh(): readonly string[] {
    return this.#fresh
  }

  /** −1 for no text. */
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
