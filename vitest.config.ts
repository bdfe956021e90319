import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { ClosingLineReporter } from './test/src/harness/closing-line-reporter.ts'
import { LongestFirst } from './test/src/harness/longest-first.ts'

const folders = '{bench,client,db,server,shared,test}'
const secondMs = 1000
/** As `eventually` waits: without it a condition gets a second, which a busy machine does not keep to. */
const expect = { poll: { timeout: 20 * secondMs } }
/** A property that is tried ten thousand times takes as long as it takes. */
const hasMoreRuns = process.env['FAST_CHECK_RUNS'] !== undefined
const timeoutMs = (usualMs: number): number => (hasMoreRuns ? 3_600 * secondMs : usualMs)

/**
 * On a build server a test with a database, a browser or processes of its own is tried a second time when it fails: how
 * busy that machine is, is none of ours. Whatever needed it is named at the end of the run, to be looked into.
 */
const retry = process.env['CI'] === undefined ? 0 : 1

/** One more than there are cores, since many files wait most of the time; each takes half a gigabyte. */
const workerCount = Math.min(availableParallelism() + 1, 8)

/**
 * The suffix of a test file says what it needs; the cheap ones run first. Files with databases and with browsers run
 * side by side. Files share the modules of their worker, which is what makes the start of a file cheap: a test that
 * changes a global puts it back.
 */
export default defineConfig({
  test: {
    reporters: ['default', new ClosingLineReporter()],
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          expect,
          include: [`${folders}/src/**/*.test.ts`],
          exclude: ['**/*.{db,browser,fault}.test.ts', '**/node_modules/**'],
          isolate: false,
          sequence: { groupOrder: 0 },
          maxWorkers: '100%',
          testTimeout: timeoutMs(30 * secondMs),
          hookTimeout: 20 * secondMs,
        },
      },
      {
        // A part of a page renders here in milliseconds; layout, focus by keyboard and sockets need a browser.
        test: {
          name: 'component',
          expect,
          include: ['client/src/**/*.test.tsx'],
          environment: 'happy-dom',
          sequence: { groupOrder: 0 },
          maxWorkers: '100%',
          testTimeout: timeoutMs(30 * secondMs),
          hookTimeout: 20 * secondMs,
        },
      },
      {
        test: {
          name: 'db',
          expect,
          retry,
          include: [`${folders}/src/**/*.db.test.ts`],
          globalSetup: 'test/src/harness/drop-databases.ts',
          isolate: false,
          sequence: { groupOrder: 1 },
          maxWorkers: workerCount,
          testTimeout: timeoutMs(60 * secondMs),
          hookTimeout: 60 * secondMs,
        },
      },
      {
        test: {
          name: 'browser',
          expect,
          retry,
          include: [`${folders}/src/**/*.browser.test.ts`],
          globalSetup: ['test/src/harness/build-client.ts', 'test/src/harness/drop-databases.ts'],
          isolate: false,
          sequence: { groupOrder: 1 },
          maxWorkers: workerCount,
          testTimeout: 60 * secondMs,
          hookTimeout: 120 * secondMs,
        },
      },
      {
        // These measure time under faults: a second file beside them would be a fault that nobody planned.
        test: {
          name: 'fault',
          expect,
          retry,
          include: [`${folders}/src/**/*.fault.test.ts`],
          sequence: { groupOrder: 2 },
          maxWorkers: 1,
          testTimeout: 120 * secondMs,
          hookTimeout: 120 * secondMs,
        },
      },
    ],
  },
})
