import { AppError } from '../platform/app-error.ts'
import type { CellRules, ColumnReadings } from '../ingest/files/cells/column-readings.ts'
import type { SurveyFindings } from '../ingest/files/cells/survey-columns.ts'
import { surveyColumns } from '../ingest/files/cells/survey-columns.ts'
import { eventFileColumns } from '../ingest/files/event-row.ts'
import { openTable } from '../ingest/tables/open-table.ts'
import type { TableFile, TableOptions, TableRecord } from '../ingest/tables/table-file.ts'
import type { ChosenColumns } from '../ingest/files/find-columns.ts'
import { orderFileColumns } from '../ingest/files/order-row.ts'
import type { Terminal } from './command.ts'
import { openProgress } from './progress.ts'

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
  options: CellRules & {
    readonly path: string
    readonly table: TableOptions
    readonly orders: boolean
    readonly columns?: ChosenColumns | undefined
  },
  terminal: Terminal,
): Promise<SurveyedFile> {
  const file = await openTable(options.path, options.table)
  const progress = openProgress(terminal, 'looking at the columns')
  try {
    const columns = options.orders
      ? orderFileColumns(file.header, options.columns)
      : eventFileColumns(file.header, options.columns)
    const records = recordsUntilBroken(file, terminal, (row) =>
      progress.update(file.readBytes() / file.sizeBytes, `${row} rows`),
    )
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
  terminal: Terminal,
  report: (row: number) => void,
): AsyncGenerator<TableRecord> {
  try {
    for await (const record of file.records) {
      if (record.row % reportEveryRows === 0) report(record.row)
      if (terminal.stopped.aborted) return
      yield record
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
  }
}
