import type { DepartmentScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import type { ProcessPath } from '@stagewatch/shared/domain/process-path.ts'

/**
 * How one stage follows another: `next` as the order of the process says, `branch` and `return` as its paths allow; `skip`
 * and `rework` forwards and backwards where no path does. `other`: one of them is no stage of the process.
 */
export type StepKind = 'next' | 'branch' | 'return' | 'skip' | 'rework' | 'other'

/** A return that may be taken so often and no oftener. */
export type BoundedReturn = ProcessPath & { readonly maxTimes: number }

/** What an order did that its process does not provide for. */
export interface Deviations {
  /** Codes of the stages that it passed over. */
  readonly skipped: readonly string[]
  /** Returns that it took too often. */
  readonly overReturned: readonly BoundedReturn[]
  /** It went back where no path leads. */
  readonly isReworked: boolean
}

export function isDeviating({ skipped, overReturned, isReworked }: Deviations): boolean {
  return skipped.length > 0 || overReturned.length > 0 || isReworked
}

/** The way through a process as it is defined, to hold the ways of orders against. */
export class PathRules {
  readonly boundedReturns: readonly BoundedReturn[]
  readonly #definition: ProcessDefinition
  readonly #positions: ReadonlyMap<string, number>
  readonly #paths: readonly ProcessPath[]
  readonly #scope: DepartmentScope

  /** @param scope whoever sees some departments is told of the stages that these answer for. */
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

  /** Whether whoever asks is told what becomes of a stage of the process that an order was not in. */
  tells(department: string | undefined): boolean {
    return this.#scope === undefined || (department !== undefined && this.#scope.includes(department))
  }

  /**
   * @param codes of the stages that an order was in, one after the other.
   * @param seen the same, those empty that whoever asks may not see.
   * @param isCompleted false: it is still under way.
   */
  deviationsOf(codes: readonly string[], seen: readonly string[], isCompleted: boolean): Deviations {
    const followers = seen.slice(1)
    return {
      skipped: this.#skipped(codes, isCompleted),
      overReturned: this.boundedReturns.filter((path) => timesOf(path, seen) > path.maxTimes),
      isReworked: followers.some((code, i) => this.kindOf(seen[i] ?? '', code) === 'rework'),
    }
  }

  /** Stages before one that the order reached, unless a branch led around them. */
  #skipped(codes: readonly string[], isCompleted: boolean): string[] {
    const { stages } = this.#definition
    const taken = this.#paths.filter((path) => timesOf(path, codes) > 0)
    const visited = new Set(codes.map((code) => this.#positions.get(code) ?? -1))
    const hasEnded = stages.some(({ terminal }, position) => terminal === true && visited.has(position))
    // An order that was signed without a terminal stage has passed over whatever it did not visit.
    const end = isCompleted && !hasEnded ? stages.length : Math.max(...visited)
    const around = taken.map(({ from, to }) => [this.#positions.get(from) ?? 0, this.#positions.get(to) ?? 0] as const)
    return stages.slice(0, Math.max(0, end)).flatMap(({ code, terminal, department }, position) => {
      const isAround = around.some(([from, to]) => from < position && position < to)
      return terminal === true || visited.has(position) || isAround || !this.tells(department) ? [] : [code]
    })
  }
}

/** How often an order went along a path. */
function timesOf({ from, to }: ProcessPath, codes: readonly string[]): number {
  return codes.filter((code, i) => code === to && i > 0 && codes[i - 1] === from).length
}
