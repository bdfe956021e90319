import { DatabaseUnavailableError } from '@stagewatch/db/database-unavailable.ts'
import { AppError } from './app-error.ts'

/** The same error, and as a refusal when it says that the database does not answer now. */
export function databaseRefusal<T>(error: T): T | AppError {
  if (!(error instanceof DatabaseUnavailableError)) return error
  return error.reason === 'away'
    ? new AppError('not_ready', 'the database does not answer', { retryAfterS: 1 })
    : new AppError('overloaded', 'the database is too busy', { retryAfterS: 2 })
}
