import { maxStages } from '@stagewatch/shared/contract/process.ts'
import { AppError } from '../../platform/app-error.ts'
import { cleanCell } from '../files/cells/clean-cell.ts'
import type { ColumnReadings } from '../files/cells/column-readings.ts'
import type { SurveyFindings } from '../files/cells/survey-columns.ts'
import { ColumnSurvey } from '../files/cells/survey-columns.ts'
import { eventFileColumns } from '../files/event-row.ts'
import type { Columns } from '../files/find-columns.ts'
import type { OrderGenerations } from '../files/order-generations.ts'
import { orderFileColumns } from '../files/order-row.ts'
import type { TableFile, TableRecord } from '../tables/table-file.ts'
import { shownText } from '../tables/table-remarks.ts'
import type { FileOptions } from './file-options.ts'
import type { ImportMonitor } from './import-monitor.ts'
import { openFile } from './open-file.ts'

const reportEveryRows = 5000

/** A file that is open, how it is read, and what a report says of its columns. */
export interface SurveyedFile {
  /** To be closed by whoever has asked for the survey. */
  readonly file: TableFile
  readonly how: FileOptions
  readonly readings: ColumnReadings
  readonly findings: SurveyFindings
  /** Tells orders with the same number apart; undefined: nobody has asked for that. */
  readonly generations?: OrderGenerations
}

/**
 * Opens a file and reads all of it to find out how its times and numbers are written, so that every later pass reads
 * them alike.
 * @throws AppError when it has no column for what every row needs, or more stages than it may. A file that breaks off
 * is surveyed until there.
 */
export async function surveyFile(options: FileOptions, monitor: ImportMonitor): Promise<SurveyedFile> {
  const { file, how } = await openFile(options)
  const progress = monitor.openProgress('columns')
  try {
    const columns: Columns<string> = how.orders
      ? orderFileColumns(file.header, how.columns)
      : eventFileColumns(file.header, how.columns)
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

const shownStages = 3

/** Refuses a file whose column of stages is rather one of numbers, before anything of it is sent. */
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

  /** Cells that differ only in what is cleaned off them are one stage. */
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
 * Hands out the rows of a file as far as it can be read: why it breaks off is for the pass to say that sends its rows.
 * @returns false: somebody has stopped it.
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
