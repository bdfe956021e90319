const maxAnswers = 200
const maxBytes = 16 * 1_048_576
const maxAnswerBytes = 262_144
/** An older answer would be taken for the present. */
const maxAgeMs = 10 * 60_000

interface Answer {
  readonly text: string
  /** Monotonic ms. */
  readonly givenAt: number
}

/** The latest answers to requests, to be given again while the server is too busy for new ones. */
export class CachedAnswers {
  /** The oldest first. */
  readonly #byKey = new Map<string, Answer>()
  #bytes = 0

  get usage() {
    return { size: this.#byKey.size, limit: maxAnswers }
  }

  /** @param now monotonic ms. */
  keep(key: string, text: string, now: number): void {
    this.#remove(key)
    if (sizeOf(key, text) > maxAnswerBytes) return
    this.#byKey.set(key, { text, givenAt: now })
    this.#bytes += sizeOf(key, text)
    for (const oldest of this.#byKey.keys()) {
      if (this.#byKey.size <= maxAnswers && this.#bytes <= maxBytes) break
      this.#remove(oldest)
    }
  }

  /** The answer and its age in seconds; undefined if there is none, or it is too old. */
  find(key: string, now: number): { readonly text: string; readonly ageS: number } | undefined {
    const answer = this.#byKey.get(key)
    if (answer === undefined || now - answer.givenAt > maxAgeMs) return undefined
    return { text: answer.text, ageS: Math.floor((now - answer.givenAt) / 1_000) }
  }

  clear(): void {
    this.#byKey.clear()
    this.#bytes = 0
  }

  #remove(key: string): void {
    const answer = this.#byKey.get(key)
    if (answer === undefined) return
    this.#byKey.delete(key)
    this.#bytes -= sizeOf(key, answer.text)
  }
}

/** Upper bound: a character takes one or two bytes in memory. */
function sizeOf(key: string, text: string): number {
  return 2 * (key.length + text.length)
}
