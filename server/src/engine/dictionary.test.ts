import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Dictionary, otherNames } from './dictionary.ts'
import { propertyRuns } from '@stagewatch/shared/domain/testing/property-runs.ts'

test('every text keeps its number, and every number returns its text', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 3 })), (texts) => {
      const dictionary = new Dictionary(1_000)
      const distinct = [...new Set(texts)]
      for (const text of texts) expect(dictionary.idOf(text)).toBe(distinct.indexOf(text))
      expect(distinct.map((_text, id) => dictionary.textOf(id))).toEqual(distinct)
      expect(dictionary.size).toBe(distinct.length)
    }),
    propertyRuns,
  )
})

test('looking for a text does not add it', () => {
  const dictionary = new Dictionary(1_000)
  expect(dictionary.find('packing')).toBeUndefined()
  dictionary.idOf('packing')
  expect(dictionary.find('packing')).toBe(0)
  expect(dictionary.size).toBe(1)
  expect(() => dictionary.textOf(1)).toThrow(RangeError)
})

test('texts beyond the limit share one number, and those from before keep theirs', () => {
  const dictionary = new Dictionary(3)
  expect(['a', 'b', 'c', 'd', 'a'].map((text) => dictionary.idOf(text))).toEqual([0, 1, 2, 2, 0])
  expect(dictionary.textOf(2)).toBe(otherNames)
  expect(dictionary.find('c')).toBeUndefined()
  expect(dictionary.usage).toEqual({ size: 3, limit: 3 })
})
