import type { Database, Queryable, Transaction, Work } from '@stagewatch/db/database.ts'

/** Called around every statement, with its text, which has placeholders for all values. */
export type Watch = <Answer>(text: string, run: () => Promise<Answer>) => Promise<Answer>

/** Called around every transaction, with all of its attempts. */
export type WatchTransaction = <Result>(run: () => Promise<Result>) => Promise<Result>

/**
 * The database with something around its statements. Bulk work (`longRunning`, `copyOut`, `readSnapshot`), for which no
 * request is waiting, is not watched.
 */
export function watchStatements(
  database: Database,
  watch: Watch,
  watchTransaction: WatchTransaction = (run) => run(),
): Database {
  const watched = watchedTransaction(database, watch)
  return {
    ...database,
    ...watchedQueries(database, watch),
    transaction: (carryOut, pipeline) => watchTransaction(() => watched(carryOut, pipeline)),
  }
}

function watchedQueries(queryable: Queryable, watch: Watch): Queryable {
  return {
    query: <Row>(text: string, parameters?: readonly unknown[]) =>
      watch(text, () => queryable.query<Row>(text, parameters)),
    values: (text, parameters) => watch(text, () => queryable.values(text, parameters)),
  }
}

function watchedTransaction(work: Work, watch: Watch): Work['transaction'] {
  const watched = (tx: Transaction): Transaction => ({
    ...watchedQueries(tx, watch),
    copyIn: (target, pieces) => watch(`copy ${target} from stdin`, () => tx.copyIn(target, pieces)),
  })
  return (carryOut, pipeline) => work.transaction((tx) => carryOut(watched(tx)), pipeline)
}

const maxTextLength = 2_000

/** For a log line or a span. */
export function shortStatement(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, maxTextLength)
}
