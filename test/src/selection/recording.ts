import { resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '../../..')
/** Where `record-coverage.ts` writes a file for each test file. */
export const recordingFolder = resolve(root, 'node_modules/.coverage-by-test')

/** Whether this run records; `vitest.config.ts` adds `record-coverage.ts` to its setup files then. */
export const isRecording = process.env['RECORD_COVERAGE'] === 'on'

/** Offsets in a script as it is run, without types; the second one is excluded. */
export type Span = readonly [from: number, to: number]

/** What one test file has executed. Scripts are paths: of a source file, or of a built one, which begins with a slash. */
export interface RecordedFile {
  readonly file: string
  readonly seconds: number
  readonly executed: Readonly<Record<string, readonly Span[]>>
}
