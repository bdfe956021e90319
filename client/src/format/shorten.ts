/** The width that a text takes: a Chinese character is as wide as two letters. */
function widthOf(sign: string): number {
  return /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\uff00-\uff60]/u.test(sign) ? 2 : 1
}

/** In letters. */
export function textWidth(text: string): number {
  let width = 0
  for (const sign of text) width += widthOf(sign)
  return width
}

/** The longest prefix that fits. */
function headOf(text: string, maxWidth: number): string {
  let head = ''
  let width = 0
  for (const sign of text) {
    width += widthOf(sign)
    if (width > maxWidth) break
    head += sign
  }
  return head
}

function tailOf(text: string, maxWidth: number): string {
  let tail = ''
  let width = 0
  const signs = Array.from(text)
  for (let i = signs.length - 1; i >= 0; i--) {
    const sign = signs[i] ?? ''
    width += widthOf(sign)
    if (width > maxWidth) break
    tail = sign + tail
  }
  return tail
}

/** Start and end of a long text, `AB-2026…0042`; a line may break after the ellipsis. Widths are in letters. */
export function middleEllipsis(text: string, maxWidth: number): string {
  if (textWidth(text) <= maxWidth) return text
  const tail = tailOf(text, Math.floor((maxWidth - 1) / 2)).trimStart()
  return `${headOf(text, maxWidth - 1 - textWidth(tail)).trimEnd()}…\u200b${tail}`
}

/**
 * How to display each of several names within `maxWidth` letters. A name whose truncated form would equal that of
 * another one shows the part in which they differ: the end, or the part after their common prefix. The others are
 * truncated as usual.
 */
export function distinctNames(names: readonly string[], maxWidth: number): string[] {
  return names.map((name) => {
    if (textWidth(name) <= maxWidth) return name
    const cut = headOf(name, maxWidth)
    const rivals = names.filter((other) => other !== name && headOf(other, maxWidth) === cut)
    if (rivals.length === 0) return name
    const middle = middleEllipsis(name, maxWidth)
    if (!rivals.some((other) => middleEllipsis(other, maxWidth) === middle)) return middle
    const shared = Math.max(...rivals.map((other) => sharedLength(name, other)))
    return `…${headOf(name.slice(shared), maxWidth - 1)}`
  })
}

function sharedLength(a: string, b: string): number {
  let length = 0
  while (length < a.length && a[length] === b[length]) length += 1
  return length
}

/** Shorter words are left whole. */
const minWordLength = 9
/** No part of a word is shorter. */
const minPartLength = 3

const longWords = new RegExp(`\\p{Script=Latin}{${minWordLength},}`, 'gu')
/** The consonants between two vowels. */
const betweenVowels = /(?<=[aeiouyà-ýœ])[^aeiouyà-ýœ]+(?=[aeiouyà-ýœ])/giu
/** Consonants that begin a syllable together. */
const onsets = /(?:sch[lmnrw]?|s[htp]r?|spl|[bcdfgkpt]h?r|[bcfgkp]l|[cpt]h|kn|qu|zw|[^])$/iu

/**
 * Marks where a long word may be divided, with a hyphen, if it does not fit. Browsers have no dictionaries for most
 * languages of names, and would divide a word anywhere without a hyphen. Syllables are estimated: a new one begins with
 * the longest group of consonants that words begin with.
 */
export function softHyphens(text: string): string {
  return text.replace(longWords, divided)
}

function divided(word: string): string {
  return word.replace(betweenVowels, (consonants: string, start: number) => {
    const onset = onsets.exec(consonants)?.[0] ?? ''
    const at = start + consonants.length - onset.length
    if (at < minPartLength || word.length - at < minPartLength) return consonants
    return `${consonants.slice(0, consonants.length - onset.length)}\u00ad${onset}`
  })
}
