import type { TextTree } from './read-texts.ts'

const accented = new Map(
  Array.from('aceilnosuyzACEILNOSUYZ', (letter, place) => [
    letter,
    Array.from('áçéîłñöšüýžÁÇÉÎŁÑÖŠÜÝŽ')[place] ?? letter,
  ]),
)
/** How much longer a text becomes: German and French are up to 40 % longer than English. */
const growth = 0.4

/**
 * A language that can be read and is none: its letters carry accents, it is longer than English, and every text stands
 * in brackets. What is shown without them has not come out of the locale files; where a bracket is missing, a text is
 * cut off.
 */
export function pseudoText(text: string): string {
  // Values that are filled in, and keys of plurals, stay as they are.
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
