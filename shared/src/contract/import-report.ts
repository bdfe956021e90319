import { fileProblem } from './file-problem.ts'
import { z } from 'zod'
import { rowMeanings } from './import-mapping.ts'
import { problemCode } from './problem.ts'

const count = z.int().nonnegative()
/** Epoch ms. */
const instant = z.int()

/** A cell as a report shows it: control characters are escaped, long cells truncated. */
const example = z.object({ line: count, value: z.string() })

/** Maximum numbers of items that a report lists; counts include all items. */
export const reportLimits = {
  /** Limit for stages, and for groups of similar names. */
  stages: 200,
  /** Rows that are previewed as events. */
  preview: 50,
  /** Characters of a cell in the preview. */
  cell: 120,
} as const

/** Classification of the lines of a text file; `total` is the sum of the others. */
const lineCounts = z.object({
  total: count,
  /** Lines before the header. */
  preamble: count,
  header: count,
  /** Repetitions of the header. */
  repeatedHeader: count,
  blank: count,
  /** First lines of rows. */
  rows: count,
  /** Continuation lines of rows whose cells contain line breaks. */
  continuation: count,
  rejected: count,
  /** Totals and notes after the last row. */
  trailing: count,
})

export const fileFacts = z.object({
  kind: z.enum(['csv', 'xlsx', 'xes', 'ndjson']),
  compression: z.enum(['gzip', 'zip']).optional(),
  /** For a text file. `valid`: every byte is valid in it; `marked`: a byte order mark declares it. */
  encoding: z
    .object({ name: z.string(), certainty: z.enum(['chosen', 'marked', 'valid', 'likely', 'doubtful']) })
    .optional(),
  delimiter: z.string().optional(),
  quote: z.enum(['double', 'backslash', 'none']).optional(),
  /** For a workbook: the sheet that was read, and all its sheets. */
  sheet: z.string().optional(),
  sheets: z.array(z.string()).readonly().optional(),
  lines: lineCounts.optional(),
  /** For an event log. */
  traces: count.optional(),
  /** Data rows, including rejected ones. */
  rows: count,
})

/** A column of the file; `place` is its position, starting at 1. */
const column = z.object({ header: z.string(), place: count })

/** How the times of one column were read. */
const timeColumn = z.object({
  /** What the column contains, such as `time`. */
  name: z.string(),
  header: z.string(),
  /** Formats of the cells: `year first`, `dd.MM.yyyy`, `Excel day number` and so on. */
  shapes: z.array(z.object({ shape: z.string(), rows: count })).readonly(),
  /** Formats in which day and month are ambiguous, with the possible interpretations. */
  undecided: z
    .array(
      z.object({ form: z.string(), formats: z.string(), doubt: z.enum(['ambiguous', 'contradictory']), rows: count }),
    )
    .readonly(),
  /** Dates without a time of day. */
  dateRows: count,
  /** Local times that the zone's clocks skipped, and those that occurred twice. */
  gapRows: count,
  foldRows: count,
  /** Times without an offset, and the zone in which they were read. Undefined: there are none. */
  local: z.object({ rows: count, zone: z.string() }).optional(),
  /** Excel day numbers have too few digits for seconds, so times are rounded to the minute. */
  areRounded: z.boolean(),
  /** Dates such as 1900-01-01 that are placeholders for no date. */
  placeholderRows: count,
  unreadableRows: count,
  examples: z.array(example).readonly(),
  /** Undefined if no cell could be read. */
  span: z.object({ earliestAt: instant, latestAt: instant }).optional(),
})

/** How the numbers of one column were read. */
const numberColumn = z.object({
  name: z.string(),
  header: z.string(),
  /** The decimal separator, as configured or as proven by cells. */
  sign: z.enum(['.', ',']).optional(),
  /** How ambiguous cells such as 1,234 were read if nothing proves the separator. */
  openAs: z.enum(['decimals', 'thousands', 'decimals of . and thousands of ,', 'not at all']).optional(),
  openRows: count,
  unreadableRows: count,
  examples: z.array(example).readonly(),
})

/** Rows rejected for the same reason: in one column, with one code. */
/** Causes for which a code is too general; pages have a text for each in every language. */
export const rejectionCauses = [
  'rounded',
  'total',
  'cut_off',
  'other_table',
  'extra_cells',
  'quotes',
  'placeholder',
  'ambiguous_date',
] as const
export type RejectionCause = (typeof rejectionCauses)[number]

const rejectionGroup = z.object({
  /** Header of the column; empty if the reason is not a single column. */
  column: z.string(),
  code: problemCode,
  /** One of `rejectionCauses`, if the code alone does not say it; reports of other versions may have other causes. */
  cause: z.string().optional(),
  count,
  /** The first rejected rows, with an English message and the offending value. */
  first: z.array(z.object({ line: count, value: z.string().optional(), message: z.string() })).readonly(),
})

/** Cells of one column that were handled the same way without rejecting their rows. */
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
  /** English message of the first failure; empty if the cause says it all. */
  message: z.string(),
})

/** Remarks about a file that are not about single rows; pages have a text for each in every language. */
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
  'formulas_empty',
  'uneven_rows',
  'garbled_text',
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
  'crowded_orders',
  'reused_orders',
  'renamed_orders',
  'order_lines',
  'spread_orders',
  'starts_ignored',
  'start_not_used',
  'zone_not_used',
  'header_zone',
  'lifecycle_not_used',
  'rejected_left_out',
] as const
export type RemarkCode = (typeof remarkCodes)[number]

export function isRemarkCode(code: string): code is RemarkCode {
  return remarkCodes.some((known) => known === code)
}

/** Something that a person should check. */
const remark = z.object({
  /** One of `remarkCodes`; reports of other versions may have other codes. */
  code: z.string(),
  count,
  /** The first affected lines. */
  lines: z.array(count).readonly(),
  /** Parameters of the page's text. */
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  /** The field of the mapping that resolves the remark. */
  fix: z.string().optional(),
  /** English text that includes what to do on the command line. */
  text: z.string(),
})

/** The process derived from the file; it is saved before the import. */
const discoveredProcess = z.object({
  code: z.string(),
  /** Whether the site already has the process, so that it is only extended. */
  exists: z.boolean(),
  stages: z
    .array(
      z.object({
        code: z.string(),
        /** Undefined if none is proposed. */
        targetMs: z.number().optional(),
        terminal: z.boolean(),
      }),
    )
    .readonly(),
  /** Stages that the import should mark as terminal but that are defined as not terminal in the site's process. */
  unchanged: z.array(z.string()).readonly(),
  /**
   * Stages in which most orders were last, most frequent first, with their share (0..1): candidates for terminal
   * stages.
   */
  lastStages: z.array(z.object({ stage: z.string(), ratio: z.number().min(0).max(1) })).readonly(),
})

/** A row as it is in the file, and the event that it produces. */
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
        /** Further fields that have a value in the row. */
        data: z.record(z.string(), z.union([z.string(), z.number()])),
      }),
    )
    .readonly(),
  /** Why the row produces no event. */
  rejection: rejectionGroup.pick({ column: true, code: true, cause: true }).extend({ message: z.string() }).optional(),
})

/**
 * How a file was understood, and the outcome of its rows, actual or expected. Printed by the command, returned by
 * `--json` and shown by the page.
 */
export const importReport = z.object({
  /** Number of processed rows: accepted + duplicate + rejected. */
  rows: count,
  accepted: count,
  duplicate: count,
  rejected: count,
  /** Number of distinct orders and stages among the readable rows. */
  orders: count,
  stages: count,
  elapsedMs: count,
  /** Nothing was stored: `accepted` rows would be sent. */
  dryRun: z.boolean(),
  file: fileFacts,
  columns: z.object({
    /** In the order of the file; `name` is the meaning of the column. */
    used: z.array(column.extend({ name: z.string() })).readonly(),
    ignored: z.array(column).readonly(),
  }),
  /** What a row means. */
  meaning: z.object({
    rows: z.enum(['events', 'orders', 'wide']),
    /** What happened to its stage. Undefined: given by a column, or the file has no stages. */
    as: z.enum(rowMeanings).optional(),
    /** The meaning was derived from the columns, not configured. */
    isProposed: z.boolean(),
  }),
  times: z.array(timeColumn).readonly(),
  numbers: z.array(numberColumn).readonly(),
  stageNames: z.object({
    /** Most frequent first. */
    first: z.array(z.object({ stage: z.string(), rows: count })).readonly(),
    /** Groups of names that differ only in case, width, blanks and joiners. */
    alike: z.array(z.array(z.string()).readonly()).readonly(),
  }),
  rejections: z.array(rejectionGroup).readonly(),
  cells: z.array(cellGroup).readonly(),
  remarks: z.array(remark).readonly(),
  /** Only with `discover`. */
  process: discoveredProcess.optional(),
  /** Why the import was aborted before the last row. Undefined: all rows were processed. */
  brokenOff: z.string().optional(),
  brokenOffCause: fileProblem.optional(),
  /** For a check: the first rows. */
  preview: z.object({ header: z.array(z.string()).readonly(), rows: z.array(previewRow).readonly() }).optional(),
})

export type ImportReport = z.infer<typeof importReport>
export type ReportRemark = z.infer<typeof remark>
export type PreviewRow = z.infer<typeof previewRow>
