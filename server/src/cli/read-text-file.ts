import { AppError } from '../platform/app-error.ts'
import { openText } from '../ingest/files/open-text.ts'

/** @throws AppError `not_found` when the file cannot be opened. */
export async function readTextFile(path: string): Promise<string> {
  const { pieces, close } = await openText(path)
  try {
    return (await Array.fromAsync(pieces)).join('')
  } finally {
    close()
  }
}

/**
 * An object of a file, with its code; what else is in it the server checks.
 * @throws AppError `not_found` when the file cannot be opened, `bad_request` when it holds something else.
 */
export async function readCodedFile(path: string): Promise<{ readonly code: string }> {
  const parsed = parsedOrUndefined(await readTextFile(path))
  if (typeof parsed === 'object' && parsed !== null && 'code' in parsed && typeof parsed.code === 'string') {
    return { ...parsed, code: parsed.code }
  }
  throw new AppError('bad_request', `${path} is no JSON object with a code`)
}

function parsedOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
