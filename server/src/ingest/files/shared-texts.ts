/** As many as a file of a large plant has stages, people, departments, customers and products. */
const maxTexts = 10_000
/** UTF-16 code units. Longer texts hardly repeat. */
const maxLength = 64

/**
 * Returns one and the same string for equal texts, so that a text that a file repeats on thousands of rows is in memory
 * once. Further texts are returned as they are when there are too many.
 */
export class SharedTexts {
  readonly #texts = new Map<string, string>()

  of(text: string): string {
    if (text.length > maxLength) return text
    const known = this.#texts.get(text)
    if (known !== undefined) return known
    if (this.#texts.size < maxTexts) this.#texts.set(text, text)
    return text
  }

  /** The same for a text that may be missing. */
  ofOptional(text: string | undefined): string | undefined {
    return text === undefined ? undefined : this.of(text)
  }
}
