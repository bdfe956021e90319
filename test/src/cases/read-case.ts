import type { RowMeaning } from '@stagewatch/shared/contract/import-mapping.ts'
import { CellCounts } from '@stagewatch/server/ingest/files/cells/cell-counts.ts'
import type { CellRules } from '@stagewatch/server/ingest/files/cells/column-readings.ts'
import type { SurveyFindings } from '@stagewatch/server/ingest/files/cells/survey-columns.ts'
import { ColumnSurvey } from '@stagewatch/server/ingest/files/cells/survey-columns.ts'
import { ZonedClock } from '@stagewatch/server/ingest/files/cells/zoned-clock.ts'
import type { EventRow } from '@stagewatch/server/ingest/files/event-row.ts'
import { eventFileColumns, eventRowReader } from '@stagewatch/server/ingest/files/event-row.ts'
import type { FileEvent } from '@stagewatch/server/ingest/files/file-event.ts'
import type { Columns } from '@stagewatch/server/ingest/files/find-columns.ts'
import { openTable } from '@stagewatch/server/ingest/tables/open-table.ts'
import type { TableRemark } from '@stagewatch/server/ingest/tables/table-remarks.ts'
import { orderFileColumns, orderRowReader } from '@stagewatch/server/ingest/files/order-row.ts'
import type { Rejection } from '@stagewatch/server/ingest/tables/rejection.ts'
import type { RowReader, RowRules } from '@stagewatch/server/ingest/files/row-reader.ts'
import { recordsOf } from '@stagewatch/server/ingest/tables/table-file.ts'

/** The result of reading the rows of a file. */
export interface ReadCase<T> {
  readonly rows: readonly T[]
  readonly rejected: readonly (Rejection & { readonly line: number })[]
  readonly counts: CellCounts
  readonly findings: SurveyFindings
  /** Remarks about the file as a table. */
  readonly remarks: readonly TableRemark[]
}

export interface CaseOptions extends Omit<CellRules, 'clock'> {
  readonly zone?: string
  readonly as?: RowMeaning
}

/** Reads a file of events as an import does: all of it once to detect the columns, then its rows. */
export function readEvents(path: string, { as = 'entered', ...options }: CaseOptions = {}) {
  return readCase<EventRow>(path, options, eventFileColumns, (header, rules) =>
    eventRowReader(header, { ...rules, as }),
  )
}

/** Reads a file of orders in the same way. */
export function readOrders(path: string, options: CaseOptions = {}) {
  const origin = { source: 'import', process: undefined, importedAt: 1_700_000_000_000 }
  return readCase<FileEvent>(path, options, orderFileColumns, (header, rules) =>
    orderRowReader(header, { ...rules, ...origin }),
  )
}

async function readCase<T>(
  path: string,
  { zone, ...told }: CaseOptions,
  columnsOf: (header: readonly string[]) => Columns<string>,
  readerOf: (header: readonly string[], rules: RowRules) => RowReader<T>,
): Promise<ReadCase<T>> {
  const rules = { ...told, clock: zone === undefined ? undefined : new ZonedClock(zone) }
  const table = await openTable(path)
  const file = { columns: columnsOf(table.header), width: table.header.length }
  const survey = new ColumnSurvey(file.columns, file.width, rules)
  for await (const record of recordsOf(table)) survey.add(record)
  const counts = new CellCounts()
  const reader = readerOf(table.header, { ...rules, readings: survey.readings(), counts })
  const [rows, rejected]: [T[], ReadCase<T>['rejected'][number][]] = [[], []]
  for await (const record of recordsOf(table)) {
    const outcome = reader.read(record)
    if (outcome.ok) rows.push(outcome.value)
    else rejected.push({ ...outcome.rejection, line: record.line })
  }
  const remarks = table.remarks()
  await table.close()
  return { rows, rejected, counts, findings: survey.findings(), remarks }
}
