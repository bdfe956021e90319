import { STATUS_CODES } from 'node:http'
import type { Problem, ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../app-error.ts'
import { databaseRefusal } from '../database-refusal.ts'
import { spanOfRequest } from '../tracing/trace-requests.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'

export const statusOf: Readonly<Record<ProblemCode, number>> = {
  bad_request: 400,
  invalid_field: 400,
  missing_field: 400,
  invalid_text: 400,
  invalid_time: 400,
  unsupported_media_type: 415,
  too_large: 413,
  too_many_events: 413,
  unknown_host: 421,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  unknown_stage: 422,
  unknown_board: 404,
  unknown_process: 422,
  unknown_calendar: 422,
  too_many_sources: 422,
  order_full: 422,
  order_archived: 422,
  occurred_in_future: 422,
  conflict: 409,
  already_used: 409,
  last_administrator: 409,
  own_work: 409,
  weak_password: 400,
  reauthentication_required: 403,
  authorization_pending: 400,
  slow_down: 400,
  code_expired: 410,
  rate_limited: 429,
  overloaded: 503,
  disk_full: 503,
  secrets_key_missing: 409,
  not_ready: 503,
  internal: 500,
}

/** Turns anything a handler throws into the error body; an unexpected error reveals only its request id. */
export function answerProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const refusal = noteRefusal(error, request)
  if (refusal.code === 'unauthorized') void reply.header('www-authenticate', 'Bearer')
  if (refusal.retryAfterS !== undefined) void reply.header('retry-after', String(refusal.retryAfterS))
  const { code, message, details, conflict } = refusal
  return sendProblem(reply, statusOf[code], {
    code,
    message,
    ...(details !== undefined && { details }),
    ...(conflict !== undefined && { conflict }),
    requestId: request.id,
  })
}

/** What is said about an error that a handler has thrown; an unexpected one is logged. */
export function noteRefusal(error: unknown, request: FastifyRequest): Refusal {
  const refusal = refusalOf(error)
  const span = spanOfRequest(request)
  span?.set({ 'stagewatch.problem': refusal.code })
  if (refusal.code === 'internal') {
    span?.fail(error)
    request.log.error({ err: error }, 'request failed')
  }
  return refusal
}

export function answerNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const body: Problem = { code: 'not_found', message: 'there is no route at this address', requestId: request.id }
  return sendProblem(reply, 404, body)
}

/** Bypasses the serializers of the route, which describe only its successes. */
function sendProblem(reply: FastifyReply, status: number, body: Problem): FastifyReply {
  return reply.code(status).header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(body))
}

interface Refusal {
  readonly code: ProblemCode
  readonly message: string
  readonly details?: Problem['details']
  readonly conflict?: Problem['conflict']
  readonly retryAfterS?: number | undefined
}

function refusalOf(thrown: unknown): Refusal {
  const error = databaseRefusal(thrown)
  if (error instanceof AppError) {
    const { code, message, details, retryAfterS, conflict } = error
    return { code, message, details, conflict, retryAfterS }
  }
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : undefined
  if (status === 413) return { code: 'too_large', message: 'the request is too large' }
  if (status === 415) return { code: 'unsupported_media_type', message: 'this content type is not supported here' }
  if (status === 429) return { code: 'rate_limited', message: 'too many requests', retryAfterS: 1 }
  if (status !== undefined && status >= 400 && status < 500) {
    return { code: 'bad_request', message: STATUS_CODES[status] ?? 'bad request' }
  }
  return { code: 'internal', message: 'internal error; the server log has the details under this request id' }
}

/** Refusals that any route with access control may return. */
export const refusals = { 400: problem, 401: problem, 403: problem, 429: problem } as const
