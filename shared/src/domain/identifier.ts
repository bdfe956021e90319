/**
 * What no identifier may hold: controls, line separators, half a surrogate pair, and characters that are not seen
 * (zero width, bidirectional overrides), because two identifiers that look alike must be alike.
 */
export const invisibleText = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u

const plainText = /^[!-~]*$/

/**
 * The one form of an identifier that compares by code unit: NFKC, so that full-width and composed spellings are the
 * same, without spaces around it. Upper and lower case stay different. Undefined: it holds `invisibleText`.
 */
export function normalIdentifier(text: string): string | undefined {
  if (plainText.test(text)) return text
  return invisibleText.test(text) ? undefined : text.normalize('NFKC').trim()
}
