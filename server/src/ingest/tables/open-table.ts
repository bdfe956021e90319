import { AppError } from '../../platform/app-error.ts'
import { FileError } from './file-error.ts'
import type { ByteSource } from './byte-source.ts'
import { openBytes, readHead } from './byte-source.ts'
import { fileKind } from './file-kind.ts'
import { openCsv } from './open-csv.ts'
import { openEventLines } from './open-event-lines.ts'
import { openXes } from './open-xes.ts'
import { openZipped } from './open-zipped.ts'
import type { TableFile, TableOptions } from './table-file.ts'

/**
 * Opens a file with a table: CSV, an event log (XES), a workbook (XLSX) or a line of JSON for each event, each optionally
 * gzipped or alone in a zip archive. The type is detected by its bytes, not its name.
 * @throws AppError that names the file type if it is not supported.
 */
export async function openTable(path: string, options: TableOptions = {}): Promise<TableFile> {
  checkEncoding(options.encoding)
  const source = await openBytes(path)
  try {
    return await openSource(source, options, path)
  } catch (error) {
    await source.close()
    throw error
  }
}

async function openSource(source: ByteSource, options: TableOptions, path: string): Promise<TableFile> {
  const head = await readHead(source)
  if (head.length === 0) throw new FileError('bad_request', 'empty_file', 'the file is empty')
  const found = fileKind(head)
  if (found.kind === 'other')
    throw new FileError('unsupported_media_type', found.problem, `this file is ${found.name}: ${found.advice}`)
  if (found.kind === 'xml') return openXes(source, options)
  if (found.kind === 'event_lines') return openEventLines(source, options)
  if (found.kind !== 'zip') return openCsv(source, options)
  if (source.compression === 'gzip')
    throw new FileError(
      'unsupported_media_type',
      'packed',
      'this file is a zip archive or workbook that is gzipped: unpack it first (gunzip)',
    )
  const table = await openZipped(path, options)
  await source.close()
  return table
}

/** Whether the label is defined by the Encoding Standard. */
export function isEncoding(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== ''
  } catch {
    return false
  }
}

function checkEncoding(encoding: string | undefined): void {
  if (encoding === undefined) return
  if (!isEncoding(encoding)) throw new AppError('bad_request', `no encoding is called ${encoding}`)
}
