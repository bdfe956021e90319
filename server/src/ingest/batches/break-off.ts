import type { BreakOffCode, FileProblem } from '@stagewatch/shared/contract/file-problem.ts'
import { AppError } from '../../platform/app-error.ts'
import { FileError } from '../tables/file-error.ts'

/** Why an import did not reach the end of its file. */
export interface BreakOff {
  /** In English. */
  readonly brokenOff: string
  /** For pages, which show it in the user's language; undefined if it has no translation. */
  readonly brokenOffCause?: FileProblem
}

/** A user stopped the import. */
export class StoppedError extends AppError {
  constructor() {
    super('not_ready', 'stopped')
  }
}

export function brokenOffBy(code: BreakOffCode, brokenOff: string): BreakOff {
  return { brokenOff, brokenOffCause: { code, params: {} } }
}

export function breakOffOf(error: unknown): BreakOff {
  if (!(error instanceof AppError)) return brokenOffBy('server_failed', 'the server failed on it')
  const { code, field, message } = error
  if (error instanceof FileError) return { brokenOff: message, brokenOffCause: error.problem }
  if (error instanceof StoppedError) return brokenOffBy('stopped', message)
  if (code === 'not_ready' && field === 'database') return brokenOffBy('database_away', message)
  if (code === 'overloaded' || code === 'disk_full') return brokenOffBy(code, message)
  return { brokenOff: message }
}
