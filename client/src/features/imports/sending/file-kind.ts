/** File types that cannot be imported, by their first bytes. */
const signatures = [
  { kind: 'pdf', bytes: [0x25, 0x50, 0x44, 0x46] },
  { kind: 'oldExcel', bytes: [0xd0, 0xcf, 0x11, 0xe0] },
  { kind: 'image', bytes: [0x89, 0x50, 0x4e, 0x47] },
  { kind: 'image', bytes: [0xff, 0xd8, 0xff] },
  { kind: 'image', bytes: [0x47, 0x49, 0x46, 0x38] },
  { kind: 'parquet', bytes: [0x50, 0x41, 0x52, 0x31] },
  { kind: 'packed', bytes: [0x28, 0xb5, 0x2f, 0xfd] },
  { kind: 'packed', bytes: [0x37, 0x7a, 0xbc, 0xaf] },
  { kind: 'packed', bytes: [0x52, 0x61, 0x72, 0x21] },
  { kind: 'packed', bytes: [0x42, 0x5a, 0x68] },
  { kind: 'packed', bytes: [0xfd, 0x37, 0x7a, 0x58] },
] as const
const longestSignature = 4

/** Suggested by the browser's file dialog. Other files are allowed because the content decides. */
export const offeredTypes = '.csv,.tsv,.txt,.xlsx,.xes,.xml,.ndjson,.jsonl,.zip,.gz'

export type FileRefusal =
  | 'several'
  | 'folder'
  | 'empty'
  | 'tooLarge'
  | 'unreadable'
  | (typeof signatures)[number]['kind']

/**
 * Why the chosen files cannot be imported, as far as that is known before the upload.
 * @returns undefined: no problem was found.
 */
export async function refusalOf(files: readonly File[], maxBytes: number): Promise<FileRefusal | undefined> {
  const [file] = files
  if (file === undefined || files.length > 1) return 'several'
  if (file.size > maxBytes) return 'tooLarge'
  const head = await headOf(file)
  // A folder has a size but no content.
  if (head === undefined) return file.type === '' && !file.name.includes('.') ? 'folder' : 'unreadable'
  if (file.size === 0) return 'empty'
  return signatures.find(({ bytes }) => bytes.every((byte, index) => head[index] === byte))?.kind
}

/** Undefined: the file cannot be read. */
async function headOf(file: File): Promise<Uint8Array | undefined> {
  try {
    return new Uint8Array(await file.slice(0, longestSignature).arrayBuffer())
  } catch {
    return undefined
  }
}
