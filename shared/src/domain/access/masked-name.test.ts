import { expect, it } from 'vitest'
import { maskedName } from './masked-name.ts'

it.each([
  ['华辰重工集团', '华辰**'],
  ['Acme Motors', 'Ac**'],
  ['华辰', '华**'],
  ['华', '**'],
  ['', '**'],
  ['👩‍🏭👩‍🏭 Works', '👩‍🏭👩‍🏭**'],
])('the name %j is shown as %j', (name, masked) => {
  expect(maskedName(name)).toBe(masked)
})
