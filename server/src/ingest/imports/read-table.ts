import { isTellingHeader } from '../files/known-headers.ts'
import { reportLimits } from '@stagewatch/shared/contract/import-report.ts'
import type { ReadTable } from '@stagewatch/shared/contract/uploads.ts'
import { AppError } from '../../platform/app-error.ts'
import { openTable } from '../tables/open-table.ts'
import { fileOptionsOf } from './file-options.ts'
import type { ReadTask } from './import-messages.ts'
import { shownCell } from './preview-rows.ts'
import { recordsOf } from '../tables/table-file.ts'

/** The first rows of a file as they are, for users who choose how to read it. Undefined if it is not a table. */
export async function readTable({ path, order }: ReadTask): Promise<ReadTable | undefined> {
  try {
    const file = await openTable(path, { ...fileOptionsOf(path, order.mapping).table, isTellingHeader })
    try {
      const rows: ReadTable['rows'][number][] = []
      for await (const { line, cells } of recordsOf(file)) {
        rows.push({ line, cells: cells.map(shownCell) })
        if (rows.length === reportLimits.preview) break
      }
      return { file: { ...file.facts }, header: file.header.map(shownCell), rows }
    } finally {
      await file.close()
    }
  } catch (error) {
    if (error instanceof AppError) return undefined
    throw error
  }
}
