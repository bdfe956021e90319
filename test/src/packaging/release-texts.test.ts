import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { notesOf, releasedChangelog, requireNext, withVersion } from '../../../.ci/release-texts.ts'

const root = join(import.meta.dirname, '../../..')
const changelog = `# Changelog

## [Unreleased]

### Wall

- Calmer rows

## [0.2.0] - 2027-02-01

### Added

- Export
`

describe('a release', () => {
  it.each(['1.2.4', '1.3.0', '2.0.0', '1.3.0-beta.1'])('%s may follow 1.2.3', (version) => {
    expect(() => requireNext(version, '1.2.3', true)).not.toThrow()
  })

  it.each(['1.2.3', '1.2.5', '1.4.0', '1.2', 'v1.3.0', '3.0.0'])('%s may not', (version) => {
    expect(() => requireNext(version, '1.2.3', true)).toThrow(/use 1\.2\.4, 1\.3\.0, 2\.0\.0/)
  })

  it('may have the version of package.json while that has no tag', () => {
    expect(() => requireNext('0.1.0', '0.1.0', false)).not.toThrow()
  })

  it('has the changes since the last one, and leaves an empty section for the next', () => {
    const released = releasedChangelog(changelog, '0.3.0', '2027-03-01')
    expect(released).toContain('## [Unreleased]\n\n## [0.3.0] - 2027-03-01\n\n### Wall\n\n- Calmer rows\n\n## [0.2.0]')
    expect(notesOf(released, '0.3.0')).toBe('### Wall\n\n- Calmer rows')
    expect(notesOf(released, '0.2.0')).toBe('### Added\n\n- Export')
    expect(() => notesOf(released, '0.2')).toThrow('no release 0.2')
    expect(() => releasedChangelog(released, '0.4.0', '2027-04-01')).toThrow('no changes')
  })

  it('is named in files and images, and nothing else changes', () => {
    expect(withVersion('stagewatch-0.1.0.tgz stagewatch:0.1.0 PostgreSQL 0.1.0', '0.1.0', '0.2.0')).toBe(
      'stagewatch-0.2.0.tgz stagewatch:0.2.0 PostgreSQL 0.1.0',
    )
  })
})

it('the documents and containers name the version of package.json', () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  const files = globSync(['README.md', 'docs/**/*.md', 'packaging/docker/{Dockerfile,*.yaml}'], { cwd: root })
  const named = files.flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/stagewatch[-:](\d+\.\d+\.\d+)|ARG VERSION=(.+)/g)].map(
      (found) => ({ file, version: found[1] ?? found[2] }),
    ),
  )
  expect(named.length).toBeGreaterThan(10)
  expect(named.filter((each) => each.version !== version)).toEqual([])
})
