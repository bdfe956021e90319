import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestDatabase } from '@stagewatch/db/test-database.ts'
import { benchServerUrl, noDatabase } from '../postgresql.ts'
import type { NoDatabase } from '../postgresql.ts'
import type { DatabasePlace } from './ingest-settings.ts'

/** A fresh database that is dropped when the measurement ends. */
export interface FreshPlace {
  readonly place: DatabasePlace
  readonly remove: () => Promise<void>
}

export async function embeddedPlace(): Promise<FreshPlace> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'stagewatch-bench-'))
  return { place: { dataDirectory }, remove: () => rm(dataDirectory, { recursive: true }) }
}

export async function postgresqlPlace(): Promise<FreshPlace | NoDatabase> {
  try {
    const { url, drop } = await createTestDatabase(benchServerUrl)
    return { place: { databaseUrl: url, dataDirectory: tmpdir() }, remove: drop }
  } catch (error) {
    return noDatabase(error)
  }
}
