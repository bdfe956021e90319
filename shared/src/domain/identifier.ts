/**
 * Characters that identifiers must not contain: controls, line separators, unpaired surrogates, and invisible
 * characters (zero width, bidirectional overrides), because identifiers that look the same must be equal.
 */
export const invisibleText = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u

const plainText = /^[!-~]*$/

/**
 * The normalized form of an identifier, which is compared by code unit: NFKC, so that full-width and composed spellings
 * are equal, and trimmed. Case is preserved. Undefined: it contains `invisibleText`.
 */
export function normalIdentifier(text: string): string | undefined {
  if (plainText.test(text)) return text
  return invisibleText.test(text) ? undefined : text.normalize('NFKC').trim()
}
