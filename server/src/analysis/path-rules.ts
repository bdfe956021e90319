import type { DepartmentScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import type { ProcessDefinition, ProcessPath } from '@stagewatch/shared/domain/process-definition.ts'

/**
 * How one stage follows another: `next` by the order of the process, `branch` and `return` along its declared paths;
 * `skip` and `rework` forwards and backwards without a declared path. `other`: one of the two is not a stage of the
 * process.
 */
export type StepKind = 'next' | 'branch' | 'return' | 'skip' | 'rework' | 'other'

/** A return that may be taken at most `maxTimes` times. */
export type BoundedReturn = ProcessPath & { readonly maxTimes: number }

/** How an order deviated from its process. */
export interface Deviations {
  /** Codes of the stages that it skipped. */
  readonly skipped: readonly string[]
  /** Returns that it took too often. */
  readonly overReturned: readonly BoundedReturn[]
  /** It went back without a declared path. */
  readonly isReworked: boolean
}

export function isDeviating({ skipped, overReturned, isReworked }: Deviations): boolean {
  return skipped.length > 0 || overReturned.length > 0 || isReworked
}

/** The defined paths of a process, with which the paths of orders are compared. */
export class PathRules {
  readonly boundedReturns: readonly BoundedReturn[]
  readonly #definition: ProcessDefinition
  readonly #positions: ReadonlyMap<string, number>
  readonly #paths: readonly ProcessPath[]
  readonly #scope: DepartmentScope

  /** @param scope a caller with a scope sees skipped stages only of these departments. */
  constructor(definition: ProcessDefinition, scope?: DepartmentScope) {
    const { stages, paths = [] } = definition
    this.#definition = definition
    this.#scope = scope
    this.#positions = new Map(stages.map(({ code }, position) => [code, position]))
    this.#paths = paths
    this.boundedReturns = paths.flatMap(({ maxTimes, ...path }) =>
      maxTimes === undefined ? [] : { ...path, maxTimes },
    )
  }

  kindOf(from: string, to: string): StepKind {
    const [a, b] = [this.#positions.get(from), this.#positions.get(to)]
    if (a === undefined || b === undefined) return 'other'
    if (b === a + 1) return 'next'
    const isDeclared = this.#paths.some((path) => path.from === from && path.to === to)
    if (b > a) return isDeclared ? 'branch' : 'skip'
    return isDeclared ? 'return' : 'rework'
  }

  /** Whether the caller may see that an order skipped a stage of this department. */
  isVisible(department: string | undefined): boolean {
    return this.#scope === undefined || (department !== undefined && this.#scope.includes(department))
  }

  /**
   * @param codes of the stages of an order, in order.
   * @param seen the same, with empty codes for stages that the caller may not see.
   * @param isCompleted false while the order is open.
   */
  deviationsOf(codes: readonly string[], seen: readonly string[], isCompleted: boolean): Deviations {
    const followers = seen.slice(1)
    return {
      skipped: this.#skipped(codes, isCompleted),
      overReturned: this.boundedReturns.filter((path) => timesOf(path, seen) > path.maxTimes),
      isReworked: followers.some((code, i) => this.kindOf(seen[i] ?? '', code) === 'rework'),
    }
  }

  /** Unvisited stages before the furthest one that the order reached, except those that a branch bypassed. */
  #skipped(codes: readonly string[], isCompleted: boolean): string[] {
    const { stages } = this.#definition
    const taken = this.#paths.filter((path) => timesOf(path, codes) > 0)
    const visited = new Set(codes.map((code) => this.#positions.get(code) ?? -1))
    const hasEnded = stages.some(({ terminal }, position) => terminal === true && visited.has(position))
    // An order that was signed without a terminal stage has skipped every stage that it did not visit.
    const end = isCompleted && !hasEnded ? stages.length : Math.max(...visited)
    const around = taken.map(({ from, to }) => [this.#positions.get(from) ?? 0, this.#positions.get(to) ?? 0] as const)
    return stages.slice(0, Math.max(0, end)).flatMap(({ code, terminal, department }, position) => {
      const isAround = around.some(([from, to]) => from < position && position < to)
      return terminal === true || visited.has(position) || isAround || !this.isVisible(department) ? [] : [code]
    })
  }
}

/** How often an order took a path. */
function timesOf({ from, to }: ProcessPath, codes: readonly string[]): number {
  return codes.filter((code, i) => code === to && i > 0 && codes[i - 1] === from).length
}
