import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { normalIdentifier } from './identifier.ts'
import { propertyRuns } from './testing/property-runs.ts'

test('full-width, composed and padded spellings are the same identifier', () => {
  expect(normalIdentifier('ＳＯ－１')).toBe('SO-1')
  expect(normalIdentifier('Cafe\u0301')).toBe(normalIdentifier('Caf\u00E9'))
  expect(normalIdentifier(' \u3000SO-1\u00A0')).toBe('SO-1')
})

test('upper and lower case are different identifiers', () => {
  expect(normalIdentifier('so-1')).not.toBe(normalIdentifier('SO-1'))
})

test.for([
  '包装',
  '𠮷野家',
  '📦订单',
  'طلب',
  '<img src=x onerror=alert(1)>',
  '=HYPERLINK("x")',
  "'; drop table ord; --",
])('%s is kept as it is', (text) => {
  expect(normalIdentifier(text)).toBe(text)
})

test.for([
  ['NUL', 'a\0b'],
  ['a line break', 'SO-1\r\nlevel=error'],
  ['a line break at its end', 'SO-1\n'],
  ['a tab', 'a\tb'],
  ['a control of the second row', 'a\u0085b'],
  ['half a surrogate pair', 'a\uD800b'],
  ['a right-to-left override', 'a\u202Eb'],
  ['an isolate', 'a\u2066b'],
  ['a zero-width space', 'a\u200Bb'],
  ['a right-to-left mark', 'a\u200Fb'],
  ['a byte order mark', '\uFEFFa'],
  ['a line separator', 'a\u2028b'],
])('a text with %s is no identifier', ([, text]) => {
  expect(normalIdentifier(text!)).toBeUndefined()
})

test('the normal form is its own normal form', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const normal = normalIdentifier(text)
      expect(normal === undefined ? undefined : normalIdentifier(normal)).toBe(normal)
    }),
    propertyRuns,
  )
})
