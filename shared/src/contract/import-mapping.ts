import { z } from 'zod'
import { maxStages } from './process.ts'
import { visibleName } from './names.ts'

/** The meanings that a column of a file can have. */
export const importColumns = [
  'order',
  'stage',
  'time',
  /** The time of day, if `time` contains only the day. */
  'timeOfDay',
  'eventId',
  'eventType',
  'startedAt',
  /** What happened to an activity: start, complete, suspend and so on. */
  'lifecycle',
  /** Distinguishes concurrent activities of the same stage. */
  'instance',
  'actor',
  'department',
  'customer',
  'customerClass',
  'product',
  'promisedAt',
  'quantity',
  'amount',
  'currency',
  'priority',
  'waybill',
] as const
export type ImportColumn = (typeof importColumns)[number]

/** Columns that only rows of events have. A row with milestones has its times in the columns of these. */
const ofEvents: ReadonlySet<string> = new Set([
  'stage',
  'eventId',
  'eventType',
  'startedAt',
  'lifecycle',
  'instance',
  'actor',
])
const timeColumns: ReadonlySet<string> = new Set(['time', 'timeOfDay'])

/** The columns that rows of each kind can have. */
export const columnsOfRows = {
  events: importColumns,
  orders: importColumns.filter((name) => !ofEvents.has(name)),
  wide: importColumns.filter((name) => name === 'actor' || (!ofEvents.has(name) && !timeColumns.has(name))),
} as const satisfies Readonly<Record<string, readonly ImportColumn[]>>

/**
 * What a row of events means: the order entered or completed a stage; an activity of the stage from its start to its
 * end; or a lifecycle transition of an activity, given in a column of its own.
 */
export const rowMeanings = ['entered', 'completed', 'activity', 'lifecycle'] as const
export type RowMeaning = (typeof rowMeanings)[number]

export const mappingLimits = {
  name: 80,
  header: 200,
  milestones: 100,
  nulls: 50,
  mappings: 200,
} as const

const header = z.string().trim().min(1).max(mappingLimits.header)
const text = z.string().trim().min(1).max(200)

/** A column of times at which the order of the row reached a stage. */
const milestone = z.strictObject({
  /** Its header, or its position starting at 1. */
  column: header,
  /** Undefined: the stage has the name of the column. */
  stage: text.exactOptional(),
})

/**
 * Which rows of events are repetitions and count once: `once`, rows that equal another one in every cell; `step`, also
 * rows with the same order, stage and time (order lines, one per article); `keep`, none.
 */
export const repeatedRowRules = ['once', 'step', 'keep'] as const
export type RepeatedRowRule = (typeof repeatedRowRules)[number]

/**
 * Everything that determines how a file is read. Omitted settings are detected from the file, so all are optional. A
 * mapping can be written as a file or edited on a page, and a site can save it under a name for a nightly import.
 */
export const importMapping = z.strictObject({
  /** A known export format whose settings apply where the mapping has none; `none`: the file is of no known format. */
  preset: z.string().min(1).max(mappingLimits.name).exactOptional(),
  /** What a row is: an event, an order with its facts, or an order with a column for each of its milestones. */
  rows: z.enum(['events', 'orders', 'wide']).exactOptional(),
  /** Each column's header, or its position starting at 1. */
  columns: z.partialRecord(z.enum(importColumns), header).readonly().exactOptional(),
  /** For a file with one row per order; in the order of the stages. */
  milestones: z.array(milestone).min(1).max(mappingLimits.milestones).readonly().exactOptional(),
  /** What a row means, see `rowMeanings`. */
  as: z.enum(rowMeanings).exactOptional(),
  /** Which rows of events count once, see `repeatedRowRules`. */
  duplicates: z.enum(repeatedRowRules).exactOptional(),
  /** An order number that occurs again this long after its order has ended is a new order: 180d, 26w, 72h. */
  reuseAfter: z
    .string()
    .regex(/^[1-9]\d{0,4}[hdw]$/, 'must be a number of hours, days or weeks, such as 72h, 180d or 26w')
    .exactOptional(),
  /** The system that the events come from, which is part of their identity. */
  source: text.exactOptional(),
  /** Code of the process of the orders. Undefined: the default process of the site. */
  process: text.exactOptional(),
  /** A label of the Encoding Standard, such as gb18030. */
  encoding: z.string().min(1).max(40).exactOptional(),
  delimiter: z
    .string()
    .length(1, String.raw`must be one character; a tab is written "\t"`)
    .refine((sign) => !'"\n\r'.includes(sign), 'must be no quote and no line end')
    .exactOptional(),
  quote: z.enum(['double', 'backslash', 'none']).exactOptional(),
  /** Number of lines before the header. */
  skipLines: z.int().min(0).max(10_000).exactOptional(),
  /** Name of the sheet in a workbook. */
  sheet: z.string().min(1).max(100).exactOptional(),
  /** IANA zone of times without offset. */
  timezone: z.string().min(1).max(100).exactOptional(),
  /** Format of times, such as `dd.MM.yyyy HH:mm`. */
  timeFormat: z.string().min(1).max(100).exactOptional(),
  decimalComma: z.boolean().exactOptional(),
  /** Words that mean an empty cell, in addition to NULL and the like. */
  nulls: z.array(z.string().trim().min(1).max(100)).max(mappingLimits.nulls).readonly().exactOptional(),
  /** A file with more stages is refused. Undefined: the maximum for a process. */
  maxStages: z.int().min(1).max(maxStages).exactOptional(),
})
export type ImportMapping = z.infer<typeof importMapping>

export const mappingName = visibleName(mappingLimits.name)

/** A mapping saved at a site. */
export const savedMapping = z.object({
  name: z.string(),
  mapping: importMapping,
  /** Sent as `If-Match` when changing it. */
  version: z.string(),
  /** Epoch ms. */
  changedAt: z.int(),
  changedBy: z.string(),
})

/** Response of `GET /api/v1/import-mappings`, sorted by name. */
export const mappingList = z.object({
  mappings: z.array(savedMapping),
  /** Exports of other programs that are recognized by these headers. */
  presets: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      headers: z.array(z.string()),
      rows: z.enum(['events', 'orders', 'wide']),
    }),
  ),
})

export type SavedMapping = z.infer<typeof savedMapping>
export type MappingList = z.infer<typeof mappingList>
