import { isDeepStrictEqual } from 'node:util'
import type { FoldRules } from '@stagewatch/shared/domain/fold-state.ts'
import type { ProcessHistory } from '@stagewatch/shared/domain/process-history.ts'

interface Ends {
  readonly from: number
  readonly stages: readonly string[]
}

/** The terminal stages of a process; each event is evaluated by the version that was valid when it occurred. */
export function endsOf(history: ProcessHistory): FoldRules {
  const versions = terminalStages(history).map(({ from, stages }) => ({ from, stages: new Set(stages) }))
  return { isTerminal: (stage, at) => versions.findLast(({ from }) => from <= at)?.stages.has(stage) === true }
}

/** Whether orders end in the same stages; an undefined process has no terminal stages. */
export function sameEnds(before: ProcessHistory | undefined, after: ProcessHistory): boolean {
  return isDeepStrictEqual(before === undefined ? [] : terminalStages(before), terminalStages(after))
}

/** Consecutive versions with the same terminal stages are merged. */
function terminalStages(history: ProcessHistory): Ends[] {
  const all: Ends[] = []
  for (const { validFrom: from = -Infinity, definition } of history) {
    const stages = definition.stages
      .filter((stage) => stage.terminal === true)
      .map((stage) => stage.code)
      .toSorted()
    if (!isDeepStrictEqual(all.at(-1)?.stages ?? [], stages)) all.push({ from, stages })
  }
  return all
}
