import { execFileSync } from 'node:child_process'
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { notesOf, releasedChangelog, requireNext, withVersion } from './release-texts.ts'

const root = join(import.meta.dirname, '..')
const usage = `usage: node .ci/release.ts VERSION      # changes the files of this clone, commits and tags; pushes nothing
       node .ci/release.ts --notes VERSION   # prints the notes of a release, from CHANGELOG.md`

/** Files that name the file or image of the current version. */
const naming = ['README.md', 'docs/**/*.md', 'packaging/docker/{Dockerfile,*.yaml}']

function release(version: string): void {
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim()
  if (git('status', '--porcelain') !== '') throw new Error('commit or stash your changes first')
  const manifest = JSON.parse(read('package.json')) as { version: string }
  const hasTag = git('tag', '--list', `v${manifest.version}`) !== ''
  requireNext(version, manifest.version, hasTag)
  const date = new Date().toISOString().slice(0, 10)
  write('CHANGELOG.md', releasedChangelog(read('CHANGELOG.md'), version, date))
  write('package.json', read('package.json').replace(`"version": "${manifest.version}"`, `"version": "${version}"`))
  for (const file of globSync(naming, { cwd: root })) write(file, withVersion(read(file), manifest.version, version))
  git('commit', '--all', '--message', `Release ${version}`)
  git('tag', '--annotate', `v${version}`, '--message', `Stagewatch ${version}`)
  console.log(`Tagged v${version}. Check it, then push: git push --follow-tags`)
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}

function write(file: string, text: string): void {
  if (text !== read(file)) writeFileSync(join(root, file), text)
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { notes: { type: 'boolean' } } })
const [version, ...rest] = positionals
try {
  if (version === undefined || rest.length > 0) throw new Error(usage)
  if (values.notes === true) console.log(notesOf(read('CHANGELOG.md'), version))
  else release(version)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
