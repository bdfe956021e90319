import { resolve } from 'node:path'
import type { Plugin } from 'vite'
import type { TestProjectInlineConfiguration } from 'vitest/config'
import { createVitest } from 'vitest/node'
import type { TestSpecification } from 'vitest/node'
import root from '../../../vitest.config.ts'
import { applyMutant } from './find-mutants.ts'
import type { MutantOfFile } from './find-mutants.ts'

/** What is tried on one mutant: in `units` what imports its file, in `db` what these names begin with. */
export interface Trial {
  readonly mutant: MutantOfFile
  readonly tests: readonly string[]
}

/** The first test that noticed; undefined: none did. */
export interface TrialResult {
  readonly noticedBy: string | undefined
}

const units: ReadonlySet<unknown> = new Set(['unit', 'component'])
const projects = (root.test?.projects ?? []).filter(
  (project): project is TestProjectInlineConfiguration => typeof project === 'object' && 'test' in project,
)
// One for each process: vitest counts the failures of all its runs, and gives up at the first one.
const { promise: given, resolve: give } = Promise.withResolvers<Trial>()
process.once('message', give)
const { mutant, tests } = await given

/** Changes the source on its way to the tests; the file stays as it is. */
const mutation: Plugin = {
  name: 'mutation',
  enforce: 'pre',
  // What is kept on disk of this file would be the source without the change, or with another one.
  configureVitest({ defineCacheKeyGenerator }) {
    defineCacheKeyGenerator(({ id }) => (isChanged(id) ? false : undefined))
  },
  transform(source: string, id: string) {
    return isChanged(id) ? applyMutant(source, mutant) : undefined
  },
}

function isChanged(id: string): boolean {
  return id.split('?', 1)[0] === resolve(mutant.file)
}

const vitest = await createVitest(
  { config: false, watch: false, bail: 1, reporters: [{}] },
  {
    plugins: [mutation],
    test: {
      projects: projects
        .filter(({ test }) => units.has(test?.name) || test?.name === 'db')
        .map(({ test }) => ({ extends: true, test: { ...test } })),
    },
  },
)

process.send?.({ noticedBy: await firstNotice() } satisfies TrialResult)

async function firstNotice(): Promise<string | undefined> {
  vitest.config.related = [resolve(mutant.file)]
  const related = await vitest.getRelevantTestSpecifications()
  const isNamed = ({ moduleId }: TestSpecification): boolean => tests.some((name) => moduleId.includes(`/${name}`))
  const stages = [
    related.filter(({ project }) => units.has(project.name)),
    related.filter((specification) => specification.project.name === 'db' && isNamed(specification)),
  ]
  for (const specifications of stages) {
    const noticedBy = specifications.length === 0 ? undefined : await firstFailure(specifications)
    if (noticedBy !== undefined) return noticedBy
  }
  return undefined
}

async function firstFailure(specifications: TestSpecification[]): Promise<string | undefined> {
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications)
  for (const module of testModules) {
    for (const test of module.children.allTests('failed')) return test.fullName
    const isBroken = [module, ...module.children.allSuites()].some((part) => part.errors().length > 0)
    if (isBroken) return module.relativeModuleId
  }
  return unhandledErrors.length > 0 ? 'an error outside of any test' : undefined
}
