import { relative, resolve } from 'node:path'
import { inspect } from 'node:util'
import type { Plugin } from 'vite'
import type { TestProjectInlineConfiguration } from 'vitest/config'
import { createVitest } from 'vitest/node'
import type { TestModule, TestSpecification } from 'vitest/node'
import config from '../../../vitest.config.ts'
import { root } from '../selection/recording.ts'
import { CoveringTests } from './covering-tests.ts'
import { applyMutant } from './find-mutants.ts'
import type { MutantOfFile } from './find-mutants.ts'
import { ImportGraph } from './import-graph.ts'

/**
 * @property hasDatabase whether tests with a database run too.
 * @property isUnchanged whether the tests of the mutant run without it.
 */
export interface Trial {
  readonly mutant: MutantOfFile
  readonly hasDatabase: boolean
  readonly isUnchanged?: boolean
}

/** The first test that failed, undefined if none did; or why the tests could not run. */
export type TrialResult = { readonly noticedBy: string | undefined } | { readonly error: string }

/** A test file that failed, and the name of its first failed test. */
interface Failure {
  readonly specification: TestSpecification
  readonly test: string
}

/** Tests that execute more of the file come first, so that the ones after these hardly notice what they have not. */
const maxFiles = { unit: 24, db: 24 }
/** The time limit is for as many, so that a mutant that survives is told from one that hangs. */
const filesAtOnce = 6
/** Properties mostly fail within few runs, and a mutant that survives costs all of them. */
process.env['FAST_CHECK_RUNS'] ??= '100'

const units: ReadonlySet<unknown> = new Set(['unit', 'component'])
const projects = (config.test?.projects ?? []).filter(
  (project): project is TestProjectInlineConfiguration => typeof project === 'object' && 'test' in project,
)
const graph = ImportGraph.ofRepository()
const covering = CoveringTests.ofRepository()
let mutant: MutantOfFile | undefined

/** Applies the change while the source is loaded; the file on disk is not modified. */
const mutation: Plugin = {
  name: 'mutation',
  enforce: 'pre',
  // The disk cache may hold this file without the change, or with another one.
  configureVitest({ defineCacheKeyGenerator }) {
    defineCacheKeyGenerator(({ id }) => (isChanged(id) ? false : undefined))
  },
  transform(source: string, id: string) {
    return mutant !== undefined && isChanged(id) ? applyMutant(source, mutant) : undefined
  },
}

function isChanged(id: string): boolean {
  return mutant !== undefined && id.split('?', 1)[0] === resolve(mutant.file)
}

/** Runs the files in the given order: those closest to the changed file first. */
class AsGiven {
  async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files
  }

  async shard(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files
  }
}

const vitest = await createVitest(
  { config: false, watch: false, bail: 1, reporters: [{}] },
  {
    plugins: [mutation],
    test: {
      sequence: { sequencer: AsGiven },
      setupFiles: [resolve(import.meta.dirname, 'end-properties-on-failure.ts')],
      projects: projects
        .filter(({ test }) => units.has(test?.name) || test?.name === 'db')
        // One worker, so that the run ends with the first failure; no retries, because failures are checked below.
        .map(({ test }) => ({ extends: true, test: { ...test, maxWorkers: 1, retry: 0 } })),
    },
  },
)
const specifications = await vitest.globTestSpecifications()
/** Whether each test file passes without a change. */
const passing = new Map<string, Promise<boolean>>()

// The parent sends one trial at a time and waits for its result.
process.on('message', (trial: Trial) => {
  void firstNotice(trial)
    .then((noticedBy): TrialResult => ({ noticedBy }))
    .catch((error: unknown): TrialResult => ({ error: inspect(error) }))
    .then((result) => process.send?.(result))
})

async function firstNotice({ mutant: next, hasDatabase, isUnchanged = false }: Trial): Promise<string | undefined> {
  const files = await testsFor(next)
  const stages = [
    files.filter(isUnit).slice(0, maxFiles.unit),
    files.filter((file) => !isUnit(file)).slice(0, maxFiles.db),
  ]
  for (const stage of hasDatabase ? stages : stages.slice(0, 1)) {
    for (let i = 0; i < stage.length; i += filesAtOnce) {
      process.send?.('running')
      change(isUnchanged ? undefined : next)
      const failure = await firstFailure(stage.slice(i, i + filesAtOnce))
      if (failure !== undefined && (await passesUnchanged(failure))) return failure.test
    }
  }
  return undefined
}

/**
 * Those that execute the changed place. Tests that are newer than their recording, or older than the source, count when
 * they import the file.
 */
async function testsFor(next: MutantOfFile): Promise<TestSpecification[]> {
  const byFile = new Map(specifications.map((specification) => [relative(root, specification.moduleId), specification]))
  const distances = graph.distancesFrom(next.file)
  const isNew = (file: string): boolean => distances.has(file) && covering.isOutdated(file)
  const offset = covering.isNewer(next.file) ? undefined : await offsetOf(next)
  const added = [...byFile.keys()].filter(isNew).toSorted((a, b) => (distances.get(a) ?? 0) - (distances.get(b) ?? 0))
  // Tests of the file itself come first: those that execute more of it may check none of its results.
  const [own, others] = [true, false].map((isOwn) =>
    covering.testsOf(next.file, offset).filter((file) => (distances.get(file) === 1) === isOwn),
  ) as [string[], string[]]
  const tests = new Set([...added, ...own, ...others])
  return [...tests].flatMap((file) => byFile.get(file) ?? [])
}

function isUnit({ project }: TestSpecification): boolean {
  return units.has(project.name)
}

/** Where the changed place is in the script that runs. */
async function offsetOf(next: MutantOfFile): Promise<number> {
  const path = resolve(next.file)
  const environment = vitest.vite.environments[next.file.startsWith('client/') ? 'client' : 'ssr']
  // What an earlier mutant invalidated of this file is not to be reused: it imports the file of that one.
  vitest.invalidateFile(path)
  const scriptWith = async (changed: MutantOfFile | undefined): Promise<string> => {
    change(changed)
    const transformed = await environment?.transformRequest(path)
    if (!transformed) throw new Error(`${next.file} could not be transformed`)
    return transformed.code
  }
  const script = await scriptWith(undefined)
  const mutated = await scriptWith(next)
  let at = 0
  while (script[at] === mutated[at]) at += 1
  // What follows a logical operator, it included, is recorded as one part, which may not have run.
  return /^(?:&&|\|\||\?\?)/.test(script.slice(at)) ? script.slice(0, at).trimEnd().length - 1 : at
}

/** Activates the mutant for the following runs. */
function change(next: MutantOfFile | undefined): void {
  const changed = [mutant, next].filter((each) => each !== undefined)
  mutant = next
  for (const { file } of changed) vitest.invalidateFile(resolve(file))
}

/** A test that fails without the change, as one may on a busy machine, did not detect the mutant. */
async function passesUnchanged({ specification, test }: Failure): Promise<boolean> {
  const { moduleId } = specification
  const run = async (): Promise<boolean> => {
    change(undefined)
    const failure = await firstFailure([specification])
    if (failure !== undefined) console.error(`fails without a change: ${failure.test}`)
    return failure === undefined
  }
  // Whether a test times out depends on the current load.
  const passes = /timed out/i.test(test) ? run() : (passing.get(moduleId) ?? run())
  passing.set(moduleId, passes)
  return passes
}

async function firstFailure(files: TestSpecification[]): Promise<Failure | undefined> {
  if (files.length === 0) return undefined
  // vitest accumulates the failures of all runs, and bails out at the first one.
  vitest.state.filesMap.clear()
  vitest.state.idMap.clear()
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(files)
  for (const module of testModules) {
    const test = failureOf(module)
    const specification = files.find(({ moduleId }) => moduleId === module.moduleId)
    if (test !== undefined && specification !== undefined) return { specification, test }
  }
  const [specification] = files
  return unhandledErrors.length > 0 && specification !== undefined
    ? { specification, test: 'an error outside of any test' }
    : undefined
}

function failureOf(module: TestModule): string | undefined {
  for (const test of module.children.allTests('failed')) {
    return `${module.relativeModuleId} > ${test.fullName}: ${test.result().errors?.[0]?.message.split('\n')[0]}`
  }
  const [error] = [module, ...module.children.allSuites()].flatMap((part) => part.errors())
  return error === undefined ? undefined : `${module.relativeModuleId}: ${error.message.split('\n')[0]}`
}
