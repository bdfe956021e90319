import { z } from 'zod'
import { rowMeanings } from './import-mapping.ts'
import { problemCode } from './problem.ts'

const count = z.int().nonnegative()
/** Epoch ms. */
const instant = z.int()

/** A cell as a report shows it: control characters escaped, long ones cut. */
const example = z.object({ line: count, value: z.string() })

/** How many of something a report names; counts are of all. */
export const reportLimits = {
  /** Of the stages and the look-alikes. */
  stages: 200,
  /** Rows that are shown as events. */
  preview: 50,
  /** Characters of a cell of these. */
  cell: 120,
} as const

/** Where the lines of a text file went; `total` is the sum of the others. */
const lineCounts = z.object({
  total: count,
  /** Before the header. */
  preamble: count,
  header: count,
  /** The header once more. */
  repeatedHeader: count,
  blank: count,
  /** The first lines of rows. */
  rows: count,
  /** The further lines of rows whose cells hold line breaks. */
  continuation: count,
  rejected: count,
  /** Totals and notes after the last row. */
  trailing: count,
})

export const fileFacts = z.object({
  kind: z.enum(['csv', 'xlsx', 'xes']),
  compression: z.enum(['gzip', 'zip']).optional(),
  /** Of a text file. `valid`: every byte proves it; `marked`: a byte order mark says it. */
  encoding: z
    .object({ name: z.string(), certainty: z.enum(['chosen', 'marked', 'valid', 'likely', 'doubtful']) })
    .optional(),
  delimiter: z.string().optional(),
  quote: z.enum(['double', 'backslash', 'none']).optional(),
  /** Of a workbook: the sheet that was read, and all that it has. */
  sheet: z.string().optional(),
  sheets: z.array(z.string()).readonly().optional(),
  lines: lineCounts.optional(),
  /** Of an event log. */
  traces: count.optional(),
  /** Data rows, those that were rejected included. */
  rows: count,
})

/** A column of the file; `place` counts from 1 on. */
const column = z.object({ header: z.string(), place: count })

/** How the times of one column were read. */
const timeColumn = z.object({
  /** What it holds, such as `time`. */
  name: z.string(),
  header: z.string(),
  /** How cells are written: `year first`, `dd.MM.yyyy`, `Excel day number` and so on. */
  shapes: z.array(z.object({ shape: z.string(), rows: count })).readonly(),
  /** Forms in which day and month could not be told apart, with the formats that would be possible. */
  undecided: z
    .array(
      z.object({ form: z.string(), formats: z.string(), doubt: z.enum(['ambiguous', 'contradictory']), rows: count }),
    )
    .readonly(),
  /** Days without a time of day. */
  dateRows: count,
  /** Local times that the clocks of the zone skipped, and those that they showed twice. */
  gapRows: count,
  foldRows: count,
  /** Day numbers of Excel have too few digits for seconds: times are rounded to the minute. */
  areRounded: z.boolean(),
  /** Dates such as 1900-01-01 that stand for none. */
  placeholderRows: count,
  unreadableRows: count,
  examples: z.array(example).readonly(),
  /** Undefined: no cell could be read. */
  span: z.object({ earliestAt: instant, latestAt: instant }).optional(),
})

/** How the numbers of one column were read. */
const numberColumn = z.object({
  name: z.string(),
  header: z.string(),
  /** The sign of the decimals, as somebody has said or cells prove. */
  sign: z.enum(['.', ',']).optional(),
  /** How cells such as 1,234 were read where nothing proves the sign. */
  openAs: z.enum(['decimals', 'thousands', 'decimals of . and thousands of ,', 'not at all']).optional(),
  openRows: count,
  unreadableRows: count,
  examples: z.array(example).readonly(),
})

/** Rows that were rejected for the same: in one column, by one code. */
const rejectionGroup = z.object({
  /** Header of the column; empty: none is to blame. */
  column: z.string(),
  code: problemCode,
  count,
  /** The first ones, with what is wrong in English and the offending value. */
  first: z.array(z.object({ line: count, value: z.string().optional(), message: z.string() })).readonly(),
})

/** Cells of one column with which the same was done without rejecting their rows. */
const cellGroup = z.object({
  column: z.string(),
  cause: z.enum([
    'empty_word',
    'guard',
    'invisible',
    'placeholder',
    'unreadable',
    'gap',
    'fold',
    'fraction',
    'rounded',
  ]),
  count,
  examples: z.array(example).readonly(),
  /** Why the first one could not be read, in English; empty when the cause says it all. */
  message: z.string(),
})

/** What can be said of a file besides its rows; pages have a text for each in every language. */
export const remarkCodes = [
  'encoding_doubtful',
  'damaged_text',
  'preamble_skipped',
  'trailing_lines',
  'repeated_header',
  'quotes_not_used',
  'backslash_quotes',
  'stray_quotes',
  'swallowed_lines',
  'cut_off',
  'merged_cells',
  'no_header',
  'no_rows',
  'other_sheets',
  'formula_errors',
  'ignored_columns',
  'nested_attributes',
  'empty_traces',
  'milestones',
  'no_milestone',
  'repeated_milestones',
  'recognized_export',
  'read_upward',
  'repeated_rows',
  'repeated_steps',
  'same_steps',
  'reused_orders',
  'renamed_orders',
  'order_lines',
  'spread_orders',
  'starts_ignored',
  'start_not_used',
  'zone_not_used',
  'lifecycle_not_used',
  'rejected_left_out',
] as const
export type RemarkCode = (typeof remarkCodes)[number]

export function isRemarkCode(code: string): code is RemarkCode {
  return remarkCodes.some((known) => known === code)
}

/** Something that a person should check. */
const remark = z.object({
  /** One of `remarkCodes`; a report of another version may have others. */
  code: z.string(),
  count,
  /** The first lines that it is about. */
  lines: z.array(count).readonly(),
  /** What the text of a page is filled with. */
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  /** The field of the mapping that changes it. */
  fix: z.string().optional(),
  /** In English, with what to do on the command line. */
  text: z.string(),
})

/** The process that the file shows, as it is saved before the import. */
const discoveredProcess = z.object({
  code: z.string(),
  /** Whether the site has it already, and it is only extended. */
  exists: z.boolean(),
  stages: z
    .array(
      z.object({
        code: z.string(),
        /** Undefined: none is proposed. */
        targetMs: z.number().optional(),
        terminal: z.boolean(),
      }),
    )
    .readonly(),
  /** Stages that were asked to end an order, and that the site's process knows as stages that do not. */
  unchanged: z.array(z.string()).readonly(),
  /** Where most orders were last, the most frequent first, with their share (0..1): a stage that may end them. */
  lastStages: z.array(z.object({ stage: z.string(), ratio: z.number().min(0).max(1) })).readonly(),
})

/** A row as it is in the file, and what it says. */
const previewRow = z.object({
  line: count,
  cells: z.array(z.string()).readonly(),
  events: z
    .array(
      z.object({
        type: z.string(),
        order: z.string(),
        stage: z.string().optional(),
        /** RFC 3339. */
        occurredAt: z.string(),
        actor: z.string().optional(),
        /** Further fields, those that the row says something of. */
        data: z.record(z.string(), z.union([z.string(), z.number()])),
      }),
    )
    .readonly(),
  /** Why it is no event. */
  rejection: z.object({ column: z.string(), code: problemCode, message: z.string() }).optional(),
})

/**
 * How a file was understood, and what became of its rows or would become of them: what the command prints, what
 * `--json` gives, and what the page shows.
 */
export const importReport = z.object({
  /** Rows that were decided on: accepted + duplicate + rejected. */
  rows: count,
  accepted: count,
  duplicate: count,
  rejected: count,
  /** Different orders and stages among the rows that could be read. */
  orders: count,
  stages: count,
  elapsedMs: count,
  /** Nothing was kept: `accepted` rows would be sent. */
  dryRun: z.boolean(),
  file: fileFacts,
  columns: z.object({
    /** In the order of the file; `name` is what the column holds. */
    used: z.array(column.extend({ name: z.string() })).readonly(),
    ignored: z.array(column).readonly(),
  }),
  /** What a row says. */
  meaning: z.object({
    rows: z.enum(['events', 'orders', 'wide']),
    /** Of its stage; undefined: a column says it, or the file has none. */
    as: z.enum(rowMeanings).optional(),
    /** It follows from the columns, and nobody has said it. */
    isProposed: z.boolean(),
  }),
  times: z.array(timeColumn).readonly(),
  numbers: z.array(numberColumn).readonly(),
  stageNames: z.object({
    /** The most frequent first. */
    first: z.array(z.object({ stage: z.string(), rows: count })).readonly(),
    /** Those that differ in nothing but case, width, blanks and joiners. */
    alike: z.array(z.array(z.string()).readonly()).readonly(),
  }),
  rejections: z.array(rejectionGroup).readonly(),
  cells: z.array(cellGroup).readonly(),
  remarks: z.array(remark).readonly(),
  /** With `discover` alone. */
  process: discoveredProcess.optional(),
  /** Why rows were not decided on; undefined: all were. */
  brokenOff: z.string().optional(),
  /** Of a check: the first rows. */
  preview: z.object({ header: z.array(z.string()).readonly(), rows: z.array(previewRow).readonly() }).optional(),
})

export type ImportReport = z.infer<typeof importReport>
export type ReportRemark = z.infer<typeof remark>
export type PreviewRow = z.infer<typeof previewRow>
