import type { TextTree } from './read-texts.ts'

const accented = new Map(
  Array.from('aceilnosuyzACEILNOSUYZ', (letter, place) => [
    letter,
    Array.from('áçéîłñöšüýžÁÇÉÎŁÑÖŠÜÝŽ')[place] ?? letter,
  ]),
)
/** How much longer a text becomes: German and French texts are up to 40 % longer than English ones. */
const growth = 0.4

/**
 * A readable pseudo-language: its letters carry accents, its texts are longer than in English, and each text is in
 * brackets. A text without brackets does not come from the locale files; a text with only one bracket is cut off.
 */
export function pseudoText(text: string): string {
  // Interpolated values and plural keys are left unchanged.
  const parts = text.split(/(\{\{\w+\}\})/)
  const accentedText = parts
    .map((part) =>
      part.startsWith('{{') ? part : Array.from(part, (letter) => accented.get(letter) ?? letter).join(''),
    )
    .join('')
  const letters = text.replaceAll(/\{\{\w+\}\}/g, '').length
  return `⟦${accentedText}${' ~'.repeat(Math.ceil((letters * growth) / 2))}⟧`
}

export function pseudoTexts(texts: TextTree): TextTree {
  return Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [key, typeof text === 'string' ? pseudoText(text) : pseudoTexts(text)]),
  )
}
