import { describe, expect, test } from 'vitest'
import type { FoundEncoding } from './byte-patterns.ts'
import { BytePatterns } from './byte-patterns.ts'

/** Estimates the encoding of words of these bytes, each followed by a blank. */
function estimate(words: readonly (readonly number[])[]): FoundEncoding {
  const patterns = new BytePatterns()
  patterns.add(Buffer.from(words.flatMap((word) => [...word, 0x20])))
  return patterns.estimate()
}

type Pair = readonly [lead: number, trail: number]

function pairs(leads: readonly number[], firstTrail: number, lastTrail: number): Pair[] {
  return leads.flatMap((lead) =>
    Array.from({ length: lastTrail - firstTrail + 1 }, (_, i): Pair => [lead, firstTrail + i]),
  )
}

/** Common characters of each encoding that are rarer in all others. */
const typical: Readonly<Record<string, readonly Pair[]>> = {
  gb18030: pairs([0xd2, 0xd3], 0xe1, 0xfe),
  big5: pairs([0xa4, 0xa5], 0x40, 0x5d),
  'euc-kr': pairs([0xc7, 0xc8], 0xe1, 0xfe),
  'euc-jp': pairs([0xa4, 0xa5], 0xc1, 0xde),
  shift_jis: pairs([0x88, 0x89], 0xe0, 0xfc),
}

/** Whether a text is still likely to be in the encoding when it contains the word `parts` times in a hundred. */
function isLikely(encoding: string, word: readonly number[], parts: number): boolean {
  const usual = typical[encoding] ?? []
  const words = Array.from({ length: 600 }, (_, i) => (i % 100 < parts ? word : (usual[i % usual.length] ?? [])))
  const found = estimate(words)
  return found.name === encoding && found.certainty === 'likely'
}

/**
 * How common a character is: half of a text may consist of common ones, a quarter of others, a twentieth of rare ones,
 * and of those that are none hardly any.
 */
function kindOf(encoding: string, word: readonly number[]): string {
  if (isLikely(encoding, word, 50)) return 'common'
  if (isLikely(encoding, word, 25)) return 'other'
  return isLikely(encoding, word, 5) ? 'rare' : 'none'
}

describe('of two bytes', () => {
  test.for<readonly [encoding: string, kind: string, words: readonly Pair[]]>([
    // GB2312 has its common characters in rows B0 to D7, others up to F7, and symbols in A1 and A3.
    ['gb18030', 'common', [[0xb0, 0xe1], [0xd7, 0xe1], [0xa1, 0xe1], [0xa3, 0xe1], [0xd2, 0xa1]]], // prettier-ignore
    ['gb18030', 'other', [[0xd8, 0xe1], [0xf7, 0xe1]]], // prettier-ignore
    ['gb18030', 'rare', [[0xaf, 0xe1], [0xf8, 0xe1], [0xa2, 0xe1], [0xa4, 0xe1], [0x81, 0xe1], [0xd2, 0xa0], [0xd2, 0x40], [0xfe, 0xfe]]], // prettier-ignore
    ['gb18030', 'none', [[0xd2, 0x3f], [0xd2, 0x7f], [0xd2, 0xff], [0x80, 0x41]]], // prettier-ignore
    // Big5 has its common characters in rows A4 to C6, others up to F9, and symbols in A1 to A3.
    ['big5', 'common', [[0xa1, 0x40], [0xc6, 0x40], [0xa4, 0x7e], [0xa4, 0xa1]]], // prettier-ignore
    ['big5', 'other', [[0xc7, 0x40], [0xf9, 0x40]]], // prettier-ignore
    ['big5', 'none', [[0xa0, 0x40], [0xfa, 0x40], [0xa4, 0x7f], [0xa4, 0x80], [0xa4, 0xa0]]], // prettier-ignore
    // Hangul is in rows B0 to C8, and symbols are in A1 and A3.
    ['euc-kr', 'common', [[0xb0, 0xe1], [0xc8, 0xa1], [0xa1, 0xe1], [0xa3, 0xe1]]], // prettier-ignore
    ['euc-kr', 'rare', [[0xaf, 0xe1], [0xc9, 0xe1], [0xa2, 0xe1], [0xc8, 0xa0]]], // prettier-ignore
    // Kana are in rows A4 and A5, symbols in A1 and A3, common characters in B0 to CF, others up to F4.
    ['euc-jp', 'common', [[0xa4, 0xa1], [0xa5, 0xe1], [0xa1, 0xe1], [0xa3, 0xe1], [0xb0, 0xe1], [0xcf, 0xe1]]], // prettier-ignore
    ['euc-jp', 'other', [[0xd0, 0xe1], [0xf4, 0xe1]]], // prettier-ignore
    ['euc-jp', 'rare', [[0xa2, 0xe1], [0xa6, 0xe1], [0xaf, 0xe1], [0xf5, 0xe1]]], // prettier-ignore
    ['euc-jp', 'none', [[0xa4, 0xa0]]],
    // Symbols, letters and kana are in 81 to 83, common characters in 88 to 97, others up to 9F and in E0 to EA.
    ['shift_jis', 'common', [[0x81, 0xe0], [0x83, 0xe0], [0x88, 0x40], [0x97, 0xfc], [0x88, 0x80]]], // prettier-ignore
    ['shift_jis', 'other', [[0x98, 0xe0], [0x9f, 0xe0], [0xe0, 0xe0], [0xea, 0xe0]]], // prettier-ignore
    ['shift_jis', 'none', [[0x80, 0xe0], [0x84, 0xe0], [0x87, 0xe0], [0xa0, 0xe0], [0xeb, 0xe0], [0x88, 0x3f], [0x88, 0x7f], [0x88, 0xfd]]], // prettier-ignore
  ])('the characters of %s are %s: %j', ([encoding, kind, words]) => {
    expect(words.map((word) => kindOf(encoding, word))).toEqual(words.map(() => kind))
  })
})

test('katakana of one byte are common in words, and rare alone', () => {
  const word = Array.from({ length: 10 }, () => 0xb1)
  expect([kindOf('shift_jis', word), kindOf('shift_jis', [0xb1, 0x41])]).toEqual(['other', 'other'])
  expect(isLikely('shift_jis', [0xa1, 0x41], 25)).toBe(true)
  expect(isLikely('shift_jis', [0xdf, 0x41], 25)).toBe(true)
  expect(isLikely('shift_jis', [0xdf, 0x41], 35)).toBe(false)
})

const e = 0x65
const letter = (byte: number) => [e, byte, e]

/** Of a hundred words that all have one other letter than ASCII has, the most that may have this one instead. */
function mostOf(word: readonly number[]): number {
  const shares = [90, 60, 27, 20]
  const most = shares.find((share) => {
    const words = Array.from({ length: 100 }, (_, i) => (i < share ? word : letter(0xe9)))
    const { name, certainty } = estimate(words)
    return name === 'windows-1252' && certainty === 'likely'
  })
  return most ?? 0
}

test('letters of Western languages are common in words, their signs are usual, all other bytes are rare', () => {
  const letters = 'ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜßàáâãäåæçèéêëíîïñòóôõöøùúûüÿ'
  const signs = '€„…ŠŽ‘’“”•–—™šœž\u00A0¡£§©ª«®°±²³´µ·º»¼½¿×'
  const decoder = new TextDecoder('windows-1252')
  for (let byte = 0x80; byte <= 0xff; byte++) {
    const char = decoder.decode(Uint8Array.of(byte))
    const most = letters.includes(char) || signs.includes(char) ? 90 : 'ÐÝÞìðýþ'.includes(char) ? 27 : 20
    expect([char, mostOf([e, byte])]).toEqual([char, most])
  }
  // A dash between letters would be common in Shift_JIS.
  expect(mostOf(letter(0x97))).toBe(90)
})

test('a letter outside of words, and one in a run of letters that ASCII lacks, is rarer', () => {
  const eAcute = 0xe9
  expect([[e, eAcute], [eAcute, e], [eAcute]].map(mostOf)).toEqual([90, 90, 20])
  const after = (char: string) => mostOf([char.charCodeAt(0), eAcute])
  expect(['a', 'z', 'A', 'Z', '@', '`', '{', '1'].map(after)).toEqual([90, 90, 90, 90, 20, 20, 20, 20])
  const withWords = (word: readonly number[], count: number) =>
    estimate(Array.from({ length: 100 }, (_, i) => (i < count ? word : letter(eAcute)))).certainty
  const two = [e, eAcute, eAcute, e]
  expect([withWords(two, 45), withWords(two, 55)]).toEqual(['likely', 'doubtful'])
  expect(withWords([e, eAcute, eAcute, eAcute, e], 1)).toBe('doubtful')
})

describe('damaged text', () => {
  const texts = typical['gb18030'] ?? []
  const text = (good: number, bad: number) => [
    ...Array.from({ length: good }, (_, i) => texts[i % texts.length] ?? []),
    ...Array.from({ length: bad }, () => [0xd2, 0x3f]),
  ]

  test('is in doubt from more than two in a hundred characters on', () => {
    expect(estimate(text(98, 2))).toEqual({ name: 'gb18030', certainty: 'likely' })
    expect(estimate(text(97, 3))).toMatchObject({ name: 'gb18030', certainty: 'doubtful' })
  })

  test.for([
    [[0xc2, 0x80]],
    [[0xdf, 0xbf]],
    [[0xe0, 0xa0, 0x80]],
    [[0xef, 0xbf, 0xbd]],
    [[0xf0, 0x90, 0x80, 0x80]],
    [[0xf4, 0x80, 0x80, 0x80]],
  ] as const)('in UTF-8 is UTF-8 where most characters are whole: %j', ([word]) => {
    // Each byte of a character that was cut counts.
    const cut = word.slice(0, -1)
    const damaged = Array.from({ length: cut.length + 1 }, () => word)
    expect(estimate([...damaged, cut])).toEqual({ name: 'utf-8', certainty: 'likely' })
    expect(estimate([...damaged.slice(1), cut])).not.toMatchObject({ name: 'utf-8', certainty: 'likely' })
  })

  test.for([
    [[0xc1, 0x80]],
    [[0xf5, 0x80, 0x80, 0x80]],
    [[0xc2, 0xc0]],
    [[0xe0, 0xa0]],
    [[0xe0, 0x41, 0x80]],
    [[0xf0, 0x90, 0x80]],
  ] as const)('of bytes that no character has is not UTF-8: %j', ([word]) => {
    expect(estimate([word]).name).not.toBe('utf-8')
  })

  test('of Latin letters that are UTF-8 in parts may be that', () => {
    const words = Array.from({ length: 9 }, () => letter(0xe9))
    expect(estimate(words)).toEqual({ name: 'windows-1252', certainty: 'likely' })
    const mixed = { name: 'windows-1252', certainty: 'doubtful', alternative: 'utf-8' }
    expect(estimate([...words, [e, 0xc3, 0xa9, e]])).toEqual(mixed)
  })
})

describe('the whole text tells apart encodings that share their bytes', () => {
  /** The same words again and again, so that only distinct ones count. */
  const often = (words: readonly Pair[]) => Array.from({ length: 20 }, () => words).flat()
  const hangul = pairs([0xb0, 0xc8], 0xa1, 0xc8)

  test('Korean has Hangul only, of which few may be Chinese', () => {
    expect(estimate(often(hangul.slice(0, 5)))).toEqual({ name: 'gb18030', certainty: 'likely' })
    const doubtful = { name: 'gb18030', certainty: 'doubtful', alternative: 'euc-kr' }
    expect(estimate(often(hangul.slice(0, 6)))).toEqual(doubtful)
    expect(estimate(often(hangul.slice(0, 11)))).toEqual(doubtful)
    expect(estimate(often(hangul.slice(0, 12)))).toEqual({ name: 'euc-kr', certainty: 'likely' })
    expect(estimate([...hangul.slice(34), [0xd2, 0xe1]])).toEqual({ name: 'gb18030', certainty: 'likely' })
    expect(estimate([...hangul.slice(31), [0xd2, 0xe1]])).toEqual({ name: 'euc-kr', certainty: 'likely' })
    expect(estimate([...hangul.slice(6, 40), ...pairs([0xc9], 0xa1, 0xa6)])).toMatchObject({ name: 'gb18030' })
  })

  test('a tenth of kana is Japanese', () => {
    const common = pairs([0xcb], 0xc1, 0xca)
    const kana: Pair = [0xa4, 0xa1]
    expect(estimate([...common.slice(1), kana])).toEqual({ name: 'euc-jp', certainty: 'likely' })
    expect(estimate([...common.slice(1), [0xa5, 0xfe]])).toEqual({ name: 'euc-jp', certainty: 'likely' })
    expect(estimate([...common, kana])).toEqual({ name: 'gb18030', certainty: 'likely' })
    for (const lead of [0xa2, 0xa3, 0xa6])
      expect([lead, estimate([...common.slice(1), [lead, 0xa1]])]).toMatchObject([lead, { name: 'gb18030' }])
  })

  test('Big5 has low second bytes in a tenth of its characters, unless they are few', () => {
    const high = pairs([0xa8], 0xc1, 0xca)
    const rarer: Pair = [0xca, 0xc1]
    const low: Pair = [0xa8, 0x40]
    expect(estimate([...high.slice(6), rarer])).toEqual({ name: 'big5', certainty: 'likely' })
    expect(estimate([...high.slice(5), rarer])).toMatchObject({ name: 'big5', certainty: 'doubtful' })
    expect(estimate([...high.slice(2), rarer, low])).toEqual({ name: 'big5', certainty: 'likely' })
    expect(estimate([...high.slice(1), rarer, low])).toMatchObject({ name: 'big5', certainty: 'doubtful' })
  })
})

test('characters may be cut by the pieces of lines that a text is read in', () => {
  const patterns = new BytePatterns()
  for (const [lead, trail] of typical['gb18030'] ?? []) {
    patterns.add(Buffer.of(0x0a, lead))
    patterns.add(Buffer.of(trail, 0x0a, 0x41))
  }
  expect(patterns.estimate()).toEqual({ name: 'gb18030', certainty: 'likely' })
})

test('the beginning of a line counts once, however many pieces without a line end follow', () => {
  const patterns = new BytePatterns()
  const chinese = Buffer.from('b6a9b5a5d2d1b7a2bbf5c7ebb2e9cad5', 'hex')
  patterns.add(Buffer.concat([Buffer.of(0x0a), chinese, Buffer.of(0x20)]))
  for (let i = 0; i < 32; i++) patterns.add(Buffer.from('Stück Größe ', 'latin1'))
  expect(patterns.estimate()).toMatchObject({ name: 'windows-1252' })
})

test('a text may begin and end with any byte', () => {
  const found = (...bytes: readonly number[]) => {
    const patterns = new BytePatterns()
    patterns.add(Buffer.from(bytes))
    return patterns.estimate()
  }
  expect(found(e, 0xe9)).toEqual({ name: 'windows-1252', certainty: 'likely' })
  expect(found(0xe9, e)).toEqual({ name: 'windows-1252', certainty: 'likely' })
  expect(found(0xe9, 0x20)).toMatchObject({ name: 'windows-1252', certainty: 'doubtful' })
  expect(found(0x20, 0xe9)).toMatchObject({ name: 'windows-1252', certainty: 'doubtful' })
})

test('without a character of the rows that languages share nothing speaks for Japanese', () => {
  expect(estimate([[0x86, 0xa2]])).toEqual({ name: 'windows-1252', certainty: 'doubtful', alternative: 'gb18030' })
})
