/** Scanners type a character every few ms; somebody who types fast needs some 80. */
const maxGapMs = 50
/** Shorter codes are told by nobody from keys that are pressed at the same time. */
const minLength = 4
const maxLength = 1_000

interface Key {
  /** As `KeyboardEvent.key` has it. */
  readonly key: string
  /** Ms of a monotonic clock. */
  readonly at: number
}

/** Tells the codes that a scanner types like a keyboard, wherever the focus is, from what people type. */
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
    // Shift and other keys that write nothing belong to the character behind them.
    if (key.length === 1 && this.#text.length < maxLength) this.#text += key
    return undefined
  }
}
