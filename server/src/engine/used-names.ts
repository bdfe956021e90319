/**
 * Gives each name that is in use a small whole number. A name is let go with its last use, so that there are never more
 * of them than uses, however long the server runs.
 */
export class UsedNames {
  readonly #ids = new Map<string, number>()
  readonly #names: string[] = []
  /** By number; 0: the number is free. */
  readonly #uses: number[] = []
  readonly #free: number[] = []

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
    this.#names[id] = ''
    this.#free.push(id)
  }

  /** Numbers of those names that are in use. */
  of(names: readonly string[]): ReadonlySet<number> {
    return new Set(names.flatMap((name) => this.#ids.get(name) ?? []))
  }

  /** Numbers of the names for which something holds. */
  where(holds: (name: string) => boolean): ReadonlySet<number> {
    const found = new Set<number>()
    for (const [name, id] of this.#ids) if (holds(name)) found.add(id)
    return found
  }

  #begin(name: string): number {
    const id = this.#free.pop() ?? this.#names.length
    this.#ids.set(name, id)
    this.#names[id] = name
    this.#uses[id] = 0
    return id
  }
}
