/*
 * Chinese is written without spaces, and words within it are a matter of judgement. A text is therefore indexed by the
 * pairs of its characters, and its last character by itself, so that any two characters can be found, and a single one
 * by prefix. VitePress sends both functions to the browser as text, so each uses nothing outside of itself.
 */

/** What a text of the documentation is indexed by. */
export function indexTokens(text: string): string[] {
  return text
    .toLowerCase()
    .split(/(\p{Script=Han}+)|[^\p{L}\p{N}]+/u)
    .flatMap((part: string | undefined) => {
      if (part === undefined || part === '') return []
      if (!/^\p{Script=Han}/u.test(part)) return [part]
      const characters = Array.from(part)
      return characters.map((character, index) => character + (characters[index + 1] ?? ''))
    })
}

/** What is looked up for a query: the same pairs, except those across two words, which may stand apart in a text. */
export function queryTokens(query: string): string[] {
  const segmenter = new Intl.Segmenter('zh', { granularity: 'word' })
  return query
    .toLowerCase()
    .split(/(\p{Script=Han}+)|[^\p{L}\p{N}]+/u)
    .flatMap((part: string | undefined) => {
      if (part === undefined || part === '') return []
      if (!/^\p{Script=Han}/u.test(part)) return [part]
      return Array.from(segmenter.segment(part)).flatMap(({ segment }) => {
        const characters = Array.from(segment)
        if (characters.length === 1) return characters
        return characters.slice(1).map((character, index) => `${characters[index] ?? ''}${character}`)
      })
    })
}
