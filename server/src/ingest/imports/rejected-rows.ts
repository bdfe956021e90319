import { once } from 'node:events'
import type { WriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { finished } from 'node:stream/promises'
import { AppError } from '../../platform/app-error.ts'
import type { Rejection } from '../tables/rejection.ts'
import type { TableRecord } from '../tables/table-file.ts'

/** Includes full-width characters, because spreadsheets treat them like the ASCII ones. */
const formulaStart = /^[=+\-@\t\r＝＋－＠]/

/** Writes the rejected rows of a file as CSV, unchanged and with the reason. */
export interface RejectedRows {
  add(record: TableRecord, rejection: Rejection): Promise<void>
  /** Number of rows omitted because the file would have become too large. */
  readonly leftOut: number
  close(): Promise<void>
}

/**
 * Replaces the file, which has at most `maxBytes`. It starts with a byte order mark, by which spreadsheets recognize
 * UTF-8.
 * @throws AppError if the file cannot be written.
 */
export async function openRejectedRows(
  path: string,
  header: readonly string[],
  maxBytes = Infinity,
): Promise<RejectedRows> {
  const file = await open(path, 'w').catch((error: unknown) => {
    throw new AppError('not_found', `cannot write ${path}: ${String(error)}`)
  })
  const stream = file.createWriteStream()
  await writeText(stream, `\uFEFF${csvLine([...header, 'line', 'code', 'field', 'reason'])}`)
  let leftOut = 0
  return {
    async add({ cells, line }, { code, field, message }) {
      if (stream.bytesWritten + stream.writableLength >= maxBytes) {
        leftOut += 1
        return
      }
      const padded = header.map((_, i) => cells[i] ?? '')
      await writeText(stream, csvLine([...padded, String(line), code, field, message]))
    },
    get leftOut() {
      return leftOut
    },
    async close() {
      stream.end()
      await finished(stream)
    },
  }
}

async function writeText(stream: WriteStream, text: string): Promise<void> {
  if (!stream.write(text)) await once(stream, 'drain')
}

/**
 * Cells are quoted where CSV requires it, and values that a spreadsheet would run as a formula are turned into text.
 */
function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}

function csvCell(text: string): string {
  const harmless = formulaStart.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
