import { SearchTexts } from './search-texts.ts'

const namesPerText = 4_096

/**
 * Gives each name that is in use a small whole number. A name is let go with its last use, so that there are never more
 * of them than uses, however long the server runs.
 */
export class UsedNames {
  readonly #ids = new Map<string, number>()
  /** By number; undefined: the number is free. */
  readonly #names: (string | undefined)[] = []
  readonly #uses: number[] = []
  readonly #free: number[] = []
  /** Of so many names each, by number. */
  readonly #texts: SearchTexts[] = []
  #begun = 0

  /** How many names have ever come into use: while it stays the same, no number has been given to another name. */
  get begun(): number {
    return this.#begun
  }

  /** The number of a name, with one more use. */
  use(name: string): number {
    const id = this.#ids.get(name) ?? this.#begin(name)
    this.#uses[id] = (this.#uses[id] ?? 0) + 1
    return id
  }

  /** @throws RangeError when no name in use has the number. */
  release(id: number): void {
    const uses = this.#uses[id] ?? 0
    if (uses === 0) throw new RangeError(`no name in use has the number ${id}`)
    this.#uses[id] = uses - 1
    if (uses > 1) return
    this.#ids.delete(this.#names[id] ?? '')
    this.#names[id] = undefined
    this.#textsOf(id).invalidate()
    this.#free.push(id)
  }

  /** The name that has the number; undefined: none has. */
  nameOf(id: number): string | undefined {
    return this.#names[id]
  }

  /** Numbers of those names that are in use. */
  of(names: readonly string[]): number[] {
    return names.flatMap((name) => this.#ids.get(name) ?? [])
  }

  /**
   * By number, 1 for the names that contain `part`, which is `searchable`; undefined: none does. Yields after some
   * thousand names.
   */
  *mentioning(part: string): Generator<void, Uint8Array | undefined> {
    const found = new Uint8Array(this.#names.length)
    let isFound = false
    for (let first = 0; first < found.length; first += namesPerText) {
      const some = found.subarray(first, first + namesPerText)
      const nameOf = (row: number) => this.#names[first + row]
      if (this.#textsOf(first).find(part, some.length, nameOf, some)) isFound = true
      yield
    }
    return isFound ? found : undefined
  }

  #begin(name: string): number {
    const id = this.#free.pop() ?? this.#names.length
    this.#ids.set(name, id)
    this.#names[id] = name
    this.#uses[id] = 0
    this.#begun += 1
    this.#textsOf(id).invalidate()
    return id
  }

  #textsOf(id: number): SearchTexts {
    return (this.#texts[Math.floor(id / namesPerText)] ??= new SearchTexts())
  }
}
