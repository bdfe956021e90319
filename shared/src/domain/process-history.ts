import type { ProcessDefinition } from './process-definition.ts'

/** The definition of a process from one instant until the next version begins. */
export interface ProcessVersion {
  /** Epoch ms; undefined: from the beginning. */
  readonly validFrom?: number
  readonly definition: ProcessDefinition
}

/** A process over time: at least one version, ascending by `validFrom`; only the first has none. */
export type ProcessHistory = readonly [ProcessVersion, ...ProcessVersion[]]

/** The version in force at an instant, epoch ms. */
export function versionAt(history: ProcessHistory, at: number): ProcessDefinition {
  // This runs for each visit, and most processes have one version.
  if (history.length === 1) return history[0].definition
  return history.findLast(({ validFrom = -Infinity }) => validFrom <= at)?.definition ?? history[0].definition
}

/** The history with a version added, or replacing the one that begins at the same instant. */
export function withVersion(history: ProcessHistory, version: ProcessVersion): ProcessHistory {
  const startOf = ({ validFrom = -Infinity }: ProcessVersion) => validFrom
  const others = history.filter((other) => startOf(other) !== startOf(version))
  const [first = version, ...later] = [...others, version].toSorted((a, b) => (startOf(a) < startOf(b) ? -1 : 1))
  return [first, ...later]
}

/** Codes of the stages of all versions. */
export function stagesEver(history: ProcessHistory): ReadonlySet<string> {
  return new Set(history.flatMap(({ definition }) => definition.stages.map((stage) => stage.code)))
}
