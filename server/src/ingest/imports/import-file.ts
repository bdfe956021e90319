import { instantOf } from '@stagewatch/shared/domain/rfc3339.ts'
import type { RowMeaning } from '@stagewatch/shared/contract/import-mapping.ts'
import { AppError } from '../../platform/app-error.ts'
import { shownValue } from '../files/cells/clean-cell.ts'
import type { CellRemark } from '../files/cells/cell-counts.ts'
import { CellCounts } from '../files/cells/cell-counts.ts'
import type { SurveyFindings } from '../files/cells/survey-columns.ts'
import { eventLineReader } from '../files/event-line.ts'
import { eventRowReader, proposedMeaning } from '../files/event-row.ts'
import type { FileEvent } from '../files/file-event.ts'
import { FileEvents } from '../files/file-event.ts'
import type { OrderLinesFound, OrderRows } from '../files/order-lines.ts'
import { OrderLines } from '../files/order-lines.ts'
import { orderRowReader } from '../files/order-row.ts'
import type { OrderGenerations } from '../files/order-generations.ts'
import { renamedRow } from '../files/order-generations.ts'
import { RepeatedRows } from '../files/repeated-rows.ts'
import { ReusedOrders } from '../files/reused-orders.ts'
import { directionUnknown, isReadUpward } from '../files/row-direction.ts'
import type { Rejection } from '../tables/rejection.ts'
import type { RowReader, RowRules } from '../files/row-reader.ts'
import type { Columns } from '../files/find-columns.ts'
import type { TableFacts } from '../tables/table-facts.ts'
import type { TableRemark } from '../tables/table-remarks.ts'
import { hasEventLines } from '../tables/open-event-lines.ts'
import type { TableFile, TableRecord } from '../tables/table-file.ts'
import { breakOffOf, StoppedError } from '../batches/break-off.ts'
import type { BreakOff } from '../batches/break-off.ts'
import { exactSender } from './event-sender.ts'
import type { EventSender } from './event-sender.ts'
import type { FileOptions, ImportFileOptions } from './file-options.ts'
import type { ImportMonitor } from './import-monitor.ts'
import { PreviewRows } from './preview-rows.ts'
import { RestatedOrders } from './restated-orders.ts'
import { RowTally } from './row-tally.ts'
import type { SurveyedFile } from './survey-file.ts'
import { openRejectedRows } from './rejected-rows.ts'
import { RowBatches } from './row-batches.ts'
import type { BatchEvents } from './row-batches.ts'

const reportEveryRows = 5000

/** How the file was parsed as a table. */
export interface ReadTable {
  readonly facts: TableFacts
  readonly header: readonly string[]
  readonly columns: Columns<string>
  readonly remarks: readonly TableRemark[]
}

/** Within the limits of a regular request. */
const changesAtOnce = 1_000

/** Outcome of facts in the file that differ from those of known events, counted by order. */
export interface RestatedFacts {
  /** Updated to the facts in the file. */
  readonly changed: number
  readonly refused: number
  /** Rows of orders beyond the limit, which remain unchanged. */
  readonly omitted: number
  /** Only the actor, the start of work or the process differ, and these are not updated. */
  readonly kept: number
}

export interface ImportResult {
  /** How the file was read, including what was detected in the file itself. */
  readonly how: FileOptions
  readonly table: ReadTable
  readonly tally: RowTally
  /** Meaning of event rows that have no event type. */
  readonly meaning: RowMeaning
  /** How the columns of times and numbers were read. */
  readonly findings: SurveyFindings
  /** Orders that start again after a long time. */
  readonly reused: Pick<ReusedOrders, 'count' | 'first'>
  /** Orders that share the number of another order and were renamed. */
  readonly renamed: number
  /** For a file of orders: findings about orders with several rows. */
  readonly orderLines: OrderLinesFound | undefined
  /** Whether the file is sorted newest first, and rows of the same instant were read from bottom to top. */
  readonly isReadUpward: boolean
  /** Cells that were ignored or changed. */
  readonly remarks: readonly CellRemark[]
  /** The first rows, if they were requested. */
  readonly preview: PreviewRows | undefined
  readonly facts: RestatedFacts
  /** Number of rejected rows that did not fit into the file of rejected rows. */
  readonly rejectedLeftOut: number
  /** Why some rows were not processed; undefined if all were. */
  readonly breakOff: BreakOff | undefined
}

/**
 * Sends every row of a file as an event, in bounded memory.
 * @param stages known stages of the process in order: they determine the order of events with the same instant.
 * @throws AppError if the file cannot be read at all.
 */
export async function importFile(
  options: Pick<ImportFileOptions, 'errorsPath' | 'maxErrorsBytes' | 'preview'>,
  sender: EventSender,
  monitor: ImportMonitor,
  { file, how, readings, findings, generations }: SurveyedFile,
  stages: readonly string[],
): Promise<ImportResult> {
  const names = file.fullHeader ?? file.header
  const tally = new RowTally()
  const counts = new CellCounts()
  const reader = eventReader(file, { ...how, readings, counts }, tally, { stages, generations })
  const errors =
    options.errorsPath === undefined
      ? undefined
      : await openRejectedRows(options.errorsPath, names, options.maxErrorsBytes)
  const preview = options.preview === true ? new PreviewRows(names) : undefined
  const restated = new RestatedOrders()
  const progress = monitor.openProgress('rows')

  const reject = async (record: TableRecord, rejection: Rejection) => {
    tally.countRejected(record.line, rejection, valueIn(record, rejection.field, reader.columns))
    preview?.reject(record, rejection)
    await errors?.add(record, rejection)
  }
  const reused = new ReusedOrders()
  const lines = how.orders ? new OrderLines(reader.columns) : undefined
  /** Rows that are sent together with the last row of their order, by its number. */
  const others = new Map<number, readonly TableRecord[]>()
  const report = () => progress.update(file.readBytes() / file.sizeBytes, tally.rows, tally.decided)
  const settled: BatchEvents = {
    take(as, row) {
      tally.countTaken(as, 1 + (others.get(row)?.length ?? 0))
      others.delete(row)
    },
    restate: (event) => restated.add(event),
    async reject(record, { code, message, field = '' }) {
      const rows = [...(others.get(record.row) ?? []), record]
      others.delete(record.row)
      for (const row of rows) await reject(row, { code, message, field: reader.columnOf(field) })
    },
    progressed: report,
  }
  const isComplete = hasEventLines(file)
  const batches = new RowBatches(
    isComplete ? exactSender(sender) : sender,
    settled,
    isComplete || reader.columns['eventId'] !== undefined,
  )
  const sendOrders = async (complete: readonly OrderRows[]) => {
    for (const { record, others: before, event } of complete) {
      for (const other of before) preview?.add(other, [])
      preview?.add(record, [event])
      if (before.length > 0) others.set(record.row, before)
      await batches.add(record, event)
    }
  }
  /**
   * Returns a promise only if there is something to wait for, because a promise per row would take most of the time.
   */
  const sendRow = (record: TableRecord): Promise<void> | undefined => {
    if (monitor.stopped.aborted) throw new StoppedError()
    if (record.row % reportEveryRows === 0) report()
    const outcome = reader.read(record)
    if (!outcome.ok) return reject(record, outcome.rejection)
    if (outcome.value === 'repeated') {
      tally.countRepeated(record.line)
      return undefined
    }
    if (lines !== undefined) return sendOrders(lines.add(record, outcome.value))
    reused.add(outcome.value.order, outcome.value.stage, instantOf(outcome.value.occurredAt) ?? 0)
    preview?.add(record, [outcome.value])
    return batches.add(record, outcome.value)
  }
  const sendRows = async () => {
    for await (const batch of file.batches) {
      for (const record of batch) {
        const sent = sendRow(record)
        if (sent !== undefined) await sent
      }
    }
  }

  try {
    const breakOff = await refusalOf(sendRows)
    // Rows that were read before the file turned out to be broken, or before the user stopped the import, are still
    // sent.
    const rest = await refusalOf(async () => {
      await sendOrders(lines?.finish() ?? [])
      await batches.finish()
    })
    const facts = { changed: 0, refused: 0, omitted: restated.omitted, kept: restated.withoutFacts }
    const unsent = rest ?? (await refusalOf(() => sendChanges(restated.changes(Date.now()), sender, facts)))
    const { header } = file
    const table = { facts: { ...file.facts }, header, columns: reader.columns, remarks: file.remarks() }
    return {
      how,
      table,
      meaning: how.as ?? proposedMeaning(reader.columns, readings.hasTransitions),
      tally,
      findings,
      orderLines: lines?.found,
      reused,
      renamed: generations?.again ?? 0,
      isReadUpward: isReadUpward(readings.direction, stages),
      remarks: counts.remarks(),
      preview,
      facts,
      rejectedLeftOut: errors?.leftOut ?? 0,
      breakOff: unsent ?? breakOff,
    }
  } finally {
    progress.close()
    await errors?.close()
  }
}

/** Sends facts in the file that differ from those of known events. */
async function sendChanges(
  changes: readonly FileEvent[],
  sender: EventSender,
  facts: { changed: number; refused: number },
): Promise<void> {
  const maxEvents = Math.min(sender.maxEvents, changesAtOnce)
  for (let at = 0; at < changes.length; at += maxEvents) {
    for (const { status } of await sender.send(changes.slice(at, at + maxEvents))) {
      if (status === 'accepted') facts.changed += 1
      else if (status === 'rejected') facts.refused += 1
    }
  }
}

/** The value in the column with that header, formatted for messages. */
function valueIn({ cells }: TableRecord, header: string, columns: Columns<string>): string | undefined {
  const column = header === '' ? undefined : Object.values(columns).find((known) => known?.header === header)
  const cell = column && cells[column.index]
  return cell === undefined || cell === '' ? undefined : shownValue(cell)
}

async function refusalOf(work: () => Promise<void>): Promise<BreakOff | undefined> {
  try {
    await work()
    return undefined
  } catch (error) {
    if (error instanceof AppError) return breakOffOf(error)
    throw error
  }
}

/** What is known independently of the file. */
interface KnownOfFile {
  readonly stages: readonly string[]
  readonly generations: OrderGenerations | undefined
}

function eventReader(
  file: TableFile,
  options: FileOptions & RowRules,
  tally: RowTally,
  known: KnownOfFile,
): RowReader<FileEvent | 'repeated'> {
  const reader = readerOf(file, options, tally, known)
  return {
    read(record) {
      const outcome = reader.read(record)
      if (outcome.ok && outcome.value !== 'repeated') tally.countRead(outcome.value.order, outcome.value.stage)
      return outcome
    },
    columns: reader.columns,
    columnOf: (field) => reader.columnOf(field),
  }
}

function readerOf(
  file: TableFile,
  options: FileOptions & RowRules,
  tally: RowTally,
  known: KnownOfFile,
): RowReader<FileEvent | 'repeated'> {
  if (hasEventLines(file)) return eventLineReader()
  if (options.orders) return orderRowReader(file.header, { ...options, importedAt: Date.now() })
  return eventRows(file, options, tally, known)
}

function eventRows(
  file: TableFile,
  options: FileOptions & RowRules,
  tally: RowTally,
  known: KnownOfFile,
): RowReader<FileEvent | 'repeated'> {
  const rows = eventRowReader(file.header, options)
  const repeated = RepeatedRows.of(options.duplicates, rows.columns)
  const events = new FileEvents(options, {
    stages: known.stages,
    direction: options.readings?.direction ?? directionUnknown,
  })
  return {
    read(record) {
      const outcome = rows.read(record)
      if (!outcome.ok) return outcome
      if (repeated?.add(record.cells)) return { ok: true, value: 'repeated' }
      if (outcome.value.startIgnored) tally.countIgnoredStart()
      const event = events.of(renamedRow(outcome.value, known.generations))
      if (events.lastNth > 1) tally.countSameStep(record.line)
      return { ok: true, value: event }
    },
    columns: rows.columns,
    columnOf: (field) => rows.columnOf(field),
  }
}
