import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readFile, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises'
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
    const commit = await git('rev-parse', '--verify', isCommitted ? `${await firstWithNewestMigration()}^1` : 'HEAD')
    return { commit, name: 'before the newest migration' }
  } catch {
    return undefined
  }
}

/** The commit that brought the newest migration, which may have got another number since. */
async function firstWithNewestMigration(): Promise<string> {
  const { entries } = await readJournal()
  const search = `-S${entries.at(-1)?.when}`
  const found = await git('log', '--first-parent', '--reverse', '--format=%H', search, '--', journal)
  const [first] = found.split('\n')
  if (!first) throw new Error('the newest migration is in no commit')
  return first
}

interface Journal {
  readonly entries: readonly { readonly idx: number; readonly when: number; readonly tag: string }[]
}

async function readJournal(): Promise<Journal> {
  return JSON.parse(await readFile(join(root, journal), 'utf8')) as Journal
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
 * they are not in its cache. Nor are they kept for the next run: they link to the packages of this checkout, which may
 * be gone by then.
 * @returns its folder, to be removed by the caller.
 */
export async function unpackVersion({ commit }: PreviousVersion): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'stagewatch-previous-'))
  try {
    const archive = join(folder, 'sources.tar')
    await git('archive', '--output', archive, commit)
    await run('tar', ['-xf', archive, '-C', folder])
    await rm(archive)
    const lockfiles = await Promise.all([root, folder].map((each) => readFile(join(each, 'pnpm-lock.yaml'), 'utf8')))
    if (lockfiles[0] === lockfiles[1]) await linkDependencies(folder)
    else await installDependencies(folder)
    return folder
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

/**
 * A made-up version after this one, with a migration that requires all orders to be folded again.
 * @returns its folder, to be removed by the caller.
 */
export async function makeNextVersion(version: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'stagewatch-next-'))
  for (const part of ['package.json', 'CHANGELOG.md', ...parts]) {
    const filter = (path: string): boolean => !path.includes('node_modules')
    await cp(join(root, part), join(folder, part), { recursive: true, filter })
  }
  await linkDependencies(folder)
  const manifest = await readFile(join(folder, 'package.json'), 'utf8')
  await writeFile(join(folder, 'package.json'), manifest.replace(/"version": "[^"]+"/, `"version": "${version}"`))
  const { entries, ...rest } = JSON.parse(await readFile(join(folder, journal), 'utf8')) as {
    readonly entries: readonly { readonly idx: number; readonly when: number; readonly tag: string }[]
  }
  const last = entries.at(-1)
  if (last === undefined) throw new Error('there are no migrations')
  const next = { ...last, idx: last.idx + 1, when: last.when + 1, tag: '9999_next' }
  await writeFile(join(folder, journal), JSON.stringify({ ...rest, entries: [...entries, next] }))
  const statements = `alter table "visits" add column "next" text;--> statement-breakpoint
update sites set rebuild_version = rules_version;`
  await writeFile(join(folder, 'db/migrations/9999_next.sql'), statements)
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
