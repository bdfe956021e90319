import { defineConfig } from 'vitest/config'
import nightlyFiles from './test/src/selection/nightly-files.json' with { type: 'json' }
import { testOptions } from './vitest.config.ts'

/** `pnpm test`: what takes minutes, see test/src/selection/README.md. */
export default defineConfig({ test: testOptions(nightlyFiles) })
