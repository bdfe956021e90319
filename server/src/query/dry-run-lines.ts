import type { DryRunLine, DryRunResult } from '@stagewatch/shared/contract/dry-run.ts'
import type { DryRun } from '../engine/dry-run/dry-run.ts'
import { inSlices } from '../platform/in-slices.ts'

/** How often it is told how far it is. */
const progressMs = 200

/** How far a dry run is, again and again, and its result at last. Whoever stops reading stops it. */
export async function* dryRunLines(run: DryRun, everyMs = progressMs): AsyncGenerator<DryRunLine> {
  const work = run.run()
  let result: DryRunResult | undefined
  while (result === undefined) {
    yield { progress: run.progress }
    result = await inSlices(stepsFor(work, everyMs))
  }
  yield { result }
}

/** Undefined: the time is over before the work is done. */
function* stepsFor<T>(work: Generator<void, T>, ms: number): Generator<void, T | undefined> {
  const until = performance.now() + ms
  do {
    const step = work.next()
    if (step.done === true) return step.value
    yield
  } while (performance.now() < until)
  return undefined
}
