import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestDataDirectory } from '@stagewatch/db/test-database.ts'
import { afterAll, beforeAll, vi } from 'vitest'

/** Commands of the tests in this file find no data, whatever lies in the working directory. */
export function withoutData(): void {
  beforeAll(() => {
    vi.stubEnv('DATA_DIR', join(tmpdir(), 'stagewatch-without-data'))
    vi.stubEnv('DATABASE_URL', '')
  })
  afterAll(() => {
    vi.unstubAllEnvs()
  })
}

/** Commands of the tests in this file share a migrated database in a folder of their own. @returns the folder. */
export async function withData(): Promise<string> {
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
