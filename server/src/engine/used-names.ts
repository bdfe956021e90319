import { SearchTexts } from './search-texts.ts'

const namesPerText = 4_096

/**
 * Assigns a small integer to each name in use. A name is released with its last use, so that the number of names never
 * exceeds the number of uses, however long the server runs.
 */
export class UsedNames {
  readonly #ids = new Map<string, number>()
  /** By number; undefined if the number is free. */
  readonly #names: (string | undefined)[] = []
  readonly #uses: number[] = []
  readonly #free: number[] = []
  /** Search texts of the names in blocks, by number. */
  readonly #texts: SearchTexts[] = []
  #assignedCount = 0

  /** Number of names that ever came into use. While it does not change, no number was reassigned. */
  get assignedCount(): number {
    return this.#assignedCount
  }

  /** Returns the number of a name and counts one more use. */
  use(name: string): number {
    const id = this.#ids.get(name) ?? this.#assign(name)
    this.#uses[id] = (this.#uses[id] ?? 0) + 1
    return id
  }

  /** @throws RangeError if no name in use has the number. */
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

  /** The name with the number. Undefined if there is none. */
  nameOf(id: number): string | undefined {
    return this.#names[id]
  }

  /** Numbers of those of the names that are in use. */
  of(names: readonly string[]): number[] {
    return names.flatMap((name) => this.#ids.get(name) ?? [])
  }

  /**
   * 1 at the numbers of names that contain `part`, which must be `searchable`. Undefined if there is none. Yields after
   * some thousand names.
   */
  *containing(part: string): Generator<void, Uint8Array | undefined> {
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

  #assign(name: string): number {
    const id = this.#free.pop() ?? this.#names.length
    this.#ids.set(name, id)
    this.#names[id] = name
    this.#uses[id] = 0
    this.#assignedCount += 1
    this.#textsOf(id).invalidate()
    return id
  }

  #textsOf(id: number): SearchTexts {
    return (this.#texts[Math.floor(id / namesPerText)] ??= new SearchTexts())
  }
}
