import { isDeepStrictEqual } from 'node:util'
import type { ImportMapping } from '@stagewatch/shared/contract/import-mapping.ts'
import type { ImportView } from '@stagewatch/shared/contract/imports.ts'

type RecordedOptions = ImportView['options']

/** The options recorded with an import: with different values, the same rows become different events. */
export function recordedOptions(mapping: ImportMapping, source: string): RecordedOptions {
  return { ...mapping, source }
}

/** Among the imports of the same file, those that count and were read with different options. */
export function readOtherwise(sameFile: readonly ImportView[], options: RecordedOptions): ImportView[] {
  return sameFile.filter(({ options: before, accepted, state }) => {
    return (accepted > 0 || state === 'running' || state === 'waiting') && !isDeepStrictEqual(before, options)
  })
}
