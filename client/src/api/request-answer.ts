import { answerLine, type WorkProgress } from '@stagewatch/shared/contract/answer-lines.ts'
import type { z } from 'zod'
import { requestLines } from './request-lines.ts'
import { ApiError, type RequestOptions } from './request.ts'

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
