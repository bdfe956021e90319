import { openDatabase } from '@stagewatch/db/open-database.ts'
import type { FreshPlace } from '../ingest/ingest-places.ts'
import { copyTables } from './copied-tables.ts'
import { envOf, runCommand } from './run-import.ts'
import type { ImportRun } from './run-import.ts'

/** Runs the command without a server, into a fresh database. @throws unless every row was accepted. */
export async function importAlone(fresh: FreshPlace, args: readonly string[], rows: number): Promise<ImportRun> {
  try {
    const { commandMs, cpuS } = await runCommand(envOf(fresh.place), args, rows)
    return { ...timed(commandMs), cpuS }
  } finally {
    await fresh.remove()
  }
}

/** The rows that such an import leaves in the tables. */
export async function importedTables(fresh: FreshPlace, args: readonly string[], rows: number) {
  try {
    await runCommand(envOf(fresh.place), args, rows)
    const { database } = await openDatabase(fresh.place)
    const tables = await copyTables(database)
    await database.close()
    return tables
  } finally {
    await fresh.remove()
  }
}

export function timed(elapsedMs: number): ImportRun {
  return { commandMs: elapsedMs, shownMs: elapsedMs, cpuS: undefined }
}
