import type { StageCode } from './plant-definition.ts'
import type { Trouble, TroubleKind } from './trouble.ts'

/** The troubles that currently affect the plant. */
export class ActiveTroubles {
  readonly #troubles = new Set<Trouble>()

  begin(trouble: Trouble): void {
    this.#troubles.add(trouble)
  }

  end(trouble: Trouble): void {
    this.#troubles.delete(trouble)
  }

  /** Share of the stage's slots that is usable, 0..1. */
  capacityRatio(stage: StageCode): number {
    return this.#of(stage).reduce((ratio, kind) => ratio * kind.capacityRatio, 1)
  }

  /** Undefined when nothing is wrong with the stage. */
  reasonIn(stage: StageCode): string | undefined {
    return this.#of(stage)[0]?.reason
  }

  #of(stage: StageCode): TroubleKind[] {
    return [...this.#troubles].map(({ kind }) => kind).filter((kind) => kind.stage === stage)
  }
}
