import { DatabaseUnavailableError } from '@stagewatch/db/database-unavailable.ts'
import { AppError } from './app-error.ts'
import { retryAfterS } from './load/load-level.ts'

/** Turns an error that says the database is unavailable into a refusal; returns any other error unchanged. */
export function databaseRefusal<T>(error: T): T | AppError {
  if (!(error instanceof DatabaseUnavailableError)) return error
  switch (error.reason) {
    case 'away':
      return new AppError('not_ready', 'the database does not answer', { retryAfterS: 1, field: 'database' })
    case 'busy':
      return new AppError('overloaded', 'the database is too busy', { retryAfterS: retryAfterS(Math.random()) })
    case 'full':
      return new AppError('disk_full', 'the disk of the database is full: nothing can be stored until space is freed', {
        retryAfterS: 10,
      })
  }
}
