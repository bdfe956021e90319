import { AppError } from '../../platform/app-error.ts'
import type { CellRules, ColumnReadings } from '../files/cells/column-readings.ts'
import type { SurveyFindings } from '../files/cells/survey-columns.ts'
import { surveyColumns } from '../files/cells/survey-columns.ts'
import { eventFileColumns } from '../files/event-row.ts'
import { openTable } from '../tables/open-table.ts'
import type { TableFile, TableRecord } from '../tables/table-file.ts'
import { orderFileColumns } from '../files/order-row.ts'
import type { ImportFileOptions } from './file-options.ts'
import type { ImportMonitor } from './import-monitor.ts'

const reportEveryRows = 5000

/** How the columns of a file are read, and what a report says of them. */
export interface SurveyedFile {
  readonly readings: ColumnReadings
  readonly findings: SurveyFindings
}

/**
 * Reads a whole file to find out how its times and numbers are written, so that every later pass reads them alike.
 * @throws AppError when it has no column for what every row needs. A file that breaks off is surveyed until there.
 */
export async function surveyFile(
  options: Pick<ImportFileOptions, 'path' | 'table' | 'orders' | 'columns'> & CellRules,
  monitor: ImportMonitor,
): Promise<SurveyedFile> {
  const file = await openTable(options.path, options.table)
  const progress = monitor.openProgress('columns')
  try {
    const columns = options.orders
      ? orderFileColumns(file.header, options.columns)
      : eventFileColumns(file.header, options.columns)
    const records = recordsUntilBroken(file, monitor, (row) => progress.update(file.readBytes() / file.sizeBytes, row))
    const survey = await surveyColumns(records, { columns, width: file.header.length }, options)
    return { readings: survey.readings(), findings: survey.findings() }
  } finally {
    progress.close()
    await file.close()
  }
}

/** Why a file breaks off is for the pass to say that sends its rows. */
async function* recordsUntilBroken(
  file: TableFile,
  monitor: ImportMonitor,
  report: (row: number) => void,
): AsyncGenerator<TableRecord> {
  try {
    for await (const record of file.records) {
      if (record.row % reportEveryRows === 0) report(record.row)
      if (monitor.stopped.aborted) return
      yield record
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
  }
}
