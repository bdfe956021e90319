import { join, relative } from 'node:path'
import { expect } from 'vitest'

/** Runs before each test file: tells its databases where to record their statements. */
const file = relative(process.cwd(), expect.getState().testPath ?? 'unknown')
process.env['STAGEWATCH_STATEMENTS_OF_FILE'] = join(
  process.env['STAGEWATCH_STATEMENTS'] ?? '.',
  file.replaceAll('/', '_'),
)
