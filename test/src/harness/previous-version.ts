import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, readdir, realpath, rename, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const journal = 'db/migrations/meta/_journal.json'
const parts = ['server', 'db', 'shared']
const run = promisify(execFile)

/** A version that companies may be running when they upgrade to this one. */
export interface PreviousVersion {
  readonly commit: string
  /** A tag, or what the version is if there is none. */
  readonly name: string
}

/**
 * Finds the previous version in the Git history: the tag or commit in `STAGEWATCH_PREVIOUS`, else the newest tag
 * before this commit, else the state before the newest migration.
 * @returns undefined where there is no history, as in a package or a shallow clone.
 */
export async function findPreviousVersion(): Promise<PreviousVersion | undefined> {
  try {
    const chosen = process.env['STAGEWATCH_PREVIOUS'] ?? (await previousTag())
    if (chosen !== undefined) return { commit: await git('rev-parse', `${chosen}^{commit}`), name: chosen }
    const isCommitted = (await git('status', '--porcelain', '--', journal)) === ''
    const changed = await git('log', '-1', '--first-parent', '--format=%H', '--', journal)
    const commit = await git('rev-parse', '--verify', isCommitted ? `${changed}^1` : 'HEAD')
    return { commit, name: 'before the newest migration' }
  } catch {
    return undefined
  }
}

async function previousTag(): Promise<string | undefined> {
  const head = await git('rev-parse', 'HEAD')
  const tags = await git('tag', '--list', 'v*', '--merged', 'HEAD', '--sort=-version:refname')
  for (const tag of tags.split('\n').filter((each) => each !== '')) {
    if ((await git('rev-parse', `${tag}^{commit}`)) !== head) return tag
  }
  return undefined
}

/**
 * Unpacks the sources of a version, with its dependencies. Node does not run TypeScript in a folder `node_modules`, so
 * they are not in its cache.
 * @returns the folder. It is kept for the next test run.
 */
export async function unpackVersion({ commit }: PreviousVersion): Promise<string> {
  const folder = join(tmpdir(), `stagewatch-versions-${process.getuid?.() ?? 0}`, commit)
  if (existsSync(folder)) return folder
  await mkdir(join(folder, '..'), { recursive: true })
  const draft = await mkdtemp(`${folder}.`)
  try {
    const archive = join(draft, 'sources.tar')
    await git('archive', '--output', archive, commit)
    await run('tar', ['-xf', archive, '-C', draft])
    await rm(archive)
    const lockfiles = await Promise.all([root, draft].map((each) => readFile(join(each, 'pnpm-lock.yaml'), 'utf8')))
    if (lockfiles[0] === lockfiles[1]) await linkDependencies(draft)
    else await installDependencies(draft)
    await rename(draft, folder)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    throw error
  }
  return folder
}

/** The installed packages of this repository; those of the workspace are the ones of that version. */
async function linkDependencies(folder: string): Promise<void> {
  for (const importer of parts) {
    const installed = join(root, importer, 'node_modules')
    for (const name of await packagesIn(installed)) {
      const link = join(folder, importer, 'node_modules', name)
      const target = await realpath(join(installed, name))
      const part = relative(root, target)
      await mkdir(dirname(link), { recursive: true })
      await symlink(parts.includes(part) ? relative(dirname(link), join(folder, part)) : target, link)
    }
  }
}

async function packagesIn(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return []
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.'))
  const scoped = names.map(async (name) =>
    name.startsWith('@') ? (await readdir(join(folder, name))).map((each) => `${name}/${each}`) : [name],
  )
  return (await Promise.all(scoped)).flat()
}

async function installDependencies(folder: string): Promise<void> {
  const args = ['--yes', 'pnpm@12', 'install', '--frozen-lockfile', '--ignore-scripts', '--prefer-offline']
  await run('npx', args, { cwd: folder, env: { ...process.env, CI: '1' }, shell: process.platform === 'win32' })
}

async function git(...args: string[]): Promise<string> {
  const { stdout } = await run('git', args, { cwd: root })
  return stdout.trim()
}
