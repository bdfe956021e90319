import type { ImportMapping } from '@stagewatch/shared/contract/import-mapping.ts'
import { columnsOfRows } from '@stagewatch/shared/contract/import-mapping.ts'
import { shownText } from '../../platform/english-text.ts'
import { requiredColumns } from '../files/event-row.ts'
import {
  eventColumns,
  findColumns,
  headerKey,
  isStateColumn,
  placeOf,
  requireColumn,
  requireColumns,
} from '../files/find-columns.ts'
import {
  findDayAndClock,
  findMilestoneColumns,
  findTimeColumns,
  sampledRows,
  saysNotReached,
} from '../files/find-time-columns.ts'
import { isTellingHeader } from '../files/known-headers.ts'
import type { KnownExport } from '../files/known-exports.ts'
import { knownExports, mappingOfExport, recognizedExport } from '../files/known-exports.ts'
import { FileError } from '../tables/file-error.ts'
import { isHeaderLike } from '../tables/find-header.ts'
import { hasEventLines } from '../tables/open-event-lines.ts'
import { openTable } from '../tables/open-table.ts'
import { recordsOf } from '../tables/table-file.ts'
import type { TableFile } from '../tables/table-file.ts'
import type { Milestone } from '../tables/unpivot-table.ts'
import { isUnpivoted, unpivoted } from '../tables/unpivot-table.ts'
import type { FileOptions } from './file-options.ts'
import { fileOptionsOf, mergedMapping } from './file-options.ts'

/** A file and how to read it: as the user chose, or else as detected from the file. */
export interface OpenFile {
  readonly file: TableFile
  readonly how: FileOptions
}

/**
 * Opens a file with one row per event or per order, whatever its rows mean.
 * @throws FileError if it is not a table, or lacks the columns that its rows require.
 */
export async function openFile(told: FileOptions): Promise<OpenFile> {
  const table = await openTable(told.path, { ...told.table, isTellingHeader })
  const options = { ...told, daysSince1904: table.facts.since1904 === true }
  try {
    if (hasEventLines(table)) return { file: table, how: withoutMapping(options) }
    const known = exportOf(options.mapping, table.header)
    const how = known === undefined ? options : optionsOfExport(known, table, options)
    const file = known === undefined ? table : withRemark(table, known, how)
    requireColumnsOfRows(options, how.wide ? 'wide' : how.orders ? 'orders' : 'events')
    if (how.wide && !isUnpivoted(table.header)) return await openWide(file, how)
    if (how.wide || how.orders) return { file, how }
    await refuseWide(file, how)
    requireEvents(file, how)
    return { file, how: await withDayAndClock(file, how) }
  } catch (error) {
    await table.close()
    throw error
  }
}

/** Settings that complete events contradict, with their options; settings about cells do not matter to them. */
const meaningless = {
  as: '--as',
  columns: '--column',
  milestones: '--wide',
  source: '--source',
  process: '--process',
  reuseAfter: '--reuse-after',
} as const

/** @throws FileError if the user says of the rows what the file itself says. */
function withoutMapping(options: FileOptions): FileOptions {
  const { mapping } = options
  const isOfOrders = mapping.rows !== undefined && mapping.rows !== 'events'
  const told = Object.entries(meaningless).find(([name]) => Object.hasOwn(mapping, name))
  const [field, option] = isOfOrders ? ['rows', `--${mapping.rows}`] : (told ?? [])
  if (field === undefined) return options
  throw new FileError(
    'bad_request',
    'complete_events',
    `each line of the file is a complete event with its source, order and time: leave out ${option}`,
    { params: { field }, field },
  )
}

const kindTexts = {
  events: 'a row per event',
  orders: 'a row per order',
  wide: 'a row per order with a column for each milestone',
} as const

/** @throws FileError if the user chose a column that rows of this kind do not have, so that it would be ignored. */
function requireColumnsOfRows({ mapping }: FileOptions, rows: keyof typeof columnsOfRows): void {
  const names: readonly string[] = columnsOfRows[rows]
  const other = Object.keys(mapping.columns ?? {}).find((name) => !names.includes(name))
  if (other === undefined) return
  throw new FileError(
    'bad_request',
    'column_of_other_rows',
    `the file is read as one with ${kindTexts[rows]}, which has no column ${other}: leave out --column ${other}=…; it can have ${names.join(', ')}`,
    { params: { column: other, rows }, field: `columns.${other}` },
  )
}

function exportOf({ preset, columns }: ImportMapping, header: readonly string[]): KnownExport | undefined {
  if (preset === 'none') return undefined
  if (preset !== undefined) return knownExports.find(({ name }) => name === preset)
  // A user who chooses the columns knows the file better.
  const isTold = columns?.stage !== undefined || columns?.time !== undefined || columns?.eventType !== undefined
  return isTold || isUnpivoted(header) ? undefined : recognizedExport(header)
}

function optionsOfExport(known: KnownExport, { header }: TableFile, options: FileOptions): FileOptions {
  const mapping = mergedMapping(mappingOfExport(known, header), options.mapping)
  return { ...options, ...fileOptionsOf(options.path, mapping, options.source) }
}

const rowTexts = {
  events: 'a row is an event',
  orders: 'a row is an order with its facts',
  wide: 'a row is an order with a column for each milestone',
} as const

function withRemark(table: TableFile, { name, title }: KnownExport, { orders, wide, clock }: FileOptions): TableFile {
  const zone = clock === undefined ? '' : `, times without offset are meant in ${clock.zone}`
  const remark = {
    code: 'recognized_export' as const,
    count: 1,
    lines: [],
    params: { name, title },
    text: `read as an export of ${title}: ${rowTexts[wide ? 'wide' : orders ? 'orders' : 'events']}${zone}; else say --preset none`,
  }
  return {
    header: table.header,
    sizeBytes: table.sizeBytes,
    get batches() {
      return table.batches
    },
    get facts() {
      return table.facts
    },
    remarks: () => [remark, ...table.remarks()],
    readBytes: () => table.readBytes(),
    close: () => table.close(),
  }
}

async function openWide(table: TableFile, how: FileOptions): Promise<OpenFile> {
  const { header } = table
  const named = findColumns(header, eventColumns, how.columns)
  const order = requireColumn(named, 'order', eventColumns, header)
  const { promisedAt } = named
  const times = how.milestones === undefined ? await findMilestoneColumns(table) : undefined
  const milestones =
    times === undefined ? toldMilestones(how, header) : foundMilestones(times.reached, header, promisedAt?.index)
  if (milestones.length === 0) {
    const reason =
      'no column of the file has nothing but times, so there is no milestone to read; name them in "milestones" of a mapping'
    throw new FileError('missing_field', 'no_times', reason, { field: 'milestones' })
  }
  const [promised, ...more] = times?.planned ?? []
  const planned = promisedAt === undefined && promised !== undefined && more.length === 0 ? [promised] : []
  const columns = new Map([
    ...[...how.columns].filter(([name]) => !['startedAt', 'timeOfDay', 'eventType'].includes(name)),
    ['stage', String(header.length + 1)],
    ['time', String(header.length + 2)],
    ...planned.map((index) => ['promisedAt', String(index + 1)] as const),
  ])
  return { file: unpivoted(table, { milestones, orderIndex: order.index, saysNotReached }), how: { ...how, columns } }
}

function toldMilestones({ milestones = [] }: FileOptions, header: readonly string[]): Milestone[] {
  const keys = header.map(headerKey)
  return milestones.map(({ column, stage }) => {
    const index = placeOf(column, 'milestones', header, keys)
    return { index, stage: stage ?? header[index] ?? column }
  })
}

function foundMilestones(
  places: readonly number[],
  header: readonly string[],
  promised: number | undefined,
): Milestone[] {
  return places.filter((index) => index !== promised).map((index) => ({ index, stage: header[index] ?? '' }))
}

/** If date and time of day are in two columns and the user has not chosen them, they are detected from the cells. */
async function withDayAndClock(table: TableFile, how: FileOptions): Promise<FileOptions> {
  const { time, ...others } = findColumns(table.header, eventColumns, how.columns)
  if (time === undefined || how.columns.has('time') || how.columns.has('timeOfDay')) return how
  const taken = new Set(Object.values(others).map(({ index }) => index))
  const found = await findDayAndClock(table, time.index, taken)
  if (found === undefined) return how
  const places = [
    ['time', String(found.day + 1)],
    ['timeOfDay', String(found.clock + 1)],
  ] as const
  return { ...how, columns: new Map([...how.columns, ...places]) }
}

/**
 * A file with several columns of times and no column of stages, or only one with the current state, has one row per
 * order.
 */
async function refuseWide(table: TableFile, how: FileOptions): Promise<void> {
  const columns = findColumns(table.header, eventColumns, how.columns)
  const { order, stage, time, eventType, startedAt } = columns
  if (order === undefined) return
  const missing = time === undefined ? 'time' : stage === undefined && eventType === undefined ? 'stage' : undefined
  const mayBeState = missing === undefined && stage !== undefined && !how.columns.has('stage') && isStateColumn(stage)
  if (missing === undefined && !mayBeState) return
  const { reached } = await findTimeColumns(table)
  const times = mayBeState ? reached.filter((index) => index !== startedAt?.index) : reached
  if (times.length < 2 || (mayBeState && !(await hasRowForEachOrder(table, order.index)))) return
  const shown = times
    .slice(0, 10)
    .map((index) => shownText(table.header[index] ?? ''))
    .join(', ')
  const wide = 'if a row is an order with a column for each milestone, say --wide; else say which column it is with'
  if (missing !== undefined)
    throw new FileError(
      'missing_field',
      'several_times',
      `the file has no column for ${missing}, but several columns of times (${shown}): ${wide} --column ${missing}=HEADER`,
      { params: { column: missing, times: shown }, field: missing },
    )
  const header = shownText(stage?.header ?? '')
  throw new FileError(
    'missing_field',
    'present_state',
    `each order of the file has one row with several times (${shown}), so ${header} may be its state now: ${wide} --column stage=${header}`,
    { params: { header, times: shown }, field: 'stage' },
  )
}

function requireEvents({ header, facts }: TableFile, { columns }: FileOptions): void {
  const found = findColumns(header, eventColumns, columns)
  const { startedAt, time } = found
  const start =
    time !== undefined || startedAt === undefined
      ? ''
      : `; where a row tells only when a stage began, it is --column time=${startedAt.index + 1} --as entered`
  requireColumns(found, requiredColumns(found), eventColumns, header, start || hintOf(header, facts))
}

const unusualDelimiters = ['^', '~', '¦', '，', '；', '、', '#']

/** Another possible reason why a table lacks the columns, besides their headers; '' if there is none. */
function hintOf(header: readonly string[], { sheet, sheets = [] }: TableFile['facts']): string {
  const others = sheets.filter((name) => name !== sheet).map(shownText)
  if (others.length > 0) return `, or read another sheet with --sheet: ${others.slice(0, 10).join(', ')}`
  if (!isHeaderLike(header)) return '; this line looks like data, and a file begins with the names of its columns'
  const [only = ''] = header
  if (header.length > 1) return ''
  const delimiter = unusualDelimiters.find((char) => only.includes(char))
  if (delimiter !== undefined) return `, or what stands between the cells, with --delimiter '${shownText(delimiter)}'`
  if (/\S {2,}\S/.test(only)) return '; columns of a fixed width are not read: export the table as CSV or XLSX'
  return only.includes(' ') ? `, or that blanks stand between the cells, with --delimiter ' '` : ''
}

const minOrders = 2

/** Decided from the first rows. */
async function hasRowForEachOrder(table: TableFile, orderIndex: number): Promise<boolean> {
  const orders = new Set<string>()
  for await (const { row, cells, problem } of recordsOf(table)) {
    if (row > sampledRows) break
    if (problem !== undefined) continue
    const order = cells[orderIndex]?.trim() ?? ''
    if (orders.has(order)) return false
    orders.add(order)
  }
  return orders.size >= minOrders
}
