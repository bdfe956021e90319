import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from 'vite'

/** The imports between files of the repository, used to run the tests closest to a file first. */
export class ImportGraph {
  readonly #importers = new Map<string, string[]>()

  /** @param files paths relative to the root of the repository, with their source. */
  constructor(files: Iterable<readonly [file: string, source: string]>) {
    for (const [file, source] of files) {
      for (const imported of importsOf(file, source)) {
        const importers = this.#importers.get(imported)
        if (importers === undefined) this.#importers.set(imported, [file])
        else importers.push(file)
      }
    }
  }

  static ofRepository(): ImportGraph {
    const files = globSync('{client,db,server,shared,test}/src/**/*.{ts,tsx}')
    return new ImportGraph(files.map((file) => [file, readFileSync(file, 'utf8')]))
  }

  /** The number of imports between a file and each file that imports it, directly or indirectly. */
  distancesFrom(file: string): ReadonlyMap<string, number> {
    const distances = new Map([[file, 0]])
    // Iterating over a map includes entries added meanwhile, so nearer files come before farther ones.
    for (const [near, distance] of distances) {
      for (const importer of this.#importers.get(near) ?? []) {
        if (!distances.has(importer)) distances.set(importer, distance + 1)
      }
    }
    return distances
  }
}

/** Type-only imports are excluded, because they do not exist at run time. */
function importsOf(file: string, source: string): Set<string> {
  const { module } = parseSync(file, source)
  const run = (entries: readonly { isType: boolean }[]): boolean =>
    entries.length === 0 || entries.some(({ isType }) => !isType)
  const specifiers = [
    ...module.staticImports.filter(({ entries }) => run(entries)).map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ isType, moduleRequest }) => (isType || !moduleRequest ? [] : [moduleRequest.value])),
    ),
    ...module.dynamicImports.map(({ moduleRequest }) => source.slice(moduleRequest.start + 1, moduleRequest.end - 1)),
  ]
  return new Set(specifiers.map((specifier) => pathOf(file, specifier)).filter((path) => path !== undefined))
}

function pathOf(file: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return join(file, '..', specifier)
  const [, name, path] = /^@stagewatch\/(\w+)\/(.+)$/.exec(specifier) ?? []
  return name === undefined || path === undefined ? undefined : `${name}/src/${path}`
}
