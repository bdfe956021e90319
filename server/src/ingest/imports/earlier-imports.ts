import { isDeepStrictEqual } from 'node:util'
import type { ImportMapping } from '@stagewatch/shared/contract/import-mapping.ts'
import type { ImportView } from '@stagewatch/shared/contract/imports.ts'

type RecordedOptions = ImportView['options']

/** What is recorded of how a file is read: with other values the same rows are other events. */
export function recordedOptions(mapping: ImportMapping, source: string): RecordedOptions {
  return { ...mapping, source }
}

/** Of the imports of a file with the same bytes those that count and have read it in another way. */
export function readOtherwise(sameFile: readonly ImportView[], options: RecordedOptions): ImportView[] {
  return sameFile.filter(({ options: before, accepted, state }) => {
    return (accepted > 0 || state === 'running' || state === 'waiting') && !isDeepStrictEqual(before, options)
  })
}
