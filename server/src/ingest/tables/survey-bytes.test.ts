import { describe, expect, test } from 'vitest'
import { surveyBytes } from './detect-encoding.ts'
import { bytePieces } from './testing/byte-pieces.ts'

async function encodingOf(...pieces: readonly (string | Uint8Array)[]) {
  const { encoding } = await surveyBytes(bytePieces(...pieces), undefined)
  return encoding && `${encoding.name} ${encoding.certainty}`
}

/** A hundred bytes, of which these are NUL. */
function withNul(...places: readonly number[]): Buffer {
  const bytes = Buffer.alloc(100, 'a')
  for (const place of places) bytes[place] = 0
  return bytes
}

const places = (count: number, first: number) => Array.from({ length: count }, (_, i) => first + 2 * i)

describe('UTF-16', () => {
  test('is known by its mark', async () => {
    expect(await encodingOf(Buffer.of(0xff, 0xfe, 0x41, 0x00))).toBe('utf-16le marked')
    expect(await encodingOf(Buffer.of(0xfe, 0xff, 0x00, 0x41))).toBe('utf-16be marked')
    expect(await encodingOf(Buffer.of(0xff, 0x41, 0xfe, 0x41))).not.toContain('utf-16')
    // A mark in the middle of a file is none.
    expect(await encodingOf('a', Buffer.of(0xff, 0xfe, 0x41))).not.toContain('utf-16')
  })

  test('is known by the NUL bytes of a tenth of its characters, which are all on one side', async () => {
    expect(await encodingOf(withNul(...places(6, 1)))).toBe('utf-16le likely')
    expect(await encodingOf(withNul(...places(6, 0)))).toBe('utf-16be likely')
    expect(await encodingOf(withNul(...places(5, 1)))).toBeUndefined()
    expect(await encodingOf(withNul(...places(5, 0)))).toBeUndefined()
    expect(await encodingOf(withNul(...places(41, 1), 0, 2))).toBe('utf-16le likely')
    expect(await encodingOf(withNul(...places(40, 1), 0, 2))).toBeUndefined()
    expect(await encodingOf(withNul(...places(41, 0), 1, 3))).toBe('utf-16be likely')
    expect(await encodingOf(withNul(...places(40, 0), 1, 3))).toBeUndefined()
  })
})

test('a text may have two NUL bytes in a hundred, in any of its pieces', async () => {
  expect(await encodingOf(withNul(1, 2))).toBe('utf-8 valid')
  expect(await encodingOf(withNul(1, 2, 4))).toBeUndefined()
  expect(await encodingOf(withNul(), withNul(1, 2, 4, 5))).toBe('utf-8 valid')
  expect(await encodingOf(withNul(1, 2), withNul(1, 2, 4))).toBeUndefined()
})

describe('UTF-8', () => {
  test('is valid wherever its characters are cut', async () => {
    const bytes = Buffer.from('aé€😀b')
    for (let i = 0; i <= bytes.length; i++)
      for (let j = i; j <= bytes.length; j++)
        expect([i, j, await encodingOf(bytes.subarray(0, i), bytes.subarray(i, j), bytes.subarray(j))]).toEqual([
          i,
          j,
          'utf-8 valid',
        ])
  })

  test('is not valid if a character is missing a byte', async () => {
    for (const char of ['é', '€', '😀']) {
      const bytes = Buffer.from(char)
      expect([char, await encodingOf(bytes.subarray(0, -1))]).not.toEqual([char, 'utf-8 valid'])
      expect([char, await encodingOf(bytes.subarray(1))]).not.toEqual([char, 'utf-8 valid'])
      expect([char, await encodingOf(bytes.subarray(0, -1), 'abc')]).not.toEqual([char, 'utf-8 valid'])
      expect([char, await encodingOf('ab', bytes.subarray(0, -1), bytes)]).not.toEqual([char, 'utf-8 valid'])
    }
    expect(await encodingOf(Buffer.of(0xff), 'valid again')).not.toBe('utf-8 valid')
  })
})

test('an encoding that was chosen is not doubted', async () => {
  const { encoding } = await surveyBytes(bytePieces(withNul(1, 2, 4)), 'gb18030')
  expect(encoding).toEqual({ name: 'gb18030', certainty: 'chosen' })
})

test.for([
  ['in the first piece', ['a"', 'b'], true],
  ['in the last one', ['a', '"b'], true],
  ['nowhere', ['a', "'b'"], false],
] as const)('quotes %s are noticed', async ([, pieces, hasQuotes]) => {
  expect(await surveyBytes(bytePieces(...pieces), undefined)).toMatchObject({ hasQuotes })
  expect(await surveyBytes(bytePieces(...pieces), 'gb18030')).toMatchObject({ hasQuotes })
})
