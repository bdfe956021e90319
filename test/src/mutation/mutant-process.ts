import { dirname, relative, resolve } from 'node:path'
import type { Plugin } from 'vite'
import type { TestProjectInlineConfiguration } from 'vitest/config'
import { createVitest } from 'vitest/node'
import type { TestModule, TestSpecification } from 'vitest/node'
import root from '../../../vitest.config.ts'
import { applyMutant } from './find-mutants.ts'
import type { MutantOfFile } from './find-mutants.ts'
import { ImportGraph } from './import-graph.ts'

/** What is tried on one mutant: of the unit tests those that import its file, of the others what these names begin. */
export interface Trial {
  readonly mutant: MutantOfFile
  readonly tests: readonly string[]
}

/** The first test that noticed; undefined: none did. */
export interface TrialResult {
  readonly noticedBy: string | undefined
}

/** A test file that failed, and the name of its first failed test. */
interface Failure {
  readonly specification: TestSpecification
  readonly test: string
}

/** Unit tests that import a file through many others pass by it; those that are meant for it are among the closest. */
const maxUnitFiles = 24
/** What a property finds at all it mostly finds soon, and a mutant that nothing notices is tried on all of them. */
process.env['FAST_CHECK_RUNS'] ??= '100'

const units: ReadonlySet<unknown> = new Set(['unit', 'component'])
const projects = (root.test?.projects ?? []).filter(
  (project): project is TestProjectInlineConfiguration => typeof project === 'object' && 'test' in project,
)
const graph = ImportGraph.ofRepository()
let mutant: MutantOfFile | undefined

/** Changes the source on its way to the tests; the file stays as it is. */
const mutation: Plugin = {
  name: 'mutation',
  enforce: 'pre',
  // What is kept on disk of this file would be the source without the change, or with another one.
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

/** Runs the files as they are given: the closest to the changed file first. */
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
        // One worker, so that the run ends with the first failure; no second try, since a failure is looked into below.
        .map(({ test }) => ({ extends: true, test: { ...test, maxWorkers: 1, retry: 0 } })),
    },
  },
)
const specifications = await vitest.globTestSpecifications()
/** What passes without a change, by its file. */
const passing = new Map<string, Promise<boolean>>()

// One after another: the parent sends the next one when it has the answer.
process.on('message', (trial: Trial) => {
  void firstNotice(trial).then((noticedBy) => process.send?.({ noticedBy } satisfies TrialResult))
})

async function firstNotice(trial: Trial): Promise<string | undefined> {
  const distances = graph.distancesFrom(trial.mutant.file)
  const folder = dirname(resolve(trial.mutant.file))
  // A test beside the file is likely to be meant for it, also where it gets there through another one or two.
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

/** From here on this mutant is in force. */
function change(next: MutantOfFile | undefined): void {
  const changed = [mutant, next].filter((each) => each !== undefined)
  mutant = next
  for (const { file } of changed) vitest.invalidateFile(resolve(file))
}

/** A test that fails by itself, as one may on a busy machine, has noticed nothing. */
async function passesUnchanged({ specification, test }: Failure): Promise<boolean> {
  const { moduleId } = specification
  const run = async (): Promise<boolean> => {
    change(undefined)
    const failure = await firstFailure([specification])
    if (failure !== undefined) console.error(`fails without a change: ${failure.test}`)
    return failure === undefined
  }
  // Whether the time of a test suffices depends on the moment.
  const passes = /timed out/i.test(test) ? run() : (passing.get(moduleId) ?? run())
  passing.set(moduleId, passes)
  return passes
}

async function firstFailure(files: TestSpecification[]): Promise<Failure | undefined> {
  if (files.length === 0) return undefined
  // vitest counts the failures of all its runs, and gives up at the first one.
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
