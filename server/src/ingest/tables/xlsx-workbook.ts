import { posix } from 'node:path'
import { shownText } from '../../platform/english-text.ts'
import { FileError } from './file-error.ts'
import { readXml } from './read-xml.ts'
import { ownText } from './text-lines.ts'
import type { NumberFormat } from './xlsx-values.ts'
import { builtInFormat, numberFormat } from './xlsx-values.ts'
import type { ZipArchive } from './zip-archive.ts'

/** UTF-16 code units. The texts of a workbook are in one table that its cells refer to, and must be in memory. */
const maxSharedText = 256 * 1024 * 1024

/** Data that the cells of a sheet refer to. */
export interface Workbook {
  readonly sheets: readonly string[]
  /** Name of the sheet that is read, and of its part in the archive. */
  readonly sheet: string
  readonly part: string
  readonly texts: readonly string[]
  readonly formats: readonly NumberFormat[]
  readonly since1904: boolean
}

interface Relationship {
  readonly type: string
  readonly part: string
}

/**
 * @param sheet name of the sheet; undefined selects the first visible one
 * @throws AppError if it is not a workbook, or has no such sheet.
 */
export async function readWorkbook(archive: ZipArchive, sheet: string | undefined): Promise<Workbook> {
  const root = [...(await readRelationships(archive, '')).values()].find(({ type }) => type === 'officeDocument')
  const path = root?.part ?? 'xl/workbook.xml'
  const relationships = await readRelationships(archive, path)
  const sheets: { name: string; part: string; hidden: boolean }[] = []
  let since1904 = false
  await readPart(archive, path, {
    open(name, attributes) {
      if (name === 'workbookPr') since1904 = attributes['date1904'] === '1' || attributes['date1904'] === 'true'
      if (name !== 'sheet') return
      const id = Object.entries(attributes).find(([key]) => key.endsWith(':id'))?.[1] ?? ''
      const relationship = relationships.get(id)
      if (relationship?.type !== 'worksheet') return
      const hidden = (attributes['state'] ?? 'visible') !== 'visible'
      sheets.push({ name: attributes['name'] ?? '', part: relationship.part, hidden })
    },
    close: () => {},
  })
  const chosen =
    sheet === undefined
      ? (sheets.find(({ hidden }) => !hidden) ?? sheets[0])
      : sheets.find(({ name }) => sameName(name, sheet))
  const names = sheets.map(({ name }) => name)
  if (chosen === undefined)
    throw sheet === undefined
      ? new FileError('bad_request', 'no_sheets', 'the workbook has no sheet with cells')
      : noSheet(shownText(sheet), names.map(shownText).join(', '))
  const partOf = (type: string) => [...relationships.values()].find((relationship) => relationship.type === type)?.part
  return {
    sheets: names,
    sheet: chosen.name,
    part: chosen.part,
    texts: await readTexts(archive, partOf('sharedStrings')),
    formats: await readFormats(archive, partOf('styles')),
    since1904,
  }
}

function sameName(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase()
}

/** Parts that a part refers to, by relationship id; '' stands for the archive as a whole. */
async function readRelationships(archive: ZipArchive, part: string): Promise<ReadonlyMap<string, Relationship>> {
  const folder = posix.dirname(part)
  const path = posix.join(folder, '_rels', `${posix.basename(part)}.rels`)
  const found = new Map<string, Relationship>()
  await readPart(archive, path, {
    open(name, { Id = '', Type = '', Target = '' }) {
      if (name !== 'Relationship') return
      const target = Target.startsWith('/') ? Target.slice(1) : posix.join(folder, Target)
      found.set(Id, { type: Type.slice(Type.lastIndexOf('/') + 1), part: target })
    },
    close: () => {},
  })
  return found
}

async function readTexts(archive: ZipArchive, part: string | undefined): Promise<string[]> {
  const texts: string[] = []
  if (part === undefined || !archive.has(part)) return texts
  const text = new CellText()
  let length = 0
  await readPart(archive, part, {
    open: (name) => text.open(name),
    text: (piece) => text.add(piece),
    close(name) {
      text.close(name)
      if (name !== 'si') return
      texts.push(text.take())
      length += texts.at(-1)?.length ?? 0
      if (length > maxSharedText)
        throw new FileError('too_large', 'too_complex', 'the workbook has too many different texts; save it as CSV')
    },
  })
  return texts
}

async function readFormats(archive: ZipArchive, part: string | undefined): Promise<NumberFormat[]> {
  const codes = new Map<number, NumberFormat>()
  const formats: NumberFormat[] = []
  if (part === undefined || !archive.has(part)) return formats
  let inCells = false
  await readPart(archive, part, {
    open(name, attributes) {
      const id = Number(attributes['numFmtId'] ?? 0)
      if (name === 'numFmt') codes.set(id, numberFormat(attributes['formatCode'] ?? ''))
      else if (name === 'cellXfs') inCells = true
      else if (name === 'xf' && inCells) formats.push(codes.get(id) ?? builtInFormat(id))
    },
    close(name) {
      if (name === 'cellXfs') inCells = false
    },
  })
  return formats
}

async function readPart(archive: ZipArchive, part: string, handlers: Parameters<typeof readXml>[2]): Promise<void> {
  for await (const _ of readXml(archive.bytesOf(part), 'utf-8', handlers));
}

/** Collects the text of a cell, which may consist of runs in different fonts; phonetic text is excluded. */
export class CellText {
  #text = ''
  #inText = false
  #inPhonetic = false

  open(name: string): void {
    if (name === 't') this.#inText = true
    else if (name === 'rPh') this.#inPhonetic = true
  }

  close(name: string): void {
    if (name === 't') this.#inText = false
    else if (name === 'rPh') this.#inPhonetic = false
  }

  add(piece: string): void {
    if (this.#inText && !this.#inPhonetic) this.#text += piece
  }

  take(): string {
    const text = this.#text
    this.#text = ''
    return ownText(text.includes('_x') ? unescaped(text) : text)
  }
}

/** Characters that XML cannot represent are written as `_x000D_`. */
function unescaped(text: string): string {
  return text.replaceAll(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
}

function noSheet(sheet: string, sheets: string): FileError {
  const message = `the workbook has no sheet ${sheet}; it has: ${sheets}`
  return new FileError('bad_request', 'no_sheet', message, { params: { sheet, sheets } })
}
