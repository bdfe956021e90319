import type { Database, Queryable, Transaction, Work } from '@stagewatch/db/database.ts'
import type { Logger } from 'pino'
import type { Clock } from './clock/clock.ts'
import { logContext } from './log-context.ts'

interface SlowStatementOptions {
  readonly clock: Clock
  readonly logger: Logger
  /** From this duration on, ms. */
  readonly slowMs: number
}

/** While a database is slow, every statement is: more lines than this would say nothing new. */
const maxLines = 20
const perMs = 60_000
const maxTextLength = 2_000

/**
 * Logs statements that take long, including the wait for a free connection, with the request or background task that
 * they belong to. A line contains the text of the statement, which has placeholders for all values, and never the values
 * themselves, which may be personal data. Bulk work (`longRunning`) is expected to take long and is not logged.
 */
export function logSlowStatements(database: Database, options: SlowStatementOptions): Database {
  const watch = statementWatch(options)
  return {
    ...database,
    ...watchedQueries(database, watch),
    transaction: watchedTransaction(database, watch),
  }
}

/** Observes the answer of a statement, and returns it unchanged. */
type Watch = <Answer>(text: string, answer: Promise<Answer>) => Promise<Answer>

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
    const statement = text.replaceAll(/\s+/g, ' ').trim().slice(0, maxTextLength)
    const omitted = omittedCount === 0 ? {} : { omittedLines: omittedCount }
    omittedCount = 0
    logger.warn({ ...logContext(), durationMs: Math.round(durationMs), statement, ...omitted }, 'a statement was slow')
  }
  return (text, answer) => {
    const begunAt = clock.elapsed()
    const settled = (): void => {
      const durationMs = clock.elapsed() - begunAt
      if (durationMs >= slowMs) report(text, durationMs)
    }
    // A failed statement is reported by its caller; here, only its duration counts.
    answer.then(settled, settled)
    return answer
  }
}

function watchedQueries(queryable: Queryable, watch: Watch): Queryable {
  return {
    query: <Row>(text: string, parameters?: readonly unknown[]) => watch(text, queryable.query<Row>(text, parameters)),
    values: (text, parameters) => watch(text, queryable.values(text, parameters)),
  }
}

function watchedTransaction(work: Work, watch: Watch): Work['transaction'] {
  const watched = (tx: Transaction): Transaction => ({
    ...watchedQueries(tx, watch),
    copyIn: (target, pieces) => watch(`copy ${target} from stdin`, tx.copyIn(target, pieces)),
  })
  return (carryOut, pipeline) => work.transaction((tx) => carryOut(watched(tx)), pipeline)
}
