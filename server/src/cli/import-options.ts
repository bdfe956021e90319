import { parseArgs } from 'node:util'
import { cellHelp, cellOptions, readCellRules } from './cell-options.ts'
import { siteOptions, UsageError } from './command.ts'
import { readTableOptions, tableHelp, tableOptions } from './table-options.ts'
import type { ChosenColumns } from '../ingest/files/find-columns.ts'
import { eventColumns, orderColumns } from '../ingest/files/find-columns.ts'
import type { FileOptions, ImportFileOptions } from '../ingest/imports/file-options.ts'
import { ZonedClock } from '../ingest/files/cells/zoned-clock.ts'

export interface ImportOptions extends ImportFileOptions {
  readonly site: string
  readonly json: boolean
  readonly dryRun: boolean
  readonly discover: boolean
  readonly terminal: ReadonlySet<string>
  /** What becomes of an earlier import of the file that has read it in another way; undefined: nobody has said. */
  readonly repeated: 'replace' | 'beside' | undefined
}

/** Options of every command that reads an event file. */
export const rowOptions = {
  as: { type: 'string' },
  source: { type: 'string' },
  process: { type: 'string' },
  timezone: { type: 'string' },
  column: { type: 'string', multiple: true },
  ...cellOptions,
  ...tableOptions,
} as const

export const rowHelp = `  --as MEANING          what a row says of its stage: the order has entered it, or has
                        completed it (default: completed where the file says when work
                        began, else entered)
  --source NAME         the system that the events come from, part of their identity
  --process CODE        the process that the orders pass (default: the site's)
  --timezone ZONE       the zone of times without offset, such as Asia/Shanghai
  --column NAME=HEADER  which column of the file is order, stage, time, startedAt, customer …, by
                        its header or its place (--column time=3); may be repeated
${cellHelp}
${tableHelp}`

/** @throws UsageError */
export function readImportOptions(args: readonly string[]): ImportOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      ...siteOptions,
      ...rowOptions,
      orders: { type: 'boolean', default: false },
      discover: { type: 'boolean', default: false },
      terminal: { type: 'string', multiple: true, default: [] },
      'dry-run': { type: 'boolean', default: false },
      errors: { type: 'string' },
      replace: { type: 'boolean', default: false },
      beside: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  })
  if (values.orders && values.discover) throw new UsageError('--discover needs a row per event, not --orders')
  if (values.replace && values.beside) throw new UsageError('--replace and --beside exclude each other')
  if (values.terminal.length > 0 && !values.discover) throw new UsageError('--terminal belongs to --discover')
  return {
    ...readRowOptions(positionals, { source: 'import', ...values }),
    site: values.site,
    json: values.json,
    dryRun: values['dry-run'],
    orders: values.orders,
    discover: values.discover,
    terminal: new Set(values.terminal.map((stage) => stage.trim())),
    errorsPath: values.errors,
    repeated: values.replace ? 'replace' : values.beside ? 'beside' : undefined,
  }
}

export function readRowOptions(
  positionals: readonly string[],
  values: Parameters<typeof readCellRules>[0] &
    Parameters<typeof readTableOptions>[0] & {
      as?: string | undefined
      source: string
      process?: string | undefined
      timezone?: string | undefined
      column?: readonly string[] | undefined
    },
): FileOptions {
  const [path, ...more] = positionals
  if (path === undefined || more.length > 0) throw new UsageError('name one file')
  return {
    path,
    table: readTableOptions(values),
    as: values.as === undefined ? undefined : readMeaning(values.as),
    source: values.source,
    process: values.process,
    columns: readColumns(values.column ?? []),
    clock: values.timezone === undefined ? undefined : readZone(values.timezone),
    ...readCellRules(values),
  }
}

function readColumns(chosen: readonly string[]): ChosenColumns {
  const names: readonly string[] = [...new Set([...Object.keys(eventColumns), ...Object.keys(orderColumns)])]
  return new Map(
    chosen.map((text) => {
      const [name = '', ...header] = text.split('=')
      if (!names.includes(name) || header.join('=') === '') {
        throw new UsageError(`--column takes NAME=HEADER with one of the names ${names.join(', ')}, not ${text}`)
      }
      return [name, header.join('=')]
    }),
  )
}

function readMeaning(text: string): NonNullable<FileOptions['as']> {
  if (text === 'entered') return 'stage.entered'
  if (text === 'completed') return 'stage.completed'
  throw new UsageError(`--as takes entered or completed, not ${text}`)
}

function readZone(zone: string): ZonedClock {
  try {
    return new ZonedClock(zone)
  } catch {
    throw new UsageError(`--timezone takes a name such as Asia/Shanghai or Europe/Berlin, not ${zone}`)
  }
}
