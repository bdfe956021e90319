import type { Reporter, SerializedError, TestModule } from 'vitest/node'

/**
 * Ends a run with what was skipped and why, and with one line that a machine can read:
 * `N passed, N failed, N skipped`.
 */
export class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    // After the other reporters' summary, which they print in this same turn.
    setImmediate(() => {
      const reasons = skipReasons(modules)
      if (reasons.length > 0) console.log(`Skipped: ${reasons.join('; ')}`)
      console.log(closingLine(modules, unhandledErrors.length))
    })
  }
}

function closingLine(modules: readonly TestModule[], unhandledErrorCount: number): string {
  const counts = { passed: 0, failed: unhandledErrorCount, skipped: 0, pending: 0 }
  for (const module of modules) {
    for (const test of module.children.allTests()) counts[test.result().state] += 1
    // A file that cannot be loaded, or a suite whose hook fails, has no test that fails.
    for (const part of [module, ...module.children.allSuites()]) if (part.errors().length > 0) counts.failed += 1
  }
  return `${counts.passed} passed, ${counts.failed + counts.pending} failed, ${counts.skipped} skipped`
}

function skipReasons(modules: readonly TestModule[]): string[] {
  const reasons = new Set<string>()
  for (const module of modules) {
    for (const task of [...module.children.allSuites(), ...module.children.allTests()]) {
      const { skipReason } = task.meta()
      if (skipReason !== undefined) reasons.add(skipReason)
    }
  }
  const onlyEmbedded = process.env['TEST_DATABASE_URL'] === undefined
  if (onlyEmbedded && modules.some(({ moduleId }) => moduleId.endsWith('.db.test.ts'))) {
    reasons.add('the database tests on PostgreSQL (TEST_DATABASE_URL is not set; they ran on the embedded database)')
  }
  return [...reasons]
}
