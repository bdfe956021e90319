import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import type { TestProjectInlineConfiguration } from 'vitest/config'
import type { InlineConfig } from 'vitest/node'
import { ClosingLineReporter } from './test/src/harness/closing-line-reporter.ts'
import { LongestFirst } from './test/src/harness/longest-first.ts'
import { isRecording } from './test/src/selection/recording.ts'

const folders = '{bench,client,db,packaging,server,shared,test}'
const secondMs = 1000
/** The same as in `eventually`: the default of a second is too short on a busy machine. */
const expect = { poll: { timeout: 20 * secondMs } }
const setupFiles = isRecording ? ['test/src/selection/record-coverage.ts'] : []
/**
 * A recording needs a worker for each file: after some hundred files in one, functions are optimized, and V8 does not
 * count the calls of those.
 */
const isolate = isRecording
/** With more runs per property, tests get an hour instead of their usual timeout. */
const hasMoreRuns = process.env['FAST_CHECK_RUNS'] !== undefined
const timeoutMs = (usualMs: number): number => (hasMoreRuns ? 3_600 * secondMs : usualMs)

/** Fault tests that take minutes. Quick tests check single rules of them by day. */
const nightly = [
  'killed-approvals',
  'killed-senders',
  'overload',
  'sample-upgrade',
  'scarce-resources',
  'simulated-week',
]
/** A pattern instead of `exclude`, which would replace that of the command line. */
const faults = process.env['SOAK'] === 'full' ? '*' : `!(${nightly.join('|')})`

/**
 * On a build server, a failed test with a database, a browser or its own processes is retried once, because the load of
 * that machine is beyond our control. Retried tests are listed at the end of the run for investigation.
 */
const retry = process.env['CI'] === undefined ? 0 : 1

/** One more than the number of cores, since many files wait most of the time; each worker takes half a gigabyte. */
const workerCount = Math.min(availableParallelism() + 1, 8)

/** These tests measure time under faults: a second file in parallel would be an unplanned fault. */
const faultProject: TestProjectInlineConfiguration = {
  test: {
    name: 'fault',
    expect,
    setupFiles,
    retry,
    include: [`${folders}/src/**/${faults}.fault.test.ts`],
    globalSetup: 'packaging/src/build-client.ts',
    sequence: { groupOrder: 2 },
    maxWorkers: 1,
    testTimeout: 120 * secondMs,
    hookTimeout: 120 * secondMs,
  },
}

/**
 * The suffix of a test file says what it needs; the cheap ones run first. Files with databases and with browsers run in
 * parallel. Files share the modules of their worker, which makes them start quickly, so a test that changes a global
 * must restore it.
 */
export default defineConfig({ test: testOptions() })

interface TestSelection {
  /** Files of the projects db and browser that do not run. */
  readonly nightlyFiles: readonly string[]
  /** Whether the project fault runs. */
  readonly hasFaults: boolean
}

/** @param selection undefined if all tests run. */
export function testOptions(selection?: TestSelection): InlineConfig {
  const others = selection?.nightlyFiles.map((file) => `!${file}`) ?? []
  const leftOut =
    selection &&
    `${others.length} files with a database or a browser${selection.hasFaults ? '' : ', and all with faults'} (pnpm test:all runs them too)`
  return {
    // Workers, and the threads of servers in them, use Node's cache of compiled package modules.
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'stagewatch-compile-cache') },
    reporters: ['default', new ClosingLineReporter(leftOut)],
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          expect,
          setupFiles,
          include: [`${folders}/src/**/*.test.ts`],
          exclude: ['**/*.{db,browser,fault}.test.ts', '**/node_modules/**'],
          isolate,
          sequence: { groupOrder: 0 },
          maxWorkers: '100%',
          testTimeout: timeoutMs(30 * secondMs),
          hookTimeout: 20 * secondMs,
        },
      },
      {
        // Components render here in milliseconds; layout, keyboard focus and sockets need a browser.
        test: {
          name: 'component',
          expect,
          include: ['client/src/**/*.test.tsx'],
          environment: 'happy-dom',
          setupFiles: ['client/src/live/testing/script-sockets.ts', ...setupFiles],
          isolate,
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
          setupFiles,
          retry,
          include: [`${folders}/src/**/*.db.test.ts`, ...others],
          globalSetup: 'test/src/harness/drop-databases.ts',
          isolate,
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
          setupFiles,
          retry,
          include: [`${folders}/src/**/*.browser.test.ts`, ...others],
          globalSetup: ['packaging/src/build-client.ts', 'test/src/harness/drop-databases.ts'],
          isolate,
          sequence: { groupOrder: 1 },
          maxWorkers: workerCount,
          testTimeout: 60 * secondMs,
          hookTimeout: 120 * secondMs,
        },
      },
      ...(selection?.hasFaults === false ? [] : [faultProject]),
    ],
  }
}
