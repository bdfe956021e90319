import { expect, it } from 'vitest'
import { compareVersions } from './compare-versions.ts'

const ascending = ['0.1.0-beta', '0.1.0', '0.1.9', '0.1.10', '0.2.0-alpha', '0.2.0-beta', '0.2.0', '1.0.0', '10.0.0']

it('versions are in the order of their releases', () => {
  expect(ascending.toReversed().toSorted(compareVersions)).toEqual(ascending)
  for (const version of ascending) expect(compareVersions(version, `${version}+build.7`)).toBe(0)
})

it.each(['', 'unknown', '1.2', 'v1.2.3'])('%j is no version, and neither older nor newer', (version) => {
  expect(compareVersions(version, '1.0.0')).toBe(0)
  expect(compareVersions('1.0.0', version)).toBe(0)
})
