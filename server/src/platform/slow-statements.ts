import type { Database } from '@stagewatch/db/database.ts'
import type { Logger } from 'pino'
import type { Clock } from './clock/clock.ts'
import { logContext } from './log-context.ts'
import { shortStatement, watchStatements } from './watch-statements.ts'
import type { Watch } from './watch-statements.ts'

interface SlowStatementOptions {
  readonly clock: Clock
  readonly logger: Logger
  /** From this duration on, ms. */
  readonly slowMs: number
}

/** While a database is slow, every statement is: more lines than this would say nothing new. */
const maxLines = 20
const perMs = 60_000

/**
 * Logs statements that take long, including the wait for a free connection, with the request or background task that
 * they belong to. A line contains the text of the statement, which has placeholders for all values, and never the values
 * themselves, which may be personal data. Bulk work (`longRunning`) is expected to take long and is not logged.
 */
export function logSlowStatements(database: Database, options: SlowStatementOptions): Database {
  return watchStatements(database, statementWatch(options))
}

function statementWatch({ clock, logger, slowMs }: SlowStatementOptions): Watch {
  let windowBeganAt = Number.NEGATIVE_INFINITY
  let lineCount = 0
  let omittedCount = 0
  const report = (text: string, durationMs: number): void => {
    const now = clock.elapsed()
    if (now - windowBeganAt >= perMs) {
      windowBeganAt = now
      lineCount = 0
    }
    if (lineCount === maxLines) {
      omittedCount += 1
      return
    }
    lineCount += 1
    const statement = shortStatement(text)
    const omitted = omittedCount === 0 ? {} : { omittedLines: omittedCount }
    omittedCount = 0
    logger.warn({ ...logContext(), durationMs: Math.round(durationMs), statement, ...omitted }, 'a statement was slow')
  }
  return (text, run) => {
    const begunAt = clock.elapsed()
    const answer = run()
    const settled = (): void => {
      const durationMs = clock.elapsed() - begunAt
      if (durationMs >= slowMs) report(text, durationMs)
    }
    // A failed statement is reported by its caller; here, only its duration counts.
    answer.then(settled, settled)
    return answer
  }
}
