import { parseArgs } from 'node:util'
import type { ImportMapping } from '@stagewatch/shared/contract/import-mapping.ts'
import type { ImportFileOptions } from '../ingest/imports/file-options.ts'
import { fileOptionsOf, mergedMapping } from '../ingest/imports/file-options.ts'
import { siteOptions, UsageError } from './command.ts'
import { mappingOptions, readMapping } from './mapping-options.ts'
import type { MappingValues } from './mapping-options.ts'
import { readMappingFile } from './read-mapping-file.ts'

export interface ImportOptions extends ImportFileOptions {
  readonly site: string
  readonly json: boolean
  readonly dryRun: boolean
  readonly discover: boolean
  readonly terminal: ReadonlySet<string>
  /** What becomes of an earlier import of the file that has read it in another way; undefined: nobody has said. */
  readonly repeated: 'replace' | 'beside' | undefined
}

/** @throws UsageError; AppError when the mapping that it names cannot be used. */
export async function readImportOptions(args: readonly string[]): Promise<ImportOptions> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      ...siteOptions,
      ...mappingOptions,
      orders: { type: 'boolean', default: false },
      wide: { type: 'boolean', default: false },
      discover: { type: 'boolean', default: false },
      terminal: { type: 'string', multiple: true, default: [] },
      'dry-run': { type: 'boolean', default: false },
      errors: { type: 'string' },
      replace: { type: 'boolean', default: false },
      beside: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  })
  if (values.orders && values.wide) throw new UsageError('--orders and --wide exclude each other')
  const path = onlyFile(positionals)
  if (values.replace && values.beside) throw new UsageError('--replace and --beside exclude each other')
  if (values.terminal.length > 0 && !values.discover) throw new UsageError('--terminal belongs to --discover')
  const mapping = await mappingOf(values, values.orders ? 'orders' : values.wide ? 'wide' : undefined)
  const file = fileOptionsOf(path, mapping)
  if (file.orders && values.discover) throw new UsageError('--discover needs a row per event, not --orders')
  return {
    ...file,
    site: values.site,
    json: values.json,
    dryRun: values['dry-run'],
    discover: values.discover,
    terminal: new Set(values.terminal.map((stage) => stage.trim())),
    errorsPath: values.errors,
    repeated: values.replace ? 'replace' : values.beside ? 'beside' : undefined,
  }
}

/** What the file of the mapping says, and over it what the command line says. */
export async function mappingOf(values: MappingValues, rows?: ImportMapping['rows']): Promise<ImportMapping> {
  const said = readMapping(values, rows)
  const file = values.mapping ?? values.map
  return file === undefined ? said : mergedMapping(await readMappingFile(file), said)
}

/** @throws UsageError */
export function onlyFile([path, ...more]: readonly string[]): string {
  if (path === undefined || more.length > 0) throw new UsageError('name one file')
  return path
}
