import { expect, it } from 'vitest'
import { linkToken, safeNext } from './link-address.ts'

it('the token of a link stands behind its hash', () => {
  expect(linkToken('#token=abc-_1')).toBe('abc-_1')
})

it('a link without one has none', () => {
  expect(linkToken('')).toBeUndefined()
  expect(linkToken('#top')).toBeUndefined()
})

it('a path of this server is followed, its question included', () => {
  expect(safeNext('/pair?code=BCDFGHJK')).toBe('/pair?code=BCDFGHJK')
})

it('dots in a path are resolved before it is followed', () => {
  expect(safeNext('/pair/../people#all')).toBe('/people#all')
})

it.each([
  undefined,
  '',
  'evil.example',
  'https://evil.example',
  'javascript:alert(1)',
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/\r\\evil.example',
  '\t//evil.example',
  ' //evil.example',
  '/\0/evil.example',
  '/.//evil.example',
  '/a/..//evil.example',
  '/%09/evil.example',
  '/%2f/evil.example',
  '/%5Cevil.example',
  '/%2e//evil.example',
  '/%2E%2e//evil.example',
  '/\u2215evil.example',
  '/\uff0fevil.example',
  '\uff0f\uff0fevil.example',
  '/\u3000/evil.example',
  '/\u200b/evil.example',
])('no address of somebody else is followed: %j', (next) => {
  expect(safeNext(next)).toBe('/home')
})
