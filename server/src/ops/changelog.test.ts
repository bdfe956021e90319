import { readFileSync } from 'node:fs'
import { productVersion } from '@stagewatch/db/product-version.ts'
import { expect, it } from 'vitest'
import { parseChangelog, releasesSince } from './changelog.ts'

const text = `# Changelog

Some words.

## 0.3.0 - 2027-03-01

### Wall

- Rows are calmer
- \`two\` **things**
  in two lines

## 0.2.0 - 2027-02-01

Becomes quicker.

### Added

- Export

## 0.1.0

### Added

- All
`

it('a changelog is read by release and section', () => {
  expect(parseChangelog(text)).toEqual([
    {
      version: '0.3.0',
      date: '2027-03-01',
      sections: [{ title: 'Wall', entries: ['Rows are calmer', '`two` **things** in two lines'] }],
    },
    { version: '0.2.0', date: '2027-02-01', sections: [{ title: 'Added', entries: ['Export'] }] },
    { version: '0.1.0', sections: [{ title: 'Added', entries: ['All'] }] },
  ])
})

it.each([
  ['0.3.0', '0.1.0', ['0.3.0', '0.2.0']],
  ['0.2.0', '0.1.0', ['0.2.0']],
  ['0.2.0', undefined, ['0.2.0']],
  ['0.3.0', '0.3.0', []],
])('what is new in %s after %s are the releases in between', (current, since, expected) => {
  expect(releasesSince(parseChangelog(text), current, since).map(({ version }) => version)).toEqual(expected)
})

it('the changelog of this version can be read, and says something about it', () => {
  const releases = parseChangelog(readFileSync(new URL('../../../CHANGELOG.md', import.meta.url), 'utf8'))
  const [newest] = releasesSince(releases, productVersion)
  expect(newest?.sections.length).toBeGreaterThan(0)
  expect(newest?.sections.every(({ entries }) => entries.length > 0)).toBe(true)
})
