import { execFile } from 'node:child_process'
import { cpSync, globSync, readFileSync } from 'node:fs'
import { appendFile, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parseChangelog } from '@stagewatch/server/ops/changelog.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const run = promisify(execFile)
const naming = ['README.md', 'docs/**/*.md', 'packaging/docker/{Dockerfile,*.yaml}']
/** Neither the settings nor the hooks of whoever runs the tests. */
const env = {
  ...process.env,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Maintainer',
  GIT_AUTHOR_EMAIL: 'maintainer@example.com',
  GIT_COMMITTER_NAME: 'Maintainer',
  GIT_COMMITTER_EMAIL: 'maintainer@example.com',
}
const today = /^\d{4}-\d\d-\d\d$/

/** A repository with the files of this one that a release reads or writes, and nothing released yet. */
let clone: string

beforeEach(async () => {
  clone = await mkdtemp(join(tmpdir(), 'stagewatch-release-'))
  const manifests = ['*', '.'].map((folder) => `${folder}/package.json`)
  const files = ['pnpm-workspace.yaml', 'CHANGELOG.md', '.ci/*.ts', '.changeset/*', ...manifests, ...naming]
  for (const file of globSync(files, { cwd: root })) cpSync(join(root, file), join(clone, file), { recursive: true })
  await symlink(join(root, 'node_modules'), join(clone, 'node_modules'))
  await writeFile(join(clone, '.gitignore'), 'node_modules\n')
  await git('init', '--quiet', '--initial-branch', 'main')
  await commit('Begin')
})

afterEach(() => rm(clone, { recursive: true, force: true }))

async function git(...args: string[]): Promise<string> {
  const { stdout } = await run('git', args, { cwd: clone, env })
  return stdout.trim()
}

async function commit(subject: string): Promise<void> {
  await git('add', '--all')
  await git('commit', '--quiet', '--message', subject)
}

async function release(...args: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, ['.ci/release.ts', ...args], { cwd: clone, env })
  return stdout
}

async function changeset(...args: string[]): Promise<void> {
  await run(process.execPath, [join(root, 'node_modules/@changesets/cli/bin.js'), ...args], { cwd: clone, env })
}

async function addChangeset(kind: 'patch' | 'minor', text: string): Promise<void> {
  await changeset('add', '--message', text, `--${kind}`, 'stagewatch')
  await commit(text.slice(0, 20))
}

async function read(file: string): Promise<string> {
  return readFile(join(clone, file), 'utf8')
}

function version(text: string): string {
  return (JSON.parse(text) as { version: string }).version
}

/** The releases of the clone, as the product reads them. */
async function releases(): Promise<ReturnType<typeof parseChangelog>> {
  return parseChangelog(await read('CHANGELOG.md'))
}

/** Deletes changesets of this repository and sets the tag of its version, so that a test begins after a release. */
async function beginAfterRelease(): Promise<string> {
  for (const file of globSync('.changeset/*.md', { cwd: clone, exclude: ['.changeset/README.md'] })) {
    await rm(join(clone, file))
  }
  if ((await git('status', '--porcelain')) !== '') await commit('Begin without changesets')
  const current = version(await read('package.json'))
  await git('tag', `v${current}`)
  return current
}

describe('a release', () => {
  it('makes the next version of the changesets, with changelog, file names, commit, tag and notes', async () => {
    const before = await beginAfterRelease()
    await addChangeset('patch', 'Walls keep their scene after a reload')
    await addChangeset('minor', '**Alerts**: a rule can name a deputy.\nServers of the previous version ignore it')
    await release()

    const [major = 0, minor = 0] = before.split('.').map(Number)
    const next = `${major}.${minor + 1}.0`
    expect(version(await read('package.json'))).toBe(next)
    const [newest, previous] = await releases()
    expect(newest).toEqual({
      version: next,
      date: expect.stringMatching(today) as string,
      sections: [
        {
          title: 'Minor Changes',
          entries: ['**Alerts**: a rule can name a deputy. Servers of the previous version ignore it'],
        },
        { title: 'Patch Changes', entries: ['Walls keep their scene after a reload'] },
      ],
    })
    expect(previous?.version).toBe(before)
    expect(await readdir(join(clone, '.changeset'))).toEqual(['README.md', 'config.json'])
    expect(await read('README.md')).toContain(`stagewatch-${next}.tgz`)
    expect(await read('packaging/docker/Dockerfile')).toContain(`ARG VERSION=${next}`)
    expect(await git('log', '-1', '--format=%s')).toBe(`Release ${next}`)
    expect(await git('status', '--porcelain')).toBe('')
    expect(await git('cat-file', '-t', `v${next}`)).toBe('tag')
    expect(await git('rev-parse', `v${next}^{commit}`)).toBe(await git('rev-parse', 'HEAD'))
    expect(await release('--notes', next)).toBe(`### Minor Changes

- **Alerts**: a rule can name a deputy.
  Servers of the previous version ignore it

### Patch Changes

- Walls keep their scene after a reload
`)
  })

  it('of the version that has no tag yet dates its changes and tags it', async () => {
    const current = await beginAfterRelease()
    await git('tag', '--delete', `v${current}`)
    const changelog = await read('CHANGELOG.md')
    await writeFile(join(clone, 'CHANGELOG.md'), changelog.replace(/^## \d\S*.*$/m, `## ${current}`))
    if ((await git('status', '--porcelain')) !== '') await commit('Without a date')
    await release()
    const [newest] = await releases()
    expect(newest).toMatchObject({ version: current, date: expect.stringMatching(today) as string })
    expect(await git('describe', '--exact-match')).toBe(`v${current}`)
  })

  it('can be preceded by a pre-release', async () => {
    await beginAfterRelease()
    await addChangeset('minor', 'A new figure')
    await changeset('pre', 'enter', 'beta')
    await commit('Begin a pre-release')
    await release()
    await changeset('pre', 'exit')
    await commit('End the pre-release')
    await release()
    const [final, beta] = await releases()
    expect(beta?.version).toBe(`${final?.version}-beta.0`)
    expect(final?.sections).toEqual([{ title: 'Minor Changes', entries: ['A new figure'] }])
    expect(await read('README.md')).toContain(`stagewatch-${final?.version}.tgz`)
  })

  it('that is not possible says why and changes nothing', async () => {
    const current = await beginAfterRelease()
    await expect(release()).rejects.toThrow('there are no changes to release: add one with pnpm changeset')
    await addChangeset('patch', 'A correction')
    await git('tag', '--delete', `v${current}`)
    await expect(release()).rejects.toThrow(`${current} has no tag yet`)
    await git('tag', `v${current}`)
    await appendFile(join(clone, 'README.md'), 'A change.\n')
    await expect(release()).rejects.toThrow('commit or stash your changes first')
    await git('restore', '.')
    await writeFile(join(clone, '.changeset/misspelled.md'), '---\nstagewatsch: patch\n---\n\nA correction\n')
    await commit('Misspell')
    await expect(release()).rejects.toMatchObject({ stdout: expect.stringContaining('stagewatsch') as string })
    expect(await git('status', '--porcelain')).toBe('')
    expect(await git('tag')).toBe(`v${current}`)
    await expect(release('--notes', '0.0.1')).rejects.toThrow('CHANGELOG.md has no release 0.0.1')
    await expect(release('0.2.0')).rejects.toThrow('usage: node .ci/release.ts')
  })

  it('of changesets without a change leaves them', async () => {
    await beginAfterRelease()
    await writeFile(join(clone, '.changeset/nothing.md'), '---\n---\n')
    await commit('Need no release')
    await expect(release()).rejects.toThrow('the changesets describe no changes')
    expect(await git('status', '--porcelain')).toBe('')
  })
})

it('the changesets of this repository make a version', async () => {
  await addChangeset('patch', 'A correction')
  await changeset('version')
  expect(version(await read('package.json'))).not.toBe(version(await git('show', 'HEAD:package.json')))
})

it('the documents and containers name the version of package.json', () => {
  const current = version(readFileSync(join(root, 'package.json'), 'utf8'))
  const named = globSync(naming, { cwd: root }).flatMap((file) =>
    [
      ...readFileSync(join(root, file), 'utf8').matchAll(
        /stagewatch[-_:](\d+\.\d+\.\d+(?:-[a-z]+\.\d+)?)|ARG VERSION=(.+)/g,
      ),
    ].map((found) => ({ file, version: found[1] ?? found[2] })),
  )
  expect(named.length).toBeGreaterThan(10)
  expect(named.filter((each) => each.version !== current)).toEqual([])
})
