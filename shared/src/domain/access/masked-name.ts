import type { Privacy } from './audience.ts'

const shownLetters = 2

/**
 * The beginning of a name, which identifies it only to people who already know it: at most two characters, and at most
 * half of the name.
 */
export function maskedName(name: string): string {
  const letters = [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(name)]
  const shown = Math.min(shownLetters, Math.floor(letters.length / 2))
  return `${letters
    .slice(0, shown)
    .map(({ segment }) => segment)
    .join('')}**`
}

/** The names of people and customers in an order, which its free text may repeat. */
export interface NamesOfOrder {
  readonly customers?: readonly (string | undefined)[]
  readonly people?: readonly (string | undefined)[]
}

/** Free text about an order with those of its names removed that the privacy setting hides. */
export function maskedText(text: string, { customers = [], people = [] }: NamesOfOrder, privacy: Privacy): string {
  let shown = text
  if (privacy.customers === 'masked') {
    for (const name of longestFirst(customers)) shown = shown.replace(wordOf(name), () => maskedName(name))
  }
  if (privacy.people === 'team') {
    for (const name of longestFirst(people)) shown = shown.replace(wordOf(name), () => '**')
  }
  return shown
}

/** Longest first, because "Li" is part of "Li Ming". */
function longestFirst(names: readonly (string | undefined)[]): string[] {
  const known = new Set(names.filter((name): name is string => name !== undefined && name !== ''))
  return [...known].toSorted((a, b) => b.length - a.length)
}

/** Matches the name as a separate word. Chinese has no spaces between words, so a Chinese name matches anywhere. */
function wordOf(name: string): RegExp {
  const isChinese = /\p{Script=Han}/u.test(name)
  const word = RegExp.escape(name)
  return new RegExp(isChinese ? word : `(?<![\\p{L}\\p{N}])${word}(?![\\p{L}\\p{N}])`, 'giu')
}
