/**
 * Words of a text for the search. Chinese is written without spaces: each run of characters becomes its pairs, and its
 * last character, so that a search for one character (by prefix) finds it anywhere. VitePress sends this function to the
 * browser as text, so it uses nothing outside of itself.
 */
export function searchTokens(text: string): string[] {
  return text
    .toLowerCase()
    .split(/([\p{Script=Han}]+)|[^\p{L}\p{N}]+/u)
    .flatMap((part: string | undefined) => {
      if (part === undefined || part === '') return []
      if (!/^\p{Script=Han}/u.test(part)) return [part]
      const characters = Array.from(part)
      return characters.map((character, index) => character + (characters[index + 1] ?? ''))
    })
}
