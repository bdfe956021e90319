import { setImmediate } from 'node:timers/promises'
import type { Progress } from './row.ts'

const wantedRuns = Number(process.env['BENCH_RUNS'] ?? 3)

/**
 * Runs the contestants in turns, so that other load on the machine affects all of them, and returns every repetition of
 * each. The first turn of each is a warm-up and is not counted.
 */
export async function alternate<Name extends string, Result>(
  contestants: Readonly<Record<Name, () => Promise<Result>>>,
  progress: Progress,
  minRuns = 3,
): Promise<Record<Name, Result[]>> {
  const runs = Math.max(minRuns, wantedRuns)
  const names = Object.keys(contestants) as Name[] // a Record has no other keys than its own
  const results = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, Result[]>
  for (let run = 0; run <= runs; run++) {
    for (const name of names) {
      progress(run === 0 ? `warming up: ${name}` : `run ${run} of ${runs}: ${name}`)
      await setImmediate()
      const result = await contestants[name]()
      if (run > 0) results[name].push(result)
    }
  }
  return results
}
