import { randomBytes } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { Problem } from '@stagewatch/shared/contract/problem.ts'

/** Errors of Node's parser, which occur before there is a request. */
const problems: Readonly<Record<string, { readonly status: number } & Pick<Problem, 'code' | 'message'>>> = {
  HPE_HEADER_OVERFLOW: { status: 431, code: 'too_large', message: 'the header is too large' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, code: 'bad_request', message: 'the request did not arrive in time' },
}
const malformed = { status: 400, code: 'bad_request', message: 'the request is not valid HTTP' } as const

/** Answers a malformed HTTP request with the same body as every other refusal, and closes the connection. */
export function answerClientError(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const { status, code, message } = problems[error.code ?? ''] ?? malformed
  socket.end(rawProblem(status, { code, message, requestId: newRequestId() }))
}

/** Identifies a request in the log and in its answer. */
export function newRequestId(): string {
  return randomBytes(8).toString('hex')
}

/** The bytes of a refusal for connections without a response object. */
export function rawProblem(status: number, problem: Problem): string {
  const body = JSON.stringify(problem)
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'X-Content-Type-Options: nosniff',
    'Connection: close',
    '',
    body,
  ].join('\r\n')
}
