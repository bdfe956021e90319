import { existsSync } from 'node:fs'
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
  /** Name under which the options are saved as a mapping for the next import. */
  readonly saveMapping: string | undefined
  /** What to do with an earlier import of the file with other options; undefined if the user has not chosen. */
  readonly repeated: 'replace' | 'beside' | undefined
}

/**
 * Loads a saved mapping of a site by name.
 * @throws AppError if there is none.
 */
export type SavedMappings = (site: string, name: string) => Promise<ImportMapping>

/** @throws UsageError; AppError if the named mapping cannot be used. */
export async function readImportOptions(args: readonly string[], saved: SavedMappings): Promise<ImportOptions> {
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
      'save-mapping': { type: 'string' },
    },
    allowPositionals: true,
  })
  if (values.orders && values.wide) throw new UsageError('--orders and --wide exclude each other')
  const path = onlyFile(positionals)
  if (values.replace && values.beside) throw new UsageError('--replace and --beside exclude each other')
  if (values.terminal.length > 0 && !values.discover) throw new UsageError('--terminal belongs to --discover')
  if (values['dry-run'] && values['save-mapping'] !== undefined)
    throw new UsageError('--dry-run stores nothing, so it cannot be combined with --save-mapping')
  const rows = values.orders ? 'orders' : values.wide ? 'wide' : undefined
  const mapping = await mappingOf(values, (name) => saved(values.site, name), rows)
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
    saveMapping: values['save-mapping'],
    repeated: values.replace ? 'replace' : values.beside ? 'beside' : undefined,
  }
}

/** Loads the mapping from a file or by the name of a saved one; options of the command line override it. */
export async function mappingOf(
  values: MappingValues,
  saved: (name: string) => Promise<ImportMapping>,
  rows?: ImportMapping['rows'],
): Promise<ImportMapping> {
  const said = readMapping(values, rows)
  const named = values.mapping ?? values.map
  if (named === undefined) return said
  const isFile = /\.json$|[/\\]/i.test(named) || existsSync(named)
  return mergedMapping(await (isFile ? readMappingFile(named) : saved(named)), said)
}

/** @throws UsageError */
export function onlyFile([path, ...more]: readonly string[]): string {
  if (path === undefined || more.length > 0) throw new UsageError('name one file')
  return path
}
