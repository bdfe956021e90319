import { buffer } from 'node:stream/consumers'
import type { FileProblemCode } from '@stagewatch/shared/contract/file-problem.ts'
import { shownText } from '../../platform/english-text.ts'
import { readHead } from './byte-source.ts'
import { FileError } from './file-error.ts'
import { fileKind } from './file-kind.ts'
import { openCsv } from './open-csv.ts'
import { openXes } from './open-xes.ts'
import { openXlsx } from './open-xlsx.ts'
import type { TableFile, TableOptions } from './table-file.ts'
import type { ZipArchive } from './zip-archive.ts'
import { openZip } from './zip-archive.ts'

/** A workbook within an archive is decompressed into memory, because its parts are read in random order. */
const maxWorkbookBytes = 256 * 1024 * 1024

/** Parts that identify other document types based on zip archives. */
const documents: readonly (readonly [part: string, name: string, problem: FileProblemCode])[] = [
  ['xl/workbook.bin', 'a binary workbook (.xlsb): save it as .xlsx', 'other_workbook'],
  ['content.xml', 'an OpenDocument file (.ods): save it as .xlsx or CSV', 'other_workbook'],
  ['word/document.xml', 'a Word document: export the table as CSV or XLSX', 'document'],
  ['ppt/presentation.xml', 'a presentation: export the table as CSV or XLSX', 'document'],
  ['Index/Document.iwa', 'a document of Apple Numbers: export it as .xlsx or CSV', 'other_workbook'],
]

/**
 * Opens a workbook, or an archive that contains one table or workbook.
 * @throws AppError that names the archive type if it is not supported.
 */
export async function openZipped(path: string, options: TableOptions): Promise<TableFile> {
  return openArchive(path, options, (archive) => openOnlyFile(archive, options))
}

async function openArchive(
  source: string | Buffer,
  options: TableOptions,
  openOther: (archive: ZipArchive) => Promise<TableFile>,
): Promise<TableFile> {
  const archive = await openZip(source)
  try {
    const document = documents.find(([part]) => archive.has(part))
    if (document) throw new FileError('unsupported_media_type', document[2], `this file is ${document[1]}`)
    if (archive.has('[Content_Types].xml')) return await openXlsx(archive, options)
    return await openOther(archive)
  } catch (error) {
    archive.close()
    throw error
  }
}

async function openOnlyFile(archive: ZipArchive, options: TableOptions): Promise<TableFile> {
  const names = archive.names.filter((name) => !isBeside(name))
  const [name] = names
  if (name === undefined) throw new FileError('bad_request', 'empty_archive', 'the zip archive is empty')
  if (names.length > 1) {
    const shown = names.slice(0, 5).map(shownText).join(', ')
    throw new FileError(
      'unsupported_media_type',
      'several_files',
      `this file is a zip archive with ${names.length} files (${shown}${names.length > 5 ? ' …' : ''}): unpack it and import them one by one`,
      { params: { count: names.length, names: shown } },
    )
  }
  const bytes = archive.bytesOf(name)
  const head = await readHead(bytes)
  if (head.length === 0)
    throw new FileError('bad_request', 'empty_file', `${shownText(name)} in the zip archive is empty`)
  const found = fileKind(head)
  if (found.kind === 'other')
    throw new FileError(
      'unsupported_media_type',
      found.problem,
      `${shownText(name)} in the zip archive is ${found.name}: ${found.advice}`,
    )
  if (found.kind === 'xml') return openXes(bytes, options)
  if (found.kind === 'text') return openCsv(bytes, options)
  if (archive.sizeOf(name) > maxWorkbookBytes)
    throw new FileError(
      'too_large',
      'large_part',
      `${shownText(name)} in the zip archive is too large to be read there: unpack it first`,
      { params: { name: shownText(name) } },
    )
  const workbook = await openArchive(await buffer(bytes.pieces()), options, () => {
    // An archive can contain a copy of itself, so archives in archives might never end.
    throw new FileError(
      'unsupported_media_type',
      'packed',
      `${shownText(name)} in the zip archive is another archive: unpack it first`,
    )
  })
  archive.close()
  return workbook
}

/** Whether the entry is a folder, or a file that file managers add to archives. */
function isBeside(name: string): boolean {
  return name.endsWith('/') || name.startsWith('__MACOSX/') || /(^|\/)(\.|Thumbs\.db$)/.test(name)
}
