const shownLetters = 2

/**
 * The beginning of a name, so that who knows it recognises it and nobody else learns it: at most two characters, and
 * never more than half of it.
 */
export function maskedName(name: string): string {
  const letters = [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(name)]
  const shown = Math.min(shownLetters, Math.floor(letters.length / 2))
  return `${letters
    .slice(0, shown)
    .map(({ segment }) => segment)
    .join('')}**`
}
