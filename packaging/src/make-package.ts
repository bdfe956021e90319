import { exec } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, cp, mkdir, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { buildClient, hashFile } from './build-client.ts'
import { collectServer } from './collect-server.ts'
import { packageManifest } from './package-manifest.ts'

const repository = fileURLToPath(new URL('../..', import.meta.url))
const dist = join(repository, 'dist')
const manual = join(dist, 'manual')

/** Copied unchanged: path in the repository, path in the package. */
const copied = [
  ['LICENSE', 'LICENSE'],
  // The desk shows what is new.
  ['CHANGELOG.md', 'CHANGELOG.md'],
  ['.env.example', '.env.example'],
  ['packaging/npm/README.md', 'README.md'],
  ['packaging/systemd', 'systemd'],
  ['packaging/npm/stagewatch.js', 'bin/stagewatch.js'],
] as const

/**
 * Writes the content of the npm package into a folder, which must not contain anything that is still needed. Its
 * folders are those of the repository, because the server finds pages, migrations and threads by relative paths.
 * @param stagewatchCommand what users of the package type to run a command.
 * @returns the version of the package.
 */
export async function writePackage(folder: string, stagewatchCommand: string): Promise<string> {
  // Not in client/dist, which a server of this repository may be serving.
  const pages = join(dist, 'client')
  await buildClient({ folder: pages, stagewatchCommand })
  await rm(folder, { recursive: true, force: true })
  const { files, packages } = await collectServer(repository)
  for (const [path, content] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
  await cp(pages, join(folder, 'client/dist'), {
    recursive: true,
    filter: (path) => basename(path) !== hashFile,
  })
  // Without `pnpm docs:manual`, the package has no user guide.
  if (existsSync(manual)) await cp(manual, join(folder, 'dist/manual'), { recursive: true })
  for (const [from, to] of copied) {
    await mkdir(dirname(join(folder, to)), { recursive: true })
    await cp(join(repository, from), join(folder, to), { recursive: true })
  }
  await chmod(join(folder, 'bin/stagewatch.js'), 0o755)
  const manifest = await packageManifest(repository, packages)
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`)
  return manifest.version
}

/** Packs a folder written by `writePackage`. @returns the path of the file. */
export async function packPackage(folder: string, version: string): Promise<string> {
  // The command is a batch file on Windows, which only a shell can run.
  await promisify(exec)('npm pack --pack-destination ..', { cwd: folder })
  return join(dirname(folder), `stagewatch-${version}.tgz`)
}

/** `pnpm package`: makes the file that is published, or installed with `npm install FILE`. */
async function makePackage(): Promise<void> {
  const { values } = parseArgs({ options: { command: { type: 'string', default: 'npx stagewatch' } } })
  await promisify(exec)('pnpm docs:manual', { cwd: repository })
  const folder = join(dist, 'package')
  const file = await packPackage(folder, await writePackage(folder, values.command))
  console.log(relative(repository, file))
}

if (import.meta.main) await makePackage()
