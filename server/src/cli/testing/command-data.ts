import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestDataDirectory } from '@stagewatch/db/test-database.ts'
import { afterAll, beforeAll, vi } from 'vitest'

/** Hides any data from the commands of the tests in this file, regardless of the working directory. */
export function withoutData(): void {
  beforeAll(() => {
    vi.stubEnv('DATA_DIR', join(tmpdir(), 'stagewatch-without-data'))
    vi.stubEnv('DATABASE_URL', '')
  })
  afterAll(() => {
    vi.unstubAllEnvs()
  })
}

/**
 * Provides the commands of the tests in this file with a shared, migrated database in a separate folder.
 * @returns the folder.
 */
export async function withData(): Promise<string> {
  // Preloaded, because loading commands on demand may exceed the test timeout on a busy machine.
  await import('../import.ts')
  const folder = await createTestDataDirectory()
  beforeAll(() => {
    vi.stubEnv('DATA_DIR', folder)
    vi.stubEnv('DATABASE_URL', '')
  })
  afterAll(() => {
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true })
  })
  return folder
}
