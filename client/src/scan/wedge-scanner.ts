/** Scanners type a character every few ms; fast typists need about 80 ms. */
const maxGapMs = 50
/** Shorter codes cannot be distinguished from keys pressed at the same time. */
const minLength = 4
const maxLength = 1_000

interface Key {
  /** `KeyboardEvent.key`. */
  readonly key: string
  /** Monotonic ms. */
  readonly at: number
}

/** Distinguishes codes that a scanner types like a keyboard, wherever the focus is, from a person's typing. */
export class WedgeScanner {
  #text = ''
  #lastAt = -Infinity

  /** @returns the code that ends with this key. */
  press({ key, at }: Key): string | undefined {
    const isFast = at - this.#lastAt <= maxGapMs
    if (!isFast) this.#text = ''
    this.#lastAt = at
    if (key === 'Enter' || key === 'Tab') {
      const text = this.#text
      this.#text = ''
      return isFast && text.length >= minLength ? text : undefined
    }
    // Shift and other keys without a character belong to the next character.
    if (key.length === 1 && this.#text.length < maxLength) this.#text += key
    return undefined
  }
}
