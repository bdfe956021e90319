import type { EncodingCertainty } from './table-facts.ts'

export interface FoundEncoding {
  /** A label of the Encoding Standard. */
  readonly name: string
  readonly certainty: EncodingCertainty
  /** The second best guess, in case of doubt. */
  readonly alternative?: string
}

/** A guess is likely if its score is at least `likelyScore`, and at least `likelyMargin` better than the next. */
const likelyScore = 0.8
const likelyMargin = 0.1
/** With fewer two-byte characters, the absence of low trail bytes proves nothing. */
const minPairs = 6
/**
 * Half of the common Chinese characters are outside the Hangul rows, so this many characters within them are not
 * Chinese.
 */
const minHangul = 12
/** From this number of characters on, the text may be Korean. */
const minDoubtfulHangul = 6
/** Factors for an encoding whose typical characters are missing, and for one that merely is possible. */
const unlikely = 0.8
const possible = 0.95
/** A text with a larger share of invalid bytes is in another encoding, or damaged. */
const maxDamagedShare = 0.02
const lineFeed = 0x0a

/** Encodings that have no mark of their own and in which bytes are rarely invalid. */
export const legacyEncodings = ['gb18030', 'big5', 'euc-kr', 'euc-jp', 'shift_jis', 'windows-1252'] as const

/** Sums how common the non-ASCII characters are (0..1 each) if the bytes are text in one encoding. */
class Score {
  weight = 0
  count = 0
  /** How many of them are invalid in the encoding. */
  damaged = 0

  add(weight: number): void {
    this.weight += weight
    this.count += 1
    if (weight === 0) this.damaged += 1
  }

  get value(): number {
    return this.count === 0 ? 0 : this.weight / this.count
  }
}

/**
 * Estimates the legacy encoding of a text by the share of its non-ASCII characters that are common in each encoding;
 * rare characters count partly.
 */
export class BytePatterns {
  readonly #scores = {
    'utf-8': new Score(),
    gb18030: new Score(),
    big5: new Score(),
    'euc-kr': new Score(),
    'euc-jp': new Score(),
    shift_jis: new Score(),
    'windows-1252': new Score(),
  }
  /** Two-byte characters with a second byte below 0xA1: two out of five in Big5, none in GB2312. */
  #lowTrails = 0
  /** Distinct two-byte characters with both bytes above 0xA0: symbols and kana by row, and Hangul or others. */
  readonly #pairs = new PairCounts()
  #rest = Buffer.alloc(0)

  /** Pieces may be split at any byte. */
  add(piece: Buffer): void {
    const end = piece.lastIndexOf(lineFeed) + 1
    if (end === 0) {
      this.#addText(Buffer.concat([this.#rest, piece]))
      this.#rest = Buffer.alloc(0)
      return
    }
    this.#addText(Buffer.concat([this.#rest, piece.subarray(0, end)]))
    this.#rest = Buffer.from(piece.subarray(end))
  }

  estimate(): FoundEncoding {
    this.#addText(this.#rest)
    this.#rest = Buffer.alloc(0)
    const factors = this.#factors()
    const ranked = Object.entries(this.#scores)
      .map(([name, { value, damaged, count }]) => ({
        name,
        value: value * (factors[name] ?? 1),
        isWhole: damaged <= count * maxDamagedShare,
      }))
      .toSorted((a, b) => b.value - a.value)
    const [best, next] = ranked
    if (best === undefined || next === undefined) throw new Error('there are encodings to choose from')
    const isLikely = best.isWhole && best.value >= likelyScore && best.value - next.value >= likelyMargin
    // UTF-8 with damage is still UTF-8: no other text has this many valid sequences by chance.
    if (best.name === 'utf-8' && best.value > 0.5) return { name: best.name, certainty: 'likely' }
    const utf8 = this.#scores['utf-8']
    // Words of Latin letters are not valid UTF-8, unless a part of the file is UTF-8.
    const isMixed = best.name === 'windows-1252' && utf8.damaged < utf8.count
    if (isLikely && !isMixed) return { name: best.name, certainty: 'likely' }
    return { name: best.name, certainty: 'doubtful', alternative: isMixed ? 'utf-8' : next.name }
  }

  /** Properties of the whole text distinguish encodings that use the same byte ranges. */
  #factors(): Readonly<Record<string, number>> {
    const { all, hangul, kana } = this.#pairs
    const areHangul = hangul * 50 >= all * 49
    const isKorean = areHangul && all >= minHangul
    const mayBeKorean = areHangul && all >= minDoubtfulHangul
    const isJapanese = kana * 10 >= all && kana > 0
    const { count } = this.#scores.big5
    return {
      big5: count >= minPairs && this.#lowTrails * 10 < count ? unlikely : 1,
      gb18030: isKorean || isJapanese ? unlikely : 1,
      'euc-kr': isKorean ? 1 : mayBeKorean ? possible : unlikely,
      'euc-jp': isJapanese ? 1 : unlikely,
    }
  }

  #addText(bytes: Uint8Array): void {
    this.#addUtf8(bytes)
    this.#addPairs(bytes)
    this.#addShiftJis(bytes)
    this.#addWindows1252(bytes)
  }

  #addUtf8(bytes: Uint8Array): void {
    const score = this.#scores['utf-8']
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i] ?? 0
      if (byte < 0x80) continue
      const more = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1
      let good = byte >= 0xc2 && byte < 0xf5
      for (let k = 1; k <= more; k++) good &&= ((bytes[i + k] ?? 0) & 0xc0) === 0x80
      score.add(good ? 1 : 0)
      if (good) i += more
    }
  }

  #addPairs(bytes: Uint8Array): void {
    const { gb18030, big5, 'euc-kr': eucKr, 'euc-jp': eucJp } = this.#scores
    for (let i = 0; i < bytes.length; i++) {
      const lead = bytes[i] ?? 0
      if (lead < 0x80) continue
      const trail = bytes[i + 1] ?? 0
      const isPair = lead > 0x80 && lead < 0xff && trail >= 0x40 && trail !== 0x7f && trail !== 0xff
      gb18030.add(isPair ? gbWeight(lead, trail) : 0)
      big5.add(isPair ? big5Weight(lead, trail) : 0)
      eucKr.add(isPair ? eucKrWeight(lead, trail) : 0)
      eucJp.add(isPair ? eucJpWeight(lead, trail) : 0)
      if (!isPair) continue
      this.#pairs.add(lead, trail)
      if (trail < 0xa1) this.#lowTrails += 1
      i += 1
    }
  }

  #addShiftJis(bytes: Uint8Array): void {
    const score = this.#scores.shift_jis
    let afterKana = false
    for (let i = 0; i < bytes.length; i++) {
      const lead = bytes[i] ?? 0
      if (lead < 0x80) {
        afterKana = false
        continue
      }
      // Half-width kana take one byte, and occur in words.
      const isKana = lead >= 0xa1 && lead <= 0xdf
      if (isKana) score.add(afterKana ? 0.8 : 0.3)
      else {
        // A byte between Latin letters is a letter itself, although it could start a character with the next byte.
        const isLetterOfWord = isLetter(bytes[i - 1]) && isLetter(bytes[i + 1])
        score.add(shiftJisWeight(lead, bytes[i + 1] ?? 0) * (isLetterOfWord ? 0.3 : 1))
        i += 1
      }
      afterKana = isKana
    }
  }

  #addWindows1252(bytes: Uint8Array): void {
    const score = this.#scores['windows-1252']
    let begin = 0
    for (let i = 0; i <= bytes.length; i++) {
      if ((bytes[i] ?? 0) >= 0x80) continue
      const inWord = isLetter(bytes[begin - 1]) || isLetter(bytes[i])
      for (let k = begin; k < i; k++) score.add(windows1252Weight(bytes[k] ?? 0, i - begin, inWord))
      begin = i + 1
    }
  }
}

/** Counts the distinct pairs of bytes above 0xA0, which four encodings share. */
class PairCounts {
  readonly #seen = new Uint8Array(0x1_00_00)
  all = 0
  /** Pairs in the Hangul rows, B0 to C8. */
  hangul = 0
  /** Pairs in the rows A4 and A5. */
  kana = 0

  add(lead: number, trail: number): void {
    if (lead < 0xa4 || trail < 0xa1 || this.#seen[lead * 256 + trail] === 1) return
    this.#seen[lead * 256 + trail] = 1
    this.all += 1
    if (lead >= 0xb0 && lead <= 0xc8) this.hangul += 1
    if (lead <= 0xa5) this.kana += 1
  }
}

/** Hangul is in rows B0 to C8, symbols are in A1 and A3, Chinese characters from CA on. */
function eucKrWeight(lead: number, trail: number): number {
  if (trail < 0xa1) return 0.15
  return (lead >= 0xb0 && lead <= 0xc8) || lead === 0xa1 || lead === 0xa3 ? 1 : 0.15
}

/** Kana are in A4 and A5, symbols in A1 and A3, common characters in B0 to CF, others up to F4. */
function eucJpWeight(lead: number, trail: number): number {
  if (trail < 0xa1) return 0
  if (lead === 0xa1 || (lead >= 0xa3 && lead <= 0xa5) || (lead >= 0xb0 && lead <= 0xcf)) return 1
  return lead >= 0xd0 && lead <= 0xf4 ? 0.4 : 0.15
}

/** GB2312 has its common characters in rows B0 to D7, others up to F7, and symbols in A1 and A3. */
function gbWeight(lead: number, trail: number): number {
  if (trail < 0xa1) return 0.15
  if (lead >= 0xb0 && lead <= 0xd7) return 1
  if (lead === 0xa1 || lead === 0xa3) return 1
  return lead >= 0xd8 && lead <= 0xf7 ? 0.4 : 0.15
}

/** Big5 has its common characters in rows A4 to C6, others in C9 to F9, and symbols in A1 to A3. */
function big5Weight(lead: number, trail: number): number {
  if (lead < 0xa1 || lead > 0xf9 || (trail > 0x7e && trail < 0xa1)) return 0
  return lead <= 0xc6 ? 1 : 0.4
}

/** Symbols, letters and kana are in 81 to 83, common characters in 88 to 97, others up to 9F and in E0 to EA. */
function shiftJisWeight(lead: number, trail: number): number {
  if (trail < 0x40 || trail === 0x7f || trail > 0xfc) return 0
  if (lead >= 0x81 && lead <= 0x83) return 1
  if (lead >= 0x88 && lead <= 0x97) return 1
  return (lead >= 0x98 && lead <= 0x9f) || (lead >= 0xe0 && lead <= 0xea) ? 0.4 : 0
}

/** @param run number of consecutive non-ASCII bytes, which is rarely more than two in words of Latin letters. */
function windows1252Weight(byte: number, run: number, inWord: boolean): number {
  if (run > 2) return 0
  if (byte >= 0xc0 && byte !== 0xd7 && byte !== 0xf7) {
    if (foreignLetters.has(byte)) return 0.3
    return inWord ? (run === 1 ? 1 : 0.7) : 0.2
  }
  return commonSigns.has(byte) ? 0.8 : 0.2
}

/** Bytes that are Icelandic letters here, but Turkish or Slavic letters in other Windows code pages. */
const foreignLetters: ReadonlySet<number> = new Set([0xd0, 0xdd, 0xde, 0xec, 0xf0, 0xfd, 0xfe])

/**
 * Euro, ellipsis, quotes, dashes, trade mark, s and z with caron, no-break space, section, guillemets, degree and so
 * on.
 */
const commonSigns: ReadonlySet<number> = new Set([
  0x80, 0x84, 0x85, 0x8a, 0x8e, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x99, 0x9a, 0x9c, 0x9e, 0xa0, 0xa1, 0xa3,
  0xa7, 0xa9, 0xaa, 0xab, 0xae, 0xb0, 0xb1, 0xb2, 0xb3, 0xb4, 0xb5, 0xb7, 0xba, 0xbb, 0xbc, 0xbd, 0xbf, 0xd7,
])

function isLetter(byte: number | undefined): boolean {
  if (byte === undefined) return false
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x7a
}
