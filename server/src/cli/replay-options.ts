import { parseArgs } from 'node:util'
import { UsageError } from './command.ts'
import type { FileOptions } from '../ingest/imports/file-options.ts'
import { fileOptionsOf } from '../ingest/imports/file-options.ts'
import { mappingOf, onlyFile } from './import-options.ts'
import { mappingOptions } from './mapping-options.ts'

export interface ReplayOptions extends FileOptions {
  /** Factor relative to the recorded speed. */
  readonly speed: number
  readonly shiftToNow: boolean
  readonly url: string
  readonly key: string | undefined
  readonly json: boolean
}

/** @throws UsageError; AppError if the named mapping cannot be used. */
export async function readReplayOptions(args: readonly string[]): Promise<ReplayOptions> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      ...mappingOptions,
      speed: { type: 'string' },
      'shift-to-now': { type: 'boolean', default: false },
      url: { type: 'string', default: 'http://127.0.0.1:4000' },
      key: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  })
  const speed = Number(values.speed ?? Number.NaN)
  if (!(speed > 0 && Number.isFinite(speed))) throw new UsageError('--speed takes a number above 0')
  if (!URL.canParse(values.url)) throw new UsageError('--url takes an address such as http://127.0.0.1:4000')
  const path = onlyFile(positionals)
  return {
    ...fileOptionsOf(path, await mappingOf(values, noSavedMapping), 'replay'),
    speed,
    shiftToNow: values['shift-to-now'],
    url: values.url,
    key: values.key,
    json: values.json,
  }
}

/** A replay is not bound to a site, so it has no saved mappings. */
function noSavedMapping(name: string): Promise<never> {
  return Promise.reject(new UsageError(`--mapping takes a .json file here, not the name ${name}`))
}
