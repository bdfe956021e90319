import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../../..')

/** Real event logs; tests that need them are skipped if the folder is missing. */
const logFolder = resolve(root, process.env['STAGEWATCH_LOGS'] ?? '../shared/data')

/** The long CSV of a real log. */
export function logFile(log: string): string {
  return join(logFolder, log, 'events.csv.gz')
}
