import type { Database } from '@stagewatch/db/database.ts'
import { shortStatement, watchStatements } from '../watch-statements.ts'
import { inChildSpan } from './active-span.ts'

/**
 * A span for each transaction and each statement of a request, background task or socket message. It contains the text
 * of the statement, which has placeholders for all values, and never the values themselves.
 */
export function traceStatements(database: Database): Database {
  return watchStatements(
    database,
    (text, run) => {
      const statement = shortStatement(text)
      const operation = operationOf(statement)
      const attributes = {
        'db.system.name': 'postgresql',
        'db.operation.name': operation,
        'db.query.text': statement,
      }
      return inChildSpan(operation, 'client', attributes, run)
    },
    (run) => inChildSpan('transaction', 'internal', { 'db.system.name': 'postgresql' }, run),
  )
}

function operationOf(statement: string): string {
  const [word = ''] = /^[a-z]+/i.exec(statement) ?? []
  return word.toUpperCase() || 'STATEMENT'
}
