/** The encodings that exports of order systems come in, by the names that `TextDecoder` knows. */
export type FileEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030'

/**
 * The encoding of a text file by its first bytes: a byte order mark, else UTF-8 if it is valid to the letter, else
 * GB18030, of which GBK and GB2312 are parts. Undefined: the bytes are no text.
 */
export function detectEncoding(head: Uint8Array): FileEncoding | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  if (isBinary(head)) return undefined
  return isUtf8(head) ? 'utf-8' : 'gb18030'
}

/** Text has no NUL bytes, save the odd damaged cell; UTF-16 without a mark has one in every two. */
function isBinary(head: Uint8Array): boolean {
  const zeros = head.reduce((count, byte) => (byte === 0 ? count + 1 : count), 0)
  return zeros * 10 > head.length
}

function isUtf8(head: Uint8Array): boolean {
  try {
    // As a stream, because the head may end within a character.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
    return true
  } catch {
    return false
  }
}
