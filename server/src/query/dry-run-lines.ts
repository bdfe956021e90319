import type { DryRunLine, DryRunResult } from '@stagewatch/shared/contract/dry-run.ts'
import type { DryRun } from '../engine/dry-run/dry-run.ts'
import { AppError } from '../platform/app-error.ts'
import { inSlices } from '../platform/in-slices.ts'

/** Interval between progress reports. */
const progressMs = 200

/**
 * Reports the progress of a dry run repeatedly, and finally its result or its error. It stops when the reader stops.
 */
export async function* dryRunLines(run: DryRun, everyMs = progressMs): AsyncGenerator<DryRunLine> {
  const work = run.run()
  let result: DryRunResult | undefined
  while (result === undefined) {
    yield { progress: run.progress }
    try {
      result = await inSlices(stepsFor(work, everyMs))
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      const { code, message } = error
      yield { problem: { code, message } }
      return
    }
  }
  yield { result }
}

/** Returns undefined if the time ran out before the work was done. */
function* stepsFor<T>(work: Generator<void, T>, ms: number): Generator<void, T | undefined> {
  const until = performance.now() + ms
  do {
    const step = work.next()
    if (step.done === true) return step.value
    yield
  } while (performance.now() < until)
  return undefined
}
