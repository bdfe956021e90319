import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../../..')

/** Real event logs; tests that need them are skipped where the folder is not. */
const logFolder = resolve(root, process.env['STAGEWATCH_LOGS'] ?? '../shared/data')

/** The long CSV of a real log. */
export function logFile(log: string): string {
  return join(logFolder, log, 'events.csv.gz')
}
