import { relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import type { Reporter, SerializedError, TestModule } from 'vitest/node'

/**
 * Ends a run with the skipped tests and the reasons, one line `FAILED  file > test: message` for each failure, one line
 * `REPEATED  file > test: message` for each test that passed only on a retry, and one machine-readable line: `N passed,
 * N failed, N skipped`. Each failure is a single line, so that a script can repeat it where only the end of a long log
 * is kept.
 */
export class ClosingLineReporter implements Reporter {
  readonly #leftOut: string | undefined

  /** @param leftOut test files that this run does not contain, and how to run them; reported with the skipped tests. */
  constructor(leftOut?: string) {
    this.#leftOut = leftOut
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    // After the summary of the other reporters, which they print in the same turn.
    setImmediate(() => {
      const reasons = [...skipReasons(modules), ...(this.#leftOut === undefined ? [] : [this.#leftOut])]
      if (reasons.length > 0) console.log(`Skipped: ${reasons.join('; ')}`)
      for (const line of failureLines(modules, unhandledErrors)) console.log(line)
      console.log(closingLine(modules, unhandledErrors.length))
    })
  }
}

function closingLine(modules: readonly TestModule[], unhandledErrorCount: number): string {
  const counts = { passed: 0, failed: unhandledErrorCount, skipped: 0, pending: 0 }
  for (const module of modules) {
    for (const test of module.children.allTests()) counts[test.result().state] += 1
    // A file that cannot be loaded, or a suite whose hook fails, has no failed test.
    for (const part of [module, ...module.children.allSuites()]) if (part.errors().length > 0) counts.failed += 1
  }
  return `${counts.passed} passed, ${counts.failed + counts.pending} failed, ${counts.skipped} skipped`
}

function failureLines(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): string[] {
  const lines: string[] = []
  for (const module of modules) {
    const file = relative(process.cwd(), module.moduleId)
    if (module.errors().length > 0) lines.push(failureLine(file, module.errors()))
    for (const suite of module.children.allSuites()) {
      if (suite.errors().length > 0) lines.push(failureLine(`${file} > ${suite.fullName}`, suite.errors()))
    }
    for (const test of module.children.allTests()) {
      const { state, errors } = test.result()
      if (state === 'failed') lines.push(failureLine(`${file} > ${test.fullName}`, errors))
      if (state === 'pending') lines.push(`FAILED  ${file} > ${test.fullName}: did not finish`)
      if (test.diagnostic()?.flaky === true)
        lines.push(testLine('REPEATED', `${file} > ${test.fullName}`, errors ?? []))
    }
  }
  if (unhandledErrors.length > 0) lines.push(failureLine('outside of any test', unhandledErrors))
  return lines
}

const maxMessageLength = 400

function failureLine(where: string, errors: readonly SerializedError[]): string {
  return testLine('FAILED', where, errors)
}

function testLine(what: 'FAILED' | 'REPEATED', where: string, errors: readonly SerializedError[]): string {
  const messages = errors.map(messageOf).join(' | ')
  const text = stripVTControlCharacters(messages).replaceAll(/\s+/g, ' ')
  return `${what}  ${where}: ${text.length > maxMessageLength ? `${text.slice(0, maxMessageLength)}…` : text}`
}

/** With the cause, because the message of a failed request names only the request. */
function messageOf({ name, message, cause }: SerializedError): string {
  return `${name ?? 'Error'}: ${message ?? ''}${cause === undefined ? '' : ` (${messageOf(cause)})`}`
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
