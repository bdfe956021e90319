import { AppError } from '../platform/app-error.ts'
import type { EventRow } from '../ingest/files/event-row.ts'
import { eventRowReader } from '../ingest/files/event-row.ts'
import { RepeatedRows } from '../ingest/files/repeated-rows.ts'
import { isReadUpward } from '../ingest/files/row-direction.ts'
import type { Terminal } from './command.ts'
import type { FileOptions } from '../ingest/imports/file-options.ts'
import type { RowTally } from '../ingest/imports/row-tally.ts'
import { terminalMonitor } from './progress.ts'
import { surveyFile } from '../ingest/imports/survey-file.ts'
import { recordsOf } from '../ingest/tables/table-file.ts'

/** About 1 GB of rows in memory. */
const maxRows = 2_000_000

/**
 * The rows of a file sorted by time; rows of the same instant stay in file order. Counts rows that cannot be read.
 * @throws AppError if the file has too many rows to be sorted in memory.
 */
export async function loadReplayRows(
  options: FileOptions,
  tally: RowTally,
  terminal: Terminal,
): Promise<readonly EventRow[]> {
  const { file, how, readings } = await surveyFile(options, terminalMonitor(terminal))
  try {
    if (how.orders)
      throw new AppError('bad_request', 'a row of this file is an order with its facts: nothing happens in it')
    const reader = eventRowReader(file.header, { ...how, readings })
    const repeated = RepeatedRows.of(how.duplicates, reader.columns)
    const rows: EventRow[] = []
    for await (const record of recordsOf(file)) {
      if (record.row > maxRows)
        throw new AppError(
          'too_large',
          `a replay sorts its rows in memory; the file has more than ${maxRows}: split it`,
        )
      const outcome = reader.read(record)
      if (outcome.ok && repeated?.add(record.cells)) tally.countRepeated(record.line)
      else if (outcome.ok) rows.push(outcome.value)
      else tally.countRejected(record.line, outcome.rejection)
    }
    const chronological = isReadUpward(readings.direction, []) ? rows.toReversed() : rows
    return chronological.toSorted((a, b) => a.occurredAt - b.occurredAt)
  } finally {
    await file.close()
  }
}
