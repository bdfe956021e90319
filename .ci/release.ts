import { execFileSync } from 'node:child_process'
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { notesOf, withDate, withVersion } from './release-texts.ts'

const root = join(import.meta.dirname, '..')
const usage = `usage: node .ci/release.ts                   # makes a version of the changesets, commits and tags; pushes nothing
       node .ci/release.ts --notes VERSION   # prints the notes of a release, from CHANGELOG.md`

/** Files that name the file or image of the current version. */
const naming = ['README.md', 'docs/**/*.md', 'packaging/docker/{Dockerfile,*.yaml}']

function release(): void {
  if (git('status', '--porcelain') !== '') throw new Error('commit or stash your changes first')
  const before = productVersion()
  // Those of a pre-release are in a folder of their own.
  const changesets = globSync('.changeset/{,pre/}*.md', { cwd: root, exclude: ['.changeset/README.md'] })
  if (isTagged(before)) {
    if (changesets.length === 0) throw new Error('there are no changes to release: add one with pnpm changeset')
    makeVersion(before)
  } else if (changesets.length > 0) {
    // The tag would contain changes that its changelog does not describe.
    throw new Error(
      `${before} has no tag yet: tag the commit that it describes, or move the changesets to its changelog`,
    )
  }
  const version = productVersion()
  write('CHANGELOG.md', withDate(read('CHANGELOG.md'), version, new Date().toISOString().slice(0, 10)))
  for (const file of globSync(naming, { cwd: root })) write(file, withVersion(read(file), before, version))
  git('commit', '--all', '--message', `Release ${version}`)
  git('tag', '--annotate', `v${version}`, '--message', `Stagewatch ${version}`)
  console.log(`Tagged v${version}. Check it, then push: git push --follow-tags`)
}

/** Writes the next version into package.json and its changes into CHANGELOG.md, and deletes the changesets. */
function makeVersion(before: string): void {
  const changesets = join(root, 'node_modules/@changesets/cli/bin.js')
  try {
    execFileSync(process.execPath, [changesets, 'version'], { cwd: root, stdio: 'inherit' })
  } catch {
    throw new Error('the changesets cannot be read, for the reason above')
  }
  if (productVersion() !== before) return
  // Changesets without a text say that nothing needs a release.
  git('restore', '.')
  throw new Error('the changesets describe no changes: add one with pnpm changeset')
}

function productVersion(): string {
  return (JSON.parse(read('package.json')) as { version: string }).version
}

function isTagged(version: string): boolean {
  return git('tag', '--list', `v${version}`) !== ''
}

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim()
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}

function write(file: string, text: string): void {
  if (text !== read(file)) writeFileSync(join(root, file), text)
}

try {
  const { values } = parseArgs({ options: { notes: { type: 'string' } } })
  if (values.notes === undefined) release()
  else console.log(notesOf(read('CHANGELOG.md'), values.notes))
} catch (error) {
  const isMisused = error instanceof TypeError && 'code' in error
  console.error(isMisused ? `${error.message}\n${usage}` : error instanceof Error ? error.message : error)
  process.exitCode = 1
}
