import { z } from 'zod'
import { problemCode } from './problem.ts'

const count = z.int().nonnegative()

/** Media type of a response that is streamed line by line, each line a JSON text. */
export const linesType = 'application/x-ndjson'

/** Progress of the work; a `total` of 0 means unknown. */
export const workProgress = z.object({ done: count, total: count })

/**
 * One line of a streamed response to a long-running request: progress lines, then the result. Closing the connection
 * cancels the work. A failure after the first line is sent as a line in the form of a problem.
 */
export function answerLine<Result extends z.ZodType>(result: Result) {
  return z.union([
    z.object({ progress: workProgress }),
    z.object({ result }),
    z.object({ problem: z.object({ code: problemCode, message: z.string() }) }),
  ])
}

export type WorkProgress = z.infer<typeof workProgress>
