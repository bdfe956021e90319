/**
 * Derives the usual order of stages from the paths of many orders. Stages are first sorted by their mean relative
 * position, then each moves ahead of its neighbours while most orders that passed both confirm it (local Kemeny
 * ranking: Dwork, Kumar, Naor, Sivakumar, "Rank aggregation methods for the web", 2001). The second step prevents
 * orders that ended early, or were recorded from the middle, from displacing a stage.
 */
export class TypicalOrder {
  readonly #positions = new Map<string, { sum: number; count: number }>()
  /** How many orders passed one stage before the other. */
  readonly #before = new Map<string, Map<string, number>>()

  /** @param way each stage once, sorted by when the order first reached it. */
  add(way: readonly string[]): void {
    way.forEach((stage, i) => {
      const position = this.#positions.get(stage) ?? { sum: 0, count: 0 }
      this.#positions.set(stage, position)
      if (way.length > 1) {
        position.sum += i / (way.length - 1)
        position.count += 1
      }
      for (const later of way.slice(i + 1)) this.#countBefore(stage, later)
    })
  }

  stages(): string[] {
    const usual: string[] = []
    for (const stage of [...this.#positions.keys()].toSorted((a, b) => this.#meanPosition(a) - this.#meanPosition(b))) {
      let at = usual.length
      while (at > 0 && this.#mostlyBefore(stage, usual[at - 1] ?? stage)) at -= 1
      usual.splice(at, 0, stage)
    }
    return usual
  }

  /** 0 (always first) to 1; 0.5 for a stage that never occurred with another one. */
  #meanPosition(stage: string): number {
    const position = this.#positions.get(stage)
    return position === undefined || position.count === 0 ? 0.5 : position.sum / position.count
  }

  #mostlyBefore(stage: string, other: string): boolean {
    return this.#timesBefore(stage, other) > this.#timesBefore(other, stage)
  }

  #timesBefore(stage: string, other: string): number {
    return this.#before.get(stage)?.get(other) ?? 0
  }

  #countBefore(stage: string, later: string): void {
    const counts = this.#before.get(stage) ?? new Map<string, number>()
    this.#before.set(stage, counts)
    counts.set(later, (counts.get(later) ?? 0) + 1)
  }
}
