import { defineConfig } from 'vitest/config'
import nightly from './test/src/selection/nightly-files.json' with { type: 'json' }
import { testOptions } from './vitest.config.ts'

const isPostgresql = process.env['TEST_DATABASE_URL'] !== undefined

/** `pnpm test`: what takes minutes, see test/src/selection/README.md. Faults are those of a PostgreSQL server. */
export default defineConfig({
  test: testOptions({
    nightlyFiles: [...nightly.browser, ...(isPostgresql ? nightly.postgresql : nightly.embedded)],
    hasFaults: isPostgresql,
  }),
})
