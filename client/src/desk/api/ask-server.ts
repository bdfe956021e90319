import { problem } from '@stagewatch/shared/contract/problem.ts'
import { z } from 'zod'
import { isAuthProblem } from './auth-problem.ts'
import { Refused } from './refused.ts'

interface Question<Answer extends z.ZodType> {
  readonly path: string
  readonly answer: Answer
  /** GET unless told. */
  readonly method?: 'POST' | 'PUT' | 'DELETE'
  readonly body?: unknown
  /** Undefined: the site that the server takes for the person's. */
  readonly site?: string | undefined
  readonly signal?: AbortSignal
}

/** For answers without a body, or with one that nobody reads. */
export const noAnswer = z.unknown()

const authRefusal = z.object({ code: z.string().optional() })

/** @throws Refused, or the error of fetch when there is no answer. */
export async function askServer<Answer extends z.ZodType>(question: Question<Answer>): Promise<z.output<Answer>> {
  const { path, answer, method = 'GET', body, site, signal } = question
  const response = await fetch(path, {
    method,
    headers: {
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(site !== undefined && { 'x-stagewatch-site': site }),
    },
    body: body === undefined ? null : JSON.stringify(body),
    signal: signal ?? null,
  })
  const given: unknown = await response.json().catch(() => undefined)
  if (!response.ok) throw refusalOf(response.status, given)
  const parsed = answer.safeParse(given)
  if (!parsed.success) throw new Refused({})
  return parsed.data
}

function refusalOf(status: number, body: unknown): Refused {
  const known = problem.safeParse(body)
  if (known.success) return new Refused(known.data)
  const code = authRefusal.safeParse(body).data?.code
  if (isAuthProblem(code)) return new Refused({ code })
  return new Refused({ code: status === 429 ? 'rate_limited' : status === 401 ? 'unauthorized' : undefined })
}
