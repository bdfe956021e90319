import type { FileProblemCode } from '@stagewatch/shared/contract/file-problem.ts'

/** File type detected from its first bytes, and advice if it is not a table. */
export type FileKind =
  | { readonly kind: 'text' | 'zip' | 'xml' | 'event_lines' }
  | {
      readonly kind: 'other'
      readonly name: string
      readonly advice: string
      readonly problem: FileProblemCode
    }

const exportAsCsv = 'export it as CSV or XLSX'
const unpackFirst = 'unpack it first'

/** Magic numbers of file formats in hexadecimal. */
const magicNumbers: readonly (readonly [prefix: string, problem: FileProblemCode, name: string, advice: string])[] = [
  [
    'd0cf11e0a1b11ae1',
    'old_excel',
    'an old Excel workbook (.xls) or one with a password',
    'save it as .xlsx without a password',
  ],
  ['25504446', 'pdf', 'a PDF document', 'export the table from the system that printed it'],
  ['50415231', 'data_file', 'a Parquet file', exportAsCsv],
  ['4f5243', 'data_file', 'an ORC file', exportAsCsv],
  ['4f626a01', 'data_file', 'an Avro file', exportAsCsv],
  ['53514c69746520666f726d6174203300', 'data_file', 'an SQLite database', exportAsCsv],
  ['28b52ffd', 'packed', 'packed with zstd', `${unpackFirst} (zstd -d), or pack it with gzip`],
  ['fd377a585a00', 'packed', 'packed with xz', `${unpackFirst} (xz -d), or pack it with gzip`],
  ['425a68', 'packed', 'packed with bzip2', `${unpackFirst} (bzip2 -d), or pack it with gzip`],
  ['04224d18', 'packed', 'packed with lz4', `${unpackFirst} (lz4 -d), or pack it with gzip`],
  ['377abcaf271c', 'packed', 'a 7-Zip archive', unpackFirst],
  ['526172211a07', 'packed', 'a RAR archive', unpackFirst],
  ['1f8b', 'packed', 'gzipped within another archive', `${unpackFirst} (gunzip)`],
  ['89504e470d0a1a0a', 'picture', 'a picture (PNG)', exportAsCsv],
  ['ffd8ff', 'picture', 'a picture (JPEG)', exportAsCsv],
  ['fffe0000', 'utf_32', 'a text in UTF-32', 'save it as UTF-8'],
  ['0000feff', 'utf_32', 'a text in UTF-32', 'save it as UTF-8'],
]

const htmlAdvice = 'open it in a spreadsheet and save it as CSV or XLSX'

/** @param head first bytes, decompressed if the file is gzipped. */
export function fileKind(head: Buffer): FileKind {
  const hex = head.toString('hex', 0, 16)
  if (hex.startsWith('504b0304') || hex.startsWith('504b0506')) return { kind: 'zip' }
  const magic = magicNumbers.find(([prefix]) => hex.startsWith(prefix))
  if (magic) return other(magic[1], magic[2], magic[3])
  return textKind(asciiOf(head))
}

function textKind(text: string): FileKind {
  const begin = text.trimStart().slice(0, 4096)
  if (begin.startsWith('<')) return markupKind(begin)
  if (/^\{\s*"[^"]*"\s*:/.test(begin))
    return hasEventLine(text) ? { kind: 'event_lines' } : other('data_file', jsonName(begin), exportAsCsv)
  if (/^\[\s*[{["\]]/.test(begin)) return other('data_file', 'a JSON file', exportAsCsv)
  if (begin.startsWith(String.raw`{\rtf`)) return other('document', 'a document (RTF)', exportAsCsv)
  if (/^MIME-Version:/i.test(begin)) return other('web_page', 'a web page saved as .mht or .xls', htmlAdvice)
  return { kind: 'text' }
}

/**
 * Whether a line begins an object with the fields of an event in the format of `POST /api/v1/events`. Other lines may be
 * damaged, which is reported for each of them.
 */
function hasEventLine(text: string): boolean {
  return text.split('\n').some((line) => /^\s*\{/.test(line) && eventFields.every((field) => line.includes(field)))
}

const eventFields = ['"source"', '"type"', '"order"', '"occurredAt"']

/** Several lines with one object each are JSON Lines. */
function jsonName(begin: string): string {
  return /\}\s*\n\s*\{/.test(begin) ? 'a JSON Lines file' : 'a JSON file'
}

function markupKind(begin: string): FileKind {
  const root = /<(?![?!])([\w:.-]+)/.exec(begin.replaceAll(/<!--.*?-->/gs, ''))?.[1]?.toLowerCase()
  if (/^<!doctype html/i.test(begin)) return other('web_page', 'a web page (HTML)', htmlAdvice)
  if (root === undefined) return /^<[?!]/.test(begin) ? { kind: 'xml' } : { kind: 'text' }
  if (htmlElements.has(root)) return other('web_page', 'an HTML table, even if it is called .xls', htmlAdvice)
  if (root === 'workbook' || root === 'ss:workbook')
    return other('old_excel', 'an XML spreadsheet of Excel 2003', 'save it as .xlsx')
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

function other(problem: FileProblemCode, name: string, advice: string): FileKind {
  return { kind: 'other', problem, name, advice }
}

/** Enough of a text to detect its type: UTF-16 and byte order marks are reduced to ASCII. */
function asciiOf(head: Buffer): string {
  const text = head.toString('latin1', 0, 8192)
  return (text.includes('\0') ? text.replaceAll('\0', '') : text).replace(
    /^(\u00EF\u00BB\u00BF|\u00FF\u00FE|\u00FE\u00FF)/,
    '',
  )
}
