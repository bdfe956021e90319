import type { ImportMapping, importColumns } from '@stagewatch/shared/contract/import-mapping.ts'
import { columnsOfRows } from '@stagewatch/shared/contract/import-mapping.ts'
import type { ImportReport } from '@stagewatch/shared/contract/import-report.ts'
import type { ImportOrder, UploadCheck } from '@stagewatch/shared/contract/uploads.ts'

export type ImportColumn = (typeof importColumns)[number]
type Rows = NonNullable<ImportMapping['rows']>

/** Fields of each row kind, most important first. `required`: no row can be read without it. */
export const columnsOf: Readonly<
  Record<Rows, { readonly required: readonly ImportColumn[]; readonly main: readonly ImportColumn[] }>
> = {
  events: {
    required: ['order', 'stage', 'time'],
    main: ['order', 'stage', 'time', 'startedAt', 'actor', 'customer', 'promisedAt'],
  },
  orders: { required: ['order'], main: ['order', 'time', 'customer', 'product', 'promisedAt', 'quantity', 'amount'] },
  wide: { required: ['order'], main: ['order', 'customer', 'product', 'promisedAt', 'quantity', 'amount'] },
}

export const furtherColumns: Readonly<Record<Rows, readonly ImportColumn[]>> = {
  events: [
    'timeOfDay',
    'lifecycle',
    'instance',
    'eventType',
    'eventId',
    'department',
    'customerClass',
    'product',
    'quantity',
    'amount',
    'currency',
    'priority',
    'waybill',
  ],
  orders: ['timeOfDay', 'department', 'customerClass', 'currency', 'priority', 'waybill'],
  wide: ['actor', 'department', 'customerClass', 'currency', 'priority', 'waybill'],
}

/** Common encodings of exports, and their everyday names. */
export const encodings = [
  'utf-8',
  'gb18030',
  'windows-1252',
  'windows-1250',
  'windows-1251',
  'shift_jis',
  'big5',
  'utf-16le',
] as const
export const delimiters = [',', ';', '\t', '|'] as const
export const quotes = ['double', 'backslash', 'none'] as const
/** Periods after which an order number may be reused; the report mentions numbers reused later than the default. */
export const reuses = ['30d', '90d', '180d', '365d'] as const
export const usualReuse = '180d'

/** Sets a field of the mapping. Undefined: it is detected from the file. */
export function withField<Field extends keyof ImportMapping>(
  { mapping, ...order }: ImportOrder,
  field: Field,
  value: ImportMapping[Field] | undefined,
): ImportOrder {
  const { [field]: _before, ...rest } = mapping
  return { ...order, mapping: value === undefined ? rest : { ...rest, [field]: value } }
}

/** @param header header or position of the column. Undefined: the detected one. */
export function withColumn(order: ImportOrder, name: ImportColumn, header: string | undefined): ImportOrder {
  const { [name]: _before, ...rest } = order.mapping.columns ?? {}
  const columns = header === undefined ? rest : { ...rest, [name]: header }
  return withField(order, 'columns', Object.keys(columns).length === 0 ? undefined : columns)
}

/** Sets what a row is, and takes back what such rows do not have. */
export function withRows(order: ImportOrder, rows: Rows): ImportOrder {
  const names: readonly string[] = columnsOfRows[rows]
  const others = Object.keys(order.mapping.columns ?? {}) as ImportColumn[]
  const kept = others
    .filter((name) => !names.includes(name))
    .reduce((next, name) => withColumn(next, name, undefined), order)
  const next = withField(kept, 'rows', rows)
  // A process can only be learned from steps.
  return rows === 'orders' ? { ...next, discover: false, terminal: [] } : next
}

/** Whether both read a file in the same way, regardless of the order of their fields. */
export function isSameOrder(one: ImportOrder, other: ImportOrder): boolean {
  return textOf(one) === textOf(other)
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}

/** The known part of a file's table, from a report or from a failed check. */
export interface KnownTable {
  readonly header: readonly string[]
  readonly rows: readonly { readonly line: number; readonly cells: readonly string[] }[]
}

export function tableOf(check: UploadCheck | undefined, report: ImportReport | undefined): KnownTable | undefined {
  return check?.table ?? report?.preview
}

const shownSamples = 3

/** The first distinct values of a column. */
export function samplesOf({ rows }: KnownTable, place: number): string[] {
  const values = new Set<string>()
  for (const { cells } of rows) {
    const cell = cells[place - 1]?.trim() ?? ''
    if (cell !== '') values.add(cell)
    if (values.size === shownSamples) break
  }
  return [...values]
}

/** Identifies a column: its header, or its position if the header is empty, numeric or a duplicate. */
export function columnName({ header }: KnownTable, place: number): string {
  const name = header[place - 1]?.trim() ?? ''
  const isPlain = name !== '' && !/^\d+$/.test(name) && header.filter((other) => other.trim() === name).length === 1
  return isPlain ? name : String(place)
}
