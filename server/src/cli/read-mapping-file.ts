import { importMapping } from '@stagewatch/shared/contract/import-mapping.ts'
import type { ImportMapping } from '@stagewatch/shared/contract/import-mapping.ts'
import { fieldIssues } from '@stagewatch/shared/contract/issue-texts.ts'
import { fileOptionsOf } from '../ingest/imports/file-options.ts'
import { AppError } from '../platform/app-error.ts'
import { readTextFile } from './read-text-file.ts'

/**
 * Reads a mapping written by a user.
 * @throws AppError that names each unknown or invalid field.
 */
export async function readMappingFile(path: string): Promise<ImportMapping> {
  const parsed = importMapping.safeParse(parseJson(path, await readTextFile(path)))
  if (!parsed.success) {
    const wrong = fieldIssues(parsed.error).map(
      ({ field, message }) => `${field === '' ? 'the whole' : field} ${message}`,
    )
    throw new AppError('bad_request', `${path}: ${wrong.join('; ')}`)
  }
  try {
    fileOptionsOf('', parsed.data)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    throw new AppError('bad_request', `${path}: ${error.field ?? ''} ${error.message}`)
  }
  return parsed.data
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new AppError('bad_request', `${path} is no JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}
