/** What a file is by its first bytes, and what to do with it when it is no table. */
export type FileKind =
  | { readonly kind: 'text' | 'zip' | 'xml' }
  | { readonly kind: 'other'; readonly name: string; readonly advice: string }

const exportAsCsv = 'export it as CSV or XLSX'
const unpackFirst = 'unpack it first'

/** Beginnings of files in hexadecimal. */
const magicNumbers: readonly (readonly [prefix: string, name: string, advice: string])[] = [
  ['d0cf11e0a1b11ae1', 'an old Excel workbook (.xls) or one with a password', 'save it as .xlsx without a password'],
  ['25504446', 'a PDF document', 'export the table from the system that printed it'],
  ['50415231', 'a Parquet file', exportAsCsv],
  ['4f5243', 'an ORC file', exportAsCsv],
  ['4f626a01', 'an Avro file', exportAsCsv],
  ['53514c69746520666f726d6174203300', 'an SQLite database', exportAsCsv],
  ['28b52ffd', 'packed with zstd', `${unpackFirst} (zstd -d), or pack it with gzip`],
  ['fd377a585a00', 'packed with xz', `${unpackFirst} (xz -d), or pack it with gzip`],
  ['425a68', 'packed with bzip2', `${unpackFirst} (bzip2 -d), or pack it with gzip`],
  ['04224d18', 'packed with lz4', `${unpackFirst} (lz4 -d), or pack it with gzip`],
  ['377abcaf271c', 'a 7-Zip archive', unpackFirst],
  ['526172211a07', 'a RAR archive', unpackFirst],
  ['1f8b', 'gzipped twice', `${unpackFirst} (gunzip)`],
  ['89504e470d0a1a0a', 'a picture (PNG)', exportAsCsv],
  ['ffd8ff', 'a picture (JPEG)', exportAsCsv],
  ['fffe0000', 'a text in UTF-32', 'save it as UTF-8'],
  ['0000feff', 'a text in UTF-32', 'save it as UTF-8'],
]

const htmlAdvice = 'open it in a spreadsheet and save it as CSV or XLSX'

/** `head`: the first bytes, unpacked if the file is gzipped. */
export function fileKind(head: Buffer): FileKind {
  const hex = head.toString('hex', 0, 16)
  if (hex.startsWith('504b0304') || hex.startsWith('504b0506')) return { kind: 'zip' }
  const magic = magicNumbers.find(([prefix]) => hex.startsWith(prefix))
  if (magic) return other(magic[1], magic[2])
  return textKind(asciiOf(head))
}

function textKind(text: string): FileKind {
  const begin = text.trimStart().slice(0, 4096)
  if (begin.startsWith('<')) return markupKind(begin)
  if (/^\{\s*"[^"]*"\s*:/.test(begin)) return other(jsonName(begin), exportAsCsv)
  if (/^\[\s*[{["\]]/.test(begin)) return other('a JSON file', exportAsCsv)
  if (begin.startsWith(String.raw`{\rtf`)) return other('a document (RTF)', exportAsCsv)
  if (/^MIME-Version:/i.test(begin)) return other('a web page saved as .mht or .xls', htmlAdvice)
  return { kind: 'text' }
}

/** An object in each of several lines is JSON Lines. */
function jsonName(begin: string): string {
  return /\}\s*\n\s*\{/.test(begin) ? 'a JSON Lines file' : 'a JSON file'
}

function markupKind(begin: string): FileKind {
  const root = /<(?![?!])([\w:.-]+)/.exec(begin.replaceAll(/<!--.*?-->/gs, ''))?.[1]?.toLowerCase()
  if (/^<!doctype html/i.test(begin)) return other('a web page (HTML)', htmlAdvice)
  if (root === undefined) return /^<[?!]/.test(begin) ? { kind: 'xml' } : { kind: 'text' }
  if (htmlElements.has(root)) return other('an HTML table, even if it is called .xls', htmlAdvice)
  if (root === 'workbook' || root === 'ss:workbook')
    return other('an XML spreadsheet of Excel 2003', 'save it as .xlsx')
  const isXml = /^<[?!]/.test(begin) || root === 'log' || /<\/|\/>/.test(begin)
  return { kind: isXml ? 'xml' : 'text' }
}

const htmlElements: ReadonlySet<string> = new Set([
  'html',
  'head',
  'body',
  'table',
  'div',
  'meta',
  'style',
  'tr',
  'script',
])

function other(name: string, advice: string): FileKind {
  return { kind: 'other', name, advice }
}

/** Enough of a text to know its kind by: UTF-16 and byte order marks are reduced to ASCII. */
function asciiOf(head: Buffer): string {
  const text = head.toString('latin1', 0, 8192)
  return (text.includes('\0') ? text.replaceAll('\0', '') : text).replace(
    /^(\u00EF\u00BB\u00BF|\u00FF\u00FE|\u00FE\u00FF)/,
    '',
  )
}
