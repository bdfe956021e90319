import { AppError } from '../platform/app-error.ts'
import { openBytes } from '../ingest/tables/byte-source.ts'
import { surveyBytes } from '../ingest/tables/detect-encoding.ts'

/** @throws AppError `not_found` if the file cannot be opened, `unsupported_media_type` if it is not text. */
export async function readTextFile(path: string): Promise<string> {
  const source = await openBytes(path)
  try {
    const { encoding } = await surveyBytes(source, undefined)
    if (encoding === undefined) throw new AppError('unsupported_media_type', `${path} is no text`)
    return new TextDecoder(encoding.name).decode(Buffer.concat(await Array.fromAsync(source.pieces())))
  } finally {
    await source.close()
  }
}

/**
 * Reads an object with a `code` from a file; the server validates its other fields.
 * @throws AppError `not_found` if the file cannot be opened, `bad_request` if it contains something else.
 */
export async function readCodedFile(path: string): Promise<{ readonly code: string }> {
  const parsed = parsedOrUndefined(await readTextFile(path))
  if (typeof parsed === 'object' && parsed !== null && 'code' in parsed && typeof parsed.code === 'string') {
    return { ...parsed, code: parsed.code }
  }
  throw new AppError('bad_request', `${path} is no JSON object with a code`)
}

/** @throws AppError `not_found` if the file cannot be opened, `bad_request` if it is not JSON. */
export async function readJsonFile(path: string): Promise<unknown> {
  const parsed = parsedOrUndefined(await readTextFile(path))
  if (parsed === undefined) throw new AppError('bad_request', `${path} is no JSON`)
  return parsed
}

function parsedOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
