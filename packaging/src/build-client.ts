import { hash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { glob, readFile, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const repository = fileURLToPath(new URL('../..', import.meta.url))
/** In the folder that every build empties, so that it cannot outlive the pages it describes. */
export const hashFile = '.inputs-hash'

/** Everything that decides what the pages contain. The lockfile stands for the packages. */
const inputs = [
  'client/{src,public}/**/*',
  'client/*.{html,json}',
  'shared/src/**/*',
  'shared/package.json',
  // The version of the pages.
  'package.json',
  'vite.config.ts',
  'tsconfig.json',
  'pnpm-lock.yaml',
  'packaging/src/build-client.ts',
]
const isTest = (file: string): boolean => /\.test\.tsx?$|[\\/]testing[\\/]/.test(file)

/** A name in the development build of React, which is several times slower and keeps a stack for each element. */
const onlyInDevelopment = 'react-stack-top-frame'

export interface ClientBuild {
  /** Where the pages are written; what the server of this repository serves by default. */
  readonly folder?: string
  /** What users of this build type to run a command, which pages show; in a clone of the repository by default. */
  readonly stagewatchCommand?: string
}

/**
 * Builds the pages, unless the last build in the folder was from the same sources.
 * @returns whether it has built.
 */
export async function buildClient({
  folder = join(repository, 'client/dist'),
  stagewatchCommand,
}: ClientBuild = {}): Promise<boolean> {
  const settings = { 'import.meta.env.VITE_STAGEWATCH_COMMAND': JSON.stringify(stagewatchCommand) }
  const wanted = await inputsHash(repository, settings)
  if ((await builtFrom(folder)) === wanted) return false
  // An interrupted build must not look like a finished one.
  await rm(join(folder, hashFile), { force: true })
  // Takes longer to load than everything else that a start without a build does here.
  const { build } = await import('vite')
  const nodeEnv = process.env['NODE_ENV']
  const built = await build({
    configFile: join(repository, 'vite.config.ts'),
    logLevel: 'warn',
    define: stagewatchCommand === undefined ? {} : settings,
    build: { outDir: folder },
  })
  // The configuration of the build sets it, but test files that follow need React's `act`, which exists only in
  // development.
  if (nodeEnv === undefined) delete process.env['NODE_ENV']
  else process.env['NODE_ENV'] = nodeEnv
  const outputs = [built].flat().flatMap((one) => ('output' in one ? one.output : []))
  if (outputs.some((file) => file.type === 'chunk' && file.code.includes(onlyInDevelopment))) {
    throw new Error('The pages were built with React for development: see NODE_ENV in vite.config.ts')
  }
  await writeFile(join(folder, hashFile), wanted)
  return true
}

/**
 * Global setup of the browser tests, which use the pages as users get them.
 * @public called by vitest
 */
export async function setup(): Promise<void> {
  await buildClient()
}

/** Hash of what the pages in a folder were built from; undefined if there are none, or from an unfinished build. */
export async function builtFrom(folder: string): Promise<string | undefined> {
  if (!existsSync(join(folder, 'wall.html'))) return undefined
  return readFile(join(folder, hashFile), 'utf8').catch(() => undefined)
}

/** Changes with every input of the build, the settings included. */
export async function inputsHash(
  root: string,
  settings: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const files: string[] = []
  for await (const entry of glob(inputs, { cwd: root, withFileTypes: true })) {
    if (entry.isFile()) files.push(relative(root, join(entry.parentPath, entry.name)))
  }
  const contents = await Promise.all(
    files
      .filter((file) => !isTest(file))
      .toSorted()
      .map(async (file) => [file, hash('sha256', await readFile(join(root, file)))]),
  )
  const ofVite = Object.entries(process.env).filter(([name]) => name.startsWith('VITE_'))
  return hash(
    'sha256',
    JSON.stringify([process.version, settings, ofVite.toSorted(([a], [b]) => (a < b ? -1 : 1)), contents]),
  )
}

if (import.meta.main) await buildClient()
