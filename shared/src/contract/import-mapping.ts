import { z } from 'zod'
import { maxStages } from './process.ts'
import { visibleName } from './visible-name.ts'

/** What a column of a file can hold. */
export const importColumns = [
  'order',
  'stage',
  'time',
  /** The time of day, where `time` has only the day. */
  'timeOfDay',
  'eventId',
  'eventType',
  'startedAt',
  /** What happened to an activity: start, complete, suspend and so on. */
  'lifecycle',
  /** Which of several activities of a stage at the same time it is. */
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

/**
 * What a row of events may say: the order entered a stage, or completed it; an activity of the stage from its start to
 * its end; or what happened to an activity, in a column of its own.
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

/** A column of times, each of which says when the order of its row came to a stage. */
const milestone = z.strictObject({
  /** Its header, or its place from 1 on. */
  column: header,
  /** Left out: the stage is called like the column. */
  stage: text.exactOptional(),
})

/**
 * Which rows of events are the same thing told again, and count once: those that equal another one in every cell, those
 * of one order, stage and time as well (lines of an order, each with its article), or none.
 */
export const repeatedRowRules = ['once', 'step', 'keep'] as const
export type RepeatedRowRule = (typeof repeatedRowRules)[number]

/**
 * Everything that says how a file is read. What is left out is found out from the file: nothing in it has to be set.
 * A person writes it as a file, a page edits it, and a site keeps it under a name for the import of every night.
 */
export const importMapping = z.strictObject({
  /** A known export, whose values hold where the mapping says nothing itself; `none`: the file is of none of them. */
  preset: z.string().min(1).max(mappingLimits.name).exactOptional(),
  /** What a row is: an event, an order with its facts, or an order with a column for each of its milestones. */
  rows: z.enum(['events', 'orders', 'wide']).exactOptional(),
  /** By the header of the column, or its place from 1 on. */
  columns: z.partialRecord(z.enum(importColumns), header).readonly().exactOptional(),
  /** Of a file with a row for each order; in the order of the stages. */
  milestones: z.array(milestone).min(1).max(mappingLimits.milestones).readonly().exactOptional(),
  /** What a row says, see `rowMeanings`. */
  as: z.enum(rowMeanings).exactOptional(),
  /** Which rows of events count once, see `repeatedRowRules`. */
  duplicates: z.enum(repeatedRowRules).exactOptional(),
  /** An order number that comes again so long after its order has ended is another order: 180d, 26w, 72h. */
  reuseAfter: z
    .string()
    .regex(/^[1-9]\d{0,4}[hdw]$/, 'must be a number of hours, days or weeks, such as 72h, 180d or 26w')
    .exactOptional(),
  /** The system that the events come from, part of their identity. */
  source: text.exactOptional(),
  /** Code of the process that the orders pass; left out: the site's. */
  process: text.exactOptional(),
  /** A label of the Encoding Standard, such as gb18030. */
  encoding: z.string().min(1).max(40).exactOptional(),
  delimiter: z
    .string()
    .length(1, String.raw`must be one character; a tab is written "\t"`)
    .refine((sign) => !'"\n\r'.includes(sign), 'must be no quote and no line end')
    .exactOptional(),
  quote: z.enum(['double', 'backslash', 'none']).exactOptional(),
  /** Lines before the header. */
  skipLines: z.int().min(0).max(10_000).exactOptional(),
  /** Of a workbook. */
  sheet: z.string().min(1).max(100).exactOptional(),
  /** IANA zone of times without offset. */
  timezone: z.string().min(1).max(100).exactOptional(),
  /** How times are written, such as `dd.MM.yyyy HH:mm`. */
  timeFormat: z.string().min(1).max(100).exactOptional(),
  decimalComma: z.boolean().exactOptional(),
  /** Words that stand for an empty cell, besides NULL and its like. */
  nulls: z.array(z.string().trim().min(1).max(100)).max(mappingLimits.nulls).readonly().exactOptional(),
  /** A file that names more stages is refused; left out: as many as a process can have. */
  maxStages: z.int().min(1).max(maxStages).exactOptional(),
})
export type ImportMapping = z.infer<typeof importMapping>

export const mappingName = visibleName(mappingLimits.name)

/** A mapping that a site keeps. */
export const savedMapping = z.object({
  name: z.string(),
  mapping: importMapping,
  /** Belongs into `If-Match` of whoever changes it. */
  version: z.string(),
  /** Epoch ms. */
  changedAt: z.int(),
  changedBy: z.string(),
})

/** The answer of `GET /api/v1/import-mappings`, by name. */
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
