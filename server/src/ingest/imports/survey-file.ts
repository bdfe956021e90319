import { maxStages } from '@stagewatch/shared/contract/process.ts'
import { shownText } from '../../platform/english-text.ts'
import { AppError } from '../../platform/app-error.ts'
import { cleanCell } from '../files/cells/clean-cell.ts'
import type { ColumnReadings } from '../files/cells/column-readings.ts'
import type { SurveyFindings } from '../files/cells/survey-columns.ts'
import { ColumnSurvey } from '../files/cells/survey-columns.ts'
import { eventFileColumns } from '../files/event-row.ts'
import type { Columns } from '../files/find-columns.ts'
import type { OrderGenerations } from '../files/order-generations.ts'
import { orderFileColumns } from '../files/order-row.ts'
import { hasEventLines } from '../tables/open-event-lines.ts'
import type { TableFile, TableRecord } from '../tables/table-file.ts'
import type { FileOptions } from './file-options.ts'
import type { ImportMonitor } from './import-monitor.ts'
import { openFile } from './open-file.ts'

const reportEveryRows = 5000

/** An open file, how to read it, and the findings about its columns. */
export interface SurveyedFile {
  /** The caller of the survey has to close it. */
  readonly file: TableFile
  readonly how: FileOptions
  readonly readings: ColumnReadings
  readonly findings: SurveyFindings
  /** Distinguishes orders with the same number; undefined if the options do not require it. */
  readonly generations?: OrderGenerations
}

/**
 * Opens a file and reads all of it to detect how its times and numbers are written, so that every later pass reads them
 * the same way.
 * @throws AppError if a required column is missing or there are more stages than allowed. A file that turns out to be
 * broken is surveyed up to that point.
 */
export async function surveyFile(options: FileOptions, monitor: ImportMonitor): Promise<SurveyedFile> {
  const { file, how } = await openFile(options)
  const progress = monitor.openProgress('columns')
  try {
    const columns = columnsOf(file, how)
    const stages = new StageGuard(columns, how)
    const survey = new ColumnSurvey(columns, file.header.length, how)
    const take = (record: TableRecord) => {
      if (record.row % reportEveryRows === 0) progress.update(file.readBytes() / file.sizeBytes, record.row)
      survey.add(record)
      stages.add(record)
    }
    if (await readUntilBroken(file, take, monitor.stopped)) stages.end()
    return { file, how, readings: survey.readings(), findings: survey.findings() }
  } catch (error) {
    await file.close()
    throw error
  } finally {
    progress.close()
  }
}

/** A file of complete events has no columns to survey. */
function columnsOf(file: TableFile, how: FileOptions): Columns<string> {
  if (hasEventLines(file)) return {}
  return how.orders ? orderFileColumns(file.header, how.columns) : eventFileColumns(file.header, how.columns)
}

const shownStages = 3

/** Rejects a file whose stage column probably contains numbers, before any of it is sent. */
class StageGuard {
  readonly #column: Columns<string>[string]
  readonly #max: number
  readonly #stages = new Set<string>()

  constructor({ stage }: Columns<string>, options: FileOptions) {
    this.#column = stage
    this.#max = options.maxStages
  }

  add({ cells, problem }: TableRecord): void {
    if (this.#column === undefined || problem !== undefined) return
    const cell = cells[this.#column.index]
    if (cell === undefined || this.#stages.has(cell)) return
    if (this.#stages.size >= 2 * this.#max) this.#refuse()
    this.#stages.add(cell)
  }

  /** Cells that only differ in what cleaning removes are the same stage. */
  end(): void {
    if (this.#stages.size <= this.#max) return
    const clean = new Set([...this.#stages].map((cell) => cleanCell(cell, 'text')).filter((cell) => cell !== ''))
    if (clean.size > this.#max) this.#refuse()
  }

  #refuse(): never {
    const shown = [...this.#stages].slice(0, shownStages).map(shownText).join(', ')
    const header = shownText(this.#column?.header ?? '')
    throw new AppError(
      'too_large',
      `the column ${header}, read as the stage, has more than ${this.#max} different values (${shown} …): if it is no stage, say with --column stage=HEADER which column is one; if it is, leave rows out${this.#max < maxStages ? ', or raise --max-stages' : ', because a process has no more'}`,
      { field: 'stage' },
    )
  }
}

/**
 * Passes on the rows of a file as far as it can be read; the pass that sends the rows reports why the file is broken.
 * @returns false if the user stopped it.
 */
async function readUntilBroken(
  file: TableFile,
  take: (record: TableRecord) => void,
  stopped: AbortSignal,
): Promise<boolean> {
  try {
    for await (const batch of file.batches) {
      for (const record of batch) take(record)
      if (stopped.aborted) return false
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    if (error.field === 'stage') throw error
  }
  return true
}
