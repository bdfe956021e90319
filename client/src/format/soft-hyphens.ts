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
