import { appendFileSync } from 'node:fs'
import type { Database, Queryable, Transaction, Work } from './database.ts'

/**
 * Writes each kind of statement that is run, once, as a line of JSON: with these files, `choose-files.ts` of the tests
 * finds test files whose statements others run as well.
 * @param file is created, or continued.
 */
export function recordStatements(database: Database, file: string): Database {
  const known = new Set<string>()
  const note = (text: string): void => {
    const kind = kindOf(text)
    if (known.has(kind)) return
    known.add(kind)
    appendFileSync(file, `${JSON.stringify(kind)}\n`)
  }
  const queryable = (on: Queryable): Queryable => ({
    query<Row>(text: string, parameters?: readonly unknown[]) {
      note(text)
      return on.query<Row>(text, parameters)
    },
    values(text, parameters) {
      note(text)
      return on.values(text, parameters)
    },
  })
  const transaction = (tx: Transaction): Transaction => ({
    ...queryable(tx),
    copyIn(target, pieces) {
      note(`copy ${target} from stdin`)
      return tx.copyIn(target, pieces)
    },
  })
  const work = (on: Work): Work => ({
    ...queryable(on),
    transaction: (carryOut, pipeline) => on.transaction((tx) => carryOut(transaction(tx)), pipeline),
  })
  return {
    ...database,
    ...work(database),
    longRunning: work(database.longRunning),
    copyOut(queries) {
      for (const { select } of queries) note(`copy (${select}) to stdout`)
      return database.copyOut(queries)
    },
    listen(channel, heard) {
      note(`listen ${channel}`)
      return database.listen(channel, heard)
    },
  }
}

/** The text without values and without the number of parameters in a list. */
function kindOf(text: string): string {
  return text
    .replaceAll(/'[^']*'/g, "''")
    .replaceAll(/\$\d+(?:::\w+(?:\[\])?)?(?:, ?\$\d+(?:::\w+(?:\[\])?)?)*/g, '$')
    .replaceAll(/\b\d+\b/g, '0')
    .replaceAll(/\s+/g, ' ')
    .trim()
}
