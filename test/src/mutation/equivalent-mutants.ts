/** A change after which the program does the same, so that no test can notice it. */
export interface EquivalentMutant {
  readonly file: string
  /** The line of the source, without the spaces around it. */
  readonly line: string
  /** As the run prints it. */
  readonly change: string
  readonly reason: string
}

export const equivalentMutants: readonly EquivalentMutant[] = []
