import type { ImportMapping } from '@stagewatch/shared/contract/import-mapping.ts'
import { importColumns, importMapping } from '@stagewatch/shared/contract/import-mapping.ts'
import { fieldIssues } from '@stagewatch/shared/contract/issue-texts.ts'
import { AppError } from '../platform/app-error.ts'
import { fileOptionsOf } from '../ingest/imports/file-options.ts'
import { UsageError } from './command.ts'

/** Options of every command that reads a file: the meaning of its rows, and how it is written. */
export const mappingOptions = {
  as: { type: 'string' },
  source: { type: 'string' },
  process: { type: 'string' },
  timezone: { type: 'string' },
  column: { type: 'string', multiple: true },
  duplicates: { type: 'string' },
  'reuse-after': { type: 'string' },
  'date-column': { type: 'string' },
  'time-column': { type: 'string' },
  'time-format': { type: 'string' },
  'decimal-comma': { type: 'boolean' },
  null: { type: 'string', multiple: true },
  encoding: { type: 'string' },
  delimiter: { type: 'string' },
  quote: { type: 'string' },
  'skip-lines': { type: 'string' },
  sheet: { type: 'string' },
  'max-stages': { type: 'string' },
  preset: { type: 'string' },
  mapping: { type: 'string' },
  map: { type: 'string' },
} as const

export const mappingHelp = `  --as MEANING          what a row says: the order has entered the stage (entered) or completed
                        it (completed); it is an activity from its start to its end, which
                        goes on without one (activity); or a column says what happened to an
                        activity: start, complete, suspend (lifecycle). Default: activity where
                        the file says when work began, lifecycle where it has transitions, else
                        entered
  --duplicates HOW      rows that equal another one in every cell count once (once, the default),
                        so do all of one order, stage and time (step), or each row counts (keep)
  --reuse-after TIME    an order number that comes again so long after its order has ended is
                        another order, called SO-1#2 (--reuse-after 180d, 26w or 72h)
  --source NAME         the system that the events come from, part of their identity
  --process CODE        the process that the orders pass (default: the site's)
  --timezone ZONE       the zone of times without offset, such as Asia/Shanghai
  --column NAME=HEADER  which column of the file is order, stage, time, startedAt, customer …, by
                        its header or its place (--column time=3); may be repeated
  --date-column HEADER, --time-column HEADER
                        the day and the time of day, where they stand in two columns
  --time-format PATTERN how times are written, such as 'dd.MM.yyyy HH:mm' or 'M/d/yy h:mm a',
                        where the file leaves open which is the day and which the month
  --decimal-comma       1,5 is one and a half (default: told from each column as a whole)
  --null WORD           cells with this word are empty, besides NULL and its like; may be repeated
  --encoding NAME       of the file, such as gb18030 or windows-1252 (default: found out)
  --delimiter CHAR      between the cells: a character, or tab (default: found out)
  --quote STYLE         quotes within a quoted cell are doubled (double) or follow a
                        backslash (backslash), or nothing is quoted (none)
  --skip-lines N        lines before the header (default: found out)
  --sheet NAME          of a workbook (default: the first that is not hidden)
  --max-stages N        a file that names more stages is refused (default: 500)
  --preset NAME         the file is an export of this program, or of none (none); default: told
                        from its headers; see stagewatch import --presets
  --mapping FILE|NAME   says all of this in a .json file, or in a mapping that the site keeps;
                        options of the command hold over it`

/** As returned by `parseArgs`. */
export interface MappingValues {
  readonly as?: string | undefined
  readonly source?: string | undefined
  readonly process?: string | undefined
  readonly timezone?: string | undefined
  readonly column?: readonly string[] | undefined
  readonly duplicates?: string | undefined
  readonly 'reuse-after'?: string | undefined
  readonly 'date-column'?: string | undefined
  readonly 'time-column'?: string | undefined
  readonly 'time-format'?: string | undefined
  readonly 'decimal-comma'?: boolean | undefined
  readonly null?: readonly string[] | undefined
  readonly encoding?: string | undefined
  readonly delimiter?: string | undefined
  readonly quote?: string | undefined
  readonly 'skip-lines'?: string | undefined
  readonly sheet?: string | undefined
  readonly 'max-stages'?: string | undefined
  readonly preset?: string | undefined
  readonly mapping?: string | undefined
  /** Alias of `mapping`. */
  readonly map?: string | undefined
}

const delimiterNames: Readonly<Record<string, string>> = {
  tab: '\t',
  [String.raw`\t`]: '\t',
  comma: ',',
  semicolon: ';',
  pipe: '|',
  space: ' ',
}

/**
 * The part of a mapping given on the command line.
 * @throws UsageError that names the option.
 */
export function readMapping(values: MappingValues, rows?: ImportMapping['rows']): ImportMapping {
  const { as, duplicates, source, process, timezone, encoding, quote, sheet, delimiter, null: nulls } = values
  const columns = readColumns(values)
  const said = Object.entries({
    rows,
    columns: Object.keys(columns).length > 0 ? columns : undefined,
    as,
    duplicates,
    reuseAfter: values['reuse-after'],
    source,
    process,
    timezone,
    timeFormat: values['time-format'],
    decimalComma: values['decimal-comma'],
    nulls,
    encoding,
    delimiter: delimiter === undefined ? undefined : (delimiterNames[delimiter.toLowerCase()] ?? delimiter),
    quote,
    skipLines: values['skip-lines'] === undefined ? undefined : readNumber(values['skip-lines']),
    sheet,
    maxStages: values['max-stages'] === undefined ? undefined : readNumber(values['max-stages']),
    preset: values.preset,
  })
  const parsed = importMapping.safeParse(Object.fromEntries(said.filter(([, value]) => value !== undefined)))
  if (!parsed.success) {
    const [{ field, message } = { field: '', message: '' }] = fieldIssues(parsed.error)
    throw new UsageError(`${optionOf(field)} ${message}`)
  }
  return checked(parsed.data)
}

/** Checks what only the file reader can validate; errors name the option. */
function checked(mapping: ImportMapping): ImportMapping {
  try {
    fileOptionsOf('', mapping)
    return mapping
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    throw new UsageError(`${optionOf(error.field ?? '')} ${error.message}`)
  }
}

function readColumns(values: MappingValues): Record<string, string> {
  const chosen = (values.column ?? []).map((text) => {
    const [name = '', ...header] = text.split('=')
    if (!importColumns.some((known) => known === name) || header.join('=') === '') {
      throw new UsageError(`--column takes NAME=HEADER with one of the names ${importColumns.join(', ')}, not ${text}`)
    }
    return [name, header.join('=')] as const
  })
  const { 'date-column': date, 'time-column': time } = values
  if ((date === undefined) !== (time === undefined)) {
    throw new UsageError('--date-column and --time-column belong together; a column with both is --column time=HEADER')
  }
  return {
    ...Object.fromEntries(chosen),
    ...(date !== undefined && { time: date }),
    ...(time !== undefined && { timeOfDay: time }),
  }
}

/** Text that is not a number is left for the schema to reject. */
function readNumber(text: string): number | string {
  return /^\d{1,9}$/.test(text) ? Number(text) : text
}

/** `skipLines` is set by `--skip-lines`. */
function optionOf(field: string): string {
  const [name = ''] = field.split('.')
  if (name === 'nulls') return '--null'
  if (name === 'columns') return '--column'
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}
