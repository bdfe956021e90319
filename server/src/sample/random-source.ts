/** A list to pick from is never empty. */
export type NonEmpty<T> = readonly [T, ...T[]]

/** Reproducible random numbers: the same seed gives the same numbers on every machine. */
export class RandomSource {
  #state: number

  constructor(seed: string) {
    this.#state = hashOf(seed)
  }

  /** Uniform in [0, 1): a Weyl sequence through a 32-bit mixer (SplitMix). */
  next(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0
    return mixed(this.#state) / 2 ** 32
  }

  between(from: number, to: number): number {
    return from + (to - from) * this.next()
  }

  integer(from: number, to: number): number {
    return from + Math.floor((to - from + 1) * this.next())
  }

  chance(ratio: number): boolean {
    return this.next() < ratio
  }

  pick<T>(items: NonEmpty<T>): T {
    return items[Math.floor(this.next() * items.length)] ?? items[0]
  }

  pickWeighted<T extends { readonly weight: number }>(items: NonEmpty<T>): T {
    const total = items.reduce((sum, item) => sum + item.weight, 0)
    let left = this.next() * total
    for (const item of items) {
      left -= item.weight
      if (left < 0) return item
    }
    return items[0]
  }

  /** Log-normal, like the durations of human work: half below the median, a few far above. */
  logNormal(median: number, sigma: number): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()))
    return median * Math.exp(sigma * radius * Math.cos(2 * Math.PI * this.next()))
  }
}

function hashOf(text: string): number {
  let hash = 0
  for (const letter of text) hash = mixed(Math.imul(hash, 31) + (letter.codePointAt(0) ?? 0))
  return hash
}

function mixed(value: number): number {
  let bits = value | 0
  bits = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad)
  bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97)
  return (bits ^ (bits >>> 15)) >>> 0
}
