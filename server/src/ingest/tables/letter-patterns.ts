import type { FoundEncoding } from './byte-patterns.ts'

/** An alphabet in one encoding: its letters outside of ASCII, the most frequent first. */
interface Alphabet {
  readonly encoding: string
  readonly letters: string
}

const westEuropean = [
  'äüößéà',
  'éèàêçôâùîûœëïæÿ',
  'óíáéñúüç',
  'ãçáéíóõêâúà',
  'èàùòìé',
  'åæøé',
  'äåöé',
  'ëéïèöü',
  'íáéóðúþýæö',
]
const polish = 'łąęóżśćńź'
const czechAndSlovak = ['íáěéýžčřšůúťňďó', 'áíýéžčšúťňľôďäŕĺó']
const russian = 'оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё'

/** Encodings with one byte for each letter. The last alphabet of windows-1252 is for files of several languages. */
const alphabets: readonly Alphabet[] = [
  ...[...westEuropean, 'éüäößèàçáíóúñãõêôåøæâîëïùûœðþý'].map((letters) => ({ encoding: 'windows-1252', letters })),
  ...[polish, ...czechAndSlovak, 'éáőóöüíúű', 'čšžćđ', 'ăîţşâ'].map((letters) => ({
    encoding: 'windows-1250',
    letters,
  })),
  ...[polish, ...czechAndSlovak].map((letters) => ({ encoding: 'iso-8859-2', letters })),
  { encoding: 'windows-1254', letters: 'ıüşğçöİ' },
  ...['ėšįųžūąęč', 'āīēšūņļžģķč', 'äõüöšž'].map((letters) => ({ encoding: 'windows-1257', letters })),
  ...westEuropean.slice(0, 7).map((letters) => ({ encoding: 'macintosh', letters })),
]
const otherScripts: readonly Alphabet[] = [
  ...['windows-1251', 'koi8-r', 'ibm866'].map((encoding) => ({ encoding, letters: russian })),
  { encoding: 'windows-1251', letters: 'оаинтверсклудмпіязьбгйчхцїжюєшщфґ' },
  { encoding: 'windows-1253', letters: 'αοιετσνηρυπκλμςωδγχθφβξζψίόάέήύώ' },
]

/** Encodings that are told apart by the letters of their languages. */
export const letterEncodings: readonly string[] = [
  ...new Set([...alphabets, ...otherScripts].map(({ encoding }) => encoding)),
]

/** Probability of a character that the language does not have. */
const foreign = 0.001
const sign = 0.05
/** A capital letter is rarer than a small one, and does not follow a small one. */
const capitalFactor = 0.3
/** One reading is likely if it is this much more probable than any other, as a natural logarithm. */
const likelyMargin = 3
const likelyShare = 0.9
/** Files in windows-1252 are far more frequent than those in similar encodings, as a natural logarithm. */
const usualEncoding = 'windows-1252'
const usualBonus = 2
/** ASCII letters for each other letter in words of Latin scripts; characters of two bytes have at most one. */
const usualAsciiLetters = 2
/** Text in another script has to fit nearly completely, because Chinese text may consist of the same bytes. */
const scriptShare = 0.98
const minScriptLetters = 12
/** Places of a byte in a word: `inner` bytes have letters on both sides. */
const [afterSmall, inner] = [1, 2]

/** Estimates the encoding of a text with one byte for each letter by the letters that languages use. */
export class LetterPatterns {
  /** Number of each byte from 0x80 on, by its place. */
  readonly #counts = new Uint32Array(4 * 128)
  /** Number of each pair of such bytes. */
  readonly #pairs = new Uint32Array(128 * 128)
  readonly #words = { ascii: 0, other: 0 }

  /** Pieces may be split at any byte, which only makes a letter at the border look like the start of a word. */
  add(bytes: Uint8Array): void {
    let [ascii, other] = [0, 0]
    for (let i = 0; i <= bytes.length; i++) {
      const byte = bytes[i] ?? 0
      if (byte >= 0x80) {
        other += 1
        this.#count(byte, bytes[i - 1] ?? 0, bytes[i + 1] ?? 0)
      } else if (isLetter(byte)) ascii += 1
      else {
        if (other > 0) {
          this.#words.ascii += ascii
          this.#words.other += other
        }
        ascii = other = 0
      }
    }
  }

  /** The estimate by the letters if they say more than the bytes alone. */
  settle(found: FoundEncoding): FoundEncoding {
    const { ascii, other } = this.#words
    // A part of the file is UTF-8.
    if (other === 0 || found.name === 'utf-8' || found.alternative === 'utf-8') return found
    if (ascii >= other) {
      const { name, rival, margin, share } = this.#best(alphabets)
      // One word in every row may consist of letters by chance: 出貨 in Big5 is ĄXłf in Polish.
      const mayBeWide = ascii < other * usualAsciiLetters && found.certainty === 'likely'
      if (mayBeWide && found.name !== usualEncoding) return { name, certainty: 'doubtful', alternative: found.name }
      if (share >= likelyShare && margin >= likelyMargin) return { name, certainty: 'likely' }
      return { name, certainty: 'doubtful', ...(rival !== undefined && { alternative: rival }) }
    }
    const script = this.#best(otherScripts)
    if (script.share < scriptShare || other < minScriptLetters || this.#isIrregular(script.name)) return found
    if (found.certainty === 'likely') return { ...found, certainty: 'doubtful', alternative: script.name }
    if (script.margin >= likelyMargin) return { name: script.name, certainty: 'likely' }
    return { name: script.name, certainty: 'doubtful', alternative: script.rival ?? found.name }
  }

  #count(byte: number, before: number, after: number): void {
    const isAfterLetter = before >= 0x80 || isLetter(before)
    const isInner = isAfterLetter && (after >= 0x80 || isLetter(after))
    const place = (before >= 0x61 && before <= 0x7a ? afterSmall : 0) + (isInner ? inner : 0)
    const at = place * 128 + byte - 0x80
    this.#counts[at] = (this.#counts[at] ?? 0) + 1
    if (before < 0x80) return
    const pair = (before - 0x80) * 128 + byte - 0x80
    this.#pairs[pair] = (this.#pairs[pair] ?? 0) + 1
  }

  #best(candidates: readonly Alphabet[]) {
    const ranked = candidates
      .map((alphabet) => ({ ...alphabet, ...this.#likelihood(alphabet) }))
      .toSorted((a, b) => b.log + bonusOf(b) - a.log - bonusOf(a))
    const [best] = ranked
    if (best === undefined) throw new Error('there are alphabets to choose from')
    const seen = this.#seenBytes()
    const text = decoded(seen, best.encoding)
    // Encodings in which the file reads the same are no rivals.
    const rival = ranked.find(({ encoding }) => encoding !== best.encoding && decoded(seen, encoding) !== text)
    return {
      name: best.encoding,
      share: best.share,
      rival: rival?.encoding,
      margin: rival === undefined ? Infinity : best.log - rival.log,
    }
  }

  #likelihood({ encoding, letters }: Alphabet): { readonly log: number; readonly share: number } {
    const chars = charsOf(encoding)
    const weights = weightsOf(letters)
    let [log, known, all] = [0, 0, 0]
    for (const [at, count] of this.#counts.entries()) {
      if (count === 0) continue
      const place = at >> 7
      const probability = probabilityOf(chars[at & 127] ?? '', weights, place)
      log += count * Math.log(probability)
      all += count
      if (probability > foreign) known += count
    }
    return { log, share: known / all }
  }

  /** Whether capital letters often follow small ones, so that these bytes are no words of the script. */
  #isIrregular(encoding: string): boolean {
    const chars = charsOf(encoding)
    let irregular = 0
    for (const [pair, count] of this.#pairs.entries())
      if (count > 0 && isSmall(chars[pair >> 7] ?? '') && isCapital(chars[pair & 127] ?? '')) irregular += count
    return irregular > this.#words.other * (1 - scriptShare)
  }

  #seenBytes(): Uint8Array {
    return Uint8Array.from({ length: 128 }, (_, i) => i + 0x80).filter((byte) =>
      [0, 1, 2, 3].some((place) => (this.#counts[place * 128 + byte - 0x80] ?? 0) > 0),
    )
  }
}

function bonusOf({ encoding }: Alphabet): number {
  return encoding === usualEncoding ? usualBonus : 0
}

function probabilityOf(char: string, weights: ReadonlyMap<string, number>, place: number): number {
  const weight = weights.get(char.toLowerCase())
  if (weight !== undefined) {
    if (!isCapital(char)) return weight
    return (place & afterSmall) === 0 ? weight * capitalFactor : foreign
  }
  if (!/[\p{P}\p{S}\p{Z}]/u.test(char)) return foreign
  return (place & inner) === 0 || char === '’' ? sign : foreign
}

/** Frequencies by rank, which is close enough to those of any language. */
function weightsOf(letters: string): ReadonlyMap<string, number> {
  const ranks = Array.from(letters, (letter, i) => [letter, 1 / (i + 1)] as const)
  const sum = ranks.reduce((total, [, weight]) => total + weight, 0)
  return new Map(ranks.map(([letter, weight]) => [letter.toLowerCase(), weight / sum]))
}

function charsOf(encoding: string): readonly string[] {
  return Array.from({ length: 128 }, (_, i) => decoded(Uint8Array.of(i + 0x80), encoding))
}

function decoded(bytes: Uint8Array, encoding: string): string {
  return new TextDecoder(encoding).decode(bytes)
}

function isCapital(char: string): boolean {
  return char !== char.toLowerCase()
}

function isSmall(char: string): boolean {
  return char !== char.toUpperCase()
}

function isLetter(byte: number): boolean {
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x7a
}
