/** The runtime decodes these encodings but only encodes Unicode, so tests invert the decoders. */
const tables = new Map<string, ReadonlyMap<string, readonly number[]>>()

/** @throws if the encoding has no such character. */
export function encodeText(text: string, encoding: string): Buffer {
  if (encoding === 'utf-8') return Buffer.from(text)
  if (encoding === 'utf-16le') return Buffer.from(text, 'utf16le')
  if (encoding === 'utf-16be') return Buffer.from(text, 'utf16le').swap16()
  const table = tables.get(encoding) ?? tableOf(encoding)
  tables.set(encoding, table)
  const bytes = Array.from(text).flatMap((char) => {
    const code = table.get(char)
    if (code === undefined) throw new Error(`${encoding} has no ${char}`)
    return code
  })
  return Buffer.from(bytes)
}

/** All characters of one or two bytes. */
function tableOf(encoding: string): ReadonlyMap<string, readonly number[]> {
  const table = new Map<string, readonly number[]>()
  const decoder = new TextDecoder(encoding)
  const note = (code: readonly number[]) => {
    const char = decoder.decode(Uint8Array.from(code))
    if (char.length === 1 && char !== '\uFFFD' && !table.has(char)) table.set(char, code)
  }
  for (let byte = 0; byte < 256; byte++) note([byte])
  for (let lead = 0x81; lead < 0xff; lead++) for (let trail = 0x40; trail < 0xff; trail++) note([lead, trail])
  return table
}
