import { defineConfig } from 'vitest/config'
import { ClosingLineReporter } from './test/src/harness/closing-line-reporter.ts'

const folders = '{bench,client,db,server,shared,test}'
const secondMs = 1000
/** A property that is tried ten thousand times takes as long as it takes. */
const hasMoreRuns = process.env['FAST_CHECK_RUNS'] !== undefined
const timeoutMs = (usualMs: number): number => (hasMoreRuns ? 3_600 * secondMs : usualMs)

/** The suffix of a test file says what it needs; the projects run one after the other, the cheap ones first. */
export default defineConfig({
  test: {
    reporters: ['default', new ClosingLineReporter()],
    projects: [
      {
        test: {
          name: 'unit',
          include: [`${folders}/src/**/*.test.{ts,tsx}`],
          exclude: ['**/*.{db,browser,fault}.test.ts', '**/node_modules/**'],
          sequence: { groupOrder: 0 },
          maxWorkers: '100%',
          testTimeout: timeoutMs(20 * secondMs),
          hookTimeout: 20 * secondMs,
        },
      },
      {
        test: {
          name: 'db',
          include: [`${folders}/src/**/*.db.test.ts`],
          sequence: { groupOrder: 1 },
          maxWorkers: 2,
          testTimeout: timeoutMs(30 * secondMs),
          hookTimeout: 60 * secondMs,
        },
      },
      {
        test: {
          name: 'browser',
          include: [`${folders}/src/**/*.browser.test.ts`],
          globalSetup: 'test/src/harness/build-client.ts',
          sequence: { groupOrder: 2 },
          maxWorkers: 1,
          testTimeout: 60 * secondMs,
          hookTimeout: 120 * secondMs,
        },
      },
      {
        // These measure time under faults: a second file beside them would be a fault that nobody planned.
        test: {
          name: 'fault',
          include: [`${folders}/src/**/*.fault.test.ts`],
          sequence: { groupOrder: 3 },
          maxWorkers: 1,
          testTimeout: 120 * secondMs,
          hookTimeout: 120 * secondMs,
        },
      },
    ],
  },
})
