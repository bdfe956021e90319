import { execFile } from 'node:child_process'
import { chmod, cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { packPackage, writePackage } from './make-package.ts'

const repository = fileURLToPath(new URL('../..', import.meta.url))
const run = promisify(execFile)
const maxOutputBytes = 16 * 1024 * 1024

/** Where the parts of the package are installed, all of them relative to the root of the file system. */
const place = {
  program: 'opt/stagewatch/bin/stagewatch',
  node: 'opt/stagewatch/bin/node',
  modules: 'opt/stagewatch/lib/node_modules/stagewatch',
  command: 'usr/bin/stagewatch',
  unit: 'usr/lib/systemd/system/stagewatch.service',
  settings: 'etc/stagewatch/stagewatch.env',
} as const

/** Libraries of the Node that the package brings, and what the scripts of the package call. */
const dependencies = ['adduser', 'init-system-helpers (>= 1.54)', 'libatomic1', 'libc6 (>= 2.28)', 'libstdc++6 (>= 9)']

/**
 * Installs the npm package, with its dependencies and its Node, into a folder with the layout of the file system, for
 * the platform of this machine. The unit, the settings and the user are those of an installation by hand.
 * @param folder must not contain anything that is still needed.
 */
export async function stageDebianFiles(folder: string): Promise<void> {
  const staged = `${folder}-npm/package`
  await rm(folder, { recursive: true, force: true })
  const file = await packPackage(staged, await writePackage(staged, 'sudo stagewatch'))
  const prefix = join(folder, 'opt/stagewatch')
  await mkdir(prefix, { recursive: true })
  const options = ['install', '--global', '--no-audit', '--no-fund', '--ignore-scripts']
  await run('npm', [...options, '--prefix', prefix, file], { maxBuffer: maxOutputBytes })
  await rm(dirname(staged), { recursive: true })
  await placeNode(folder)

  for (const [source, target] of [
    ['packaging/debian/stagewatch', place.command],
    ['packaging/systemd/stagewatch.service', place.unit],
    ['packaging/systemd/stagewatch.env', place.settings],
    ['LICENSE', 'usr/share/doc/stagewatch/copyright'],
  ] as const) {
    await mkdir(dirname(join(folder, target)), { recursive: true })
    await cp(join(repository, source), join(folder, target))
  }
  await chmod(join(folder, place.command), 0o755)
}

/** Moves the Node of the npm package to its own place, where the program finds it whatever the machine has. */
async function placeNode(folder: string): Promise<void> {
  const manifest = await readManifest(folder)
  for (const build of Object.keys(manifest.optionalDependencies)) {
    const installed = join(folder, place.modules, 'node_modules', build)
    const moved = await rename(join(installed, 'bin/node'), join(folder, place.node)).then(
      () => true,
      () => false,
    )
    if (!moved) continue
    await rm(installed, { recursive: true })
    await rm(join(folder, place.program))
    const program = `/${place.modules}/bin/stagewatch.js`
    await writeFile(join(folder, place.program), `#!/bin/sh\nexec /${place.node} ${program} "$@"\n`, { mode: 0o755 })
    return
  }
  throw new Error('npm has installed no build of Node for this platform')
}

/** Packs what `stageDebianFiles` has written. @returns the path of the file, which is in `target`. */
export async function packDebianFiles(folder: string, target: string): Promise<string> {
  const control = join(folder, 'DEBIAN')
  await mkdir(control, { recursive: true })
  const { stdout: architecture } = await run('dpkg', ['--print-architecture'])
  const { version, description } = await readManifest(folder)
  const { stdout: size } = await run('du', ['--summarize', '--block-size=1024', '--exclude=DEBIAN', folder])
  // Before the version itself, as Debian sorts versions.
  const debianVersion = version.replace('-', '~')
  const fields = {
    Package: 'stagewatch',
    Version: debianVersion,
    Architecture: architecture.trim(),
    Maintainer: 'Stagewatch contributors <contributors@stagewatch.invalid>',
    'Installed-Size': Number.parseInt(size, 10),
    Depends: dependencies.join(', '),
    Suggests: 'postgresql',
    Section: 'web',
    Priority: 'optional',
    Description: description.replace(/\.$/, ''),
  }
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\n`)
  await writeFile(join(control, 'control'), lines.join(''))
  // An upgrade asks before it replaces settings that were changed.
  await writeFile(join(control, 'conffiles'), `/${place.settings}\n`)
  for (const script of ['postinst', 'prerm', 'postrm']) {
    await cp(join(repository, 'packaging/debian', script), join(control, script))
    await chmod(join(control, script), 0o755)
  }
  const file = join(target, `stagewatch_${debianVersion}_${architecture.trim()}.deb`)
  await mkdir(target, { recursive: true })
  // Whoever builds it may have an umask with which the user of the service could not read the files.
  await run('chmod', ['--recursive', 'u=rwX,go=rX', folder])
  // Compressed in a seventh of the time that xz takes, for a tenth more bytes.
  await run('dpkg-deb', ['--root-owner-group', '-Zzstd', '-z9', '--build', folder, file])
  return file
}

interface PackageManifest {
  readonly version: string
  readonly description: string
  readonly optionalDependencies: Readonly<Record<string, string>>
}

async function readManifest(folder: string): Promise<PackageManifest> {
  return JSON.parse(await readFile(join(folder, place.modules, 'package.json'), 'utf8')) as PackageManifest
}

/** `pnpm package:debian`: makes a package for Debian and Ubuntu, for the architecture of this machine. */
async function makeDebianPackage(): Promise<void> {
  await run('pnpm', ['docs:manual'], { cwd: repository, maxBuffer: maxOutputBytes })
  const folder = join(repository, 'dist/debian')
  await stageDebianFiles(folder)
  console.log(relative(repository, await packDebianFiles(folder, join(repository, 'dist'))))
}

if (import.meta.main) await makeDebianPackage()
