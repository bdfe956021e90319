import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
