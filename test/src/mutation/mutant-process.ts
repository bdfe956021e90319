import { dirname, relative, resolve } from 'node:path'
import type { Plugin } from 'vite'
import type { TestProjectInlineConfiguration } from 'vitest/config'
import { createVitest } from 'vitest/node'
import type { TestModule, TestSpecification } from 'vitest/node'
import root from '../../../vitest.config.ts'
import { applyMutant } from './find-mutants.ts'
import type { MutantOfFile } from './find-mutants.ts'
import { ImportGraph } from './import-graph.ts'

/** The tests to run for one mutant: unit tests that import its file, and other tests whose names start like these. */
export interface Trial {
  readonly mutant: MutantOfFile
  readonly tests: readonly string[]
}

/** The first test that failed; undefined if none did. */
export interface TrialResult {
  readonly noticedBy: string | undefined
}

/** A test file that failed, and the name of its first failed test. */
interface Failure {
  readonly specification: TestSpecification
  readonly test: string
}

/** Unit tests that import a file through many others hardly exercise it; its own tests are among the closest. */
const maxUnitFiles = 24
/** Properties mostly fail within few runs, and a mutant that survives costs all of them. */
process.env['FAST_CHECK_RUNS'] ??= '100'

const units: ReadonlySet<unknown> = new Set(['unit', 'component'])
const projects = (root.test?.projects ?? []).filter(
  (project): project is TestProjectInlineConfiguration => typeof project === 'object' && 'test' in project,
)
const graph = ImportGraph.ofRepository()
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
  void firstNotice(trial).then((noticedBy) => process.send?.({ noticedBy } satisfies TrialResult))
})

async function firstNotice(trial: Trial): Promise<string | undefined> {
  const distances = graph.distancesFrom(trial.mutant.file)
  const folder = dirname(resolve(trial.mutant.file))
  // A test next to the file is likely to cover it, even if it imports the file through one or two others.
  const distanceOf = ({ moduleId }: TestSpecification): number =>
    (distances.get(relative(process.cwd(), moduleId)) ?? Number.POSITIVE_INFINITY) -
    (dirname(moduleId) === folder ? 2.5 : 0)
  const isNamed = ({ moduleId }: TestSpecification): boolean =>
    trial.tests.some((name) => moduleId.includes(`/${name}`))
  const related = specifications
    .filter((specification) => Number.isFinite(distanceOf(specification)))
    .toSorted((a, b) => distanceOf(a) - distanceOf(b))
  const stages = [
    related.filter(({ project }) => units.has(project.name)).slice(0, maxUnitFiles),
    related.filter((specification) => specification.project.name === 'db' && isNamed(specification)),
  ]
  for (const files of stages) {
    change(trial.mutant)
    const failure = await firstFailure(files)
    if (failure !== undefined && (await passesUnchanged(failure))) return failure.test
  }
  return undefined
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
