import { linesType, answerLine, type WorkProgress } from '@stagewatch/shared/contract/answer-lines.ts'
import type { z } from 'zod'
import { fetchOptions, readResponse, ApiError, type RequestOptions } from './request.ts'
import { noteServerTime } from './server-time.ts'

/** The server writes no line longer than this. */
const maxLineLength = 4_000_000

/**
 * Streams a response line by line (NDJSON), each line as soon as it arrives. Leaving the loop or aborting the signal
 * closes the connection, which stops the server.
 * @throws ApiError when the server refuses; the error of `fetch` when the connection breaks; ZodError when a line does
 * not match the `response` schema.
 */
async function* requestLines<Line extends z.ZodType>(
  options: RequestOptions<Line>,
): AsyncGenerator<z.output<Line>, void, undefined> {
  const answer = await fetch(options.path, { ...fetchOptions(options, linesType), signal: options.signal ?? null })
  if (!answer.ok || answer.body === null) {
    await readResponse(answer, options.response)
    return
  }
  noteServerTime(answer, Date.now())
  const reader = answer.body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true })
      const lines = rest.split('\n')
      rest = done ? '' : (lines.pop() ?? '')
      if (rest.length > maxLineLength) throw new RangeError('a line is too long')
      for (const line of lines) if (line.trim() !== '') yield options.response.parse(JSON.parse(line))
      if (done) return
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

/**
 * Requests a result that may take long to compute. Aborting the signal also stops the work on the server.
 * @param options `response` is the schema of the result.
 * @param onProgress called with the progress of the work.
 * @throws ApiError when the server refuses or fails; an error when the response ends early.
 */
export async function requestAnswer<Result>(
  options: RequestOptions<z.ZodType<Result>>,
  onProgress: (progress: WorkProgress) => void,
): Promise<Result> {
  for await (const line of requestLines({ ...options, response: answerLine(options.response) })) {
    if ('problem' in line) throw new ApiError({ status: 200, code: line.problem.code })
    if ('result' in line) return line.result
    onProgress(line.progress)
  }
  throw new Error('the answer broke off')
}
