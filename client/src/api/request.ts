import { problem, type Problem, type ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import { z } from 'zod'
import { authErrorCode, type AuthErrorCode } from './auth-error-code.ts'
import { noteServerTime } from './server-time.ts'

export interface RequestOptions<Response extends z.ZodType> {
  readonly path: string
  /** Schema of the body of a successful response. */
  readonly response: Response
  /** Default: GET. */
  readonly method?: 'POST' | 'PUT' | 'DELETE'
  /** Sent as JSON. */
  readonly body?: unknown
  /** Version of the overwritten record: the server rejects the request if somebody else has saved since. */
  readonly version?: string
  /** Undefined: the user's default site on the server. */
  readonly site?: string | undefined
  /** Used instead of the session cookie. */
  readonly token?: string | undefined
  /** `omit`: for requests without a session. */
  readonly credentials?: RequestCredentials
  readonly signal?: AbortSignal | undefined
  /** The request fails after this time without a response. Undefined: the browser's own limit applies. */
  readonly timeoutMs?: number
}

/** For responses that have no body or whose body is not read. */
export const ignoredResponse = z.unknown()

/** Asks the user to confirm their identity. @returns whether they did. */
type Reauthenticate = () => Promise<boolean>

let reauthenticate: Reauthenticate | undefined

/** Registers the callback for requests that need a fresh proof of identity. @returns a function that unregisters it. */
export function registerReauthentication(confirm: Reauthenticate): () => void {
  reauthenticate = confirm
  return () => {
    if (reauthenticate === confirm) reauthenticate = undefined
  }
}

/**
 * The only client of the HTTP API. When the server requires a fresh proof of identity, the user is asked for it and the
 * request is sent again.
 * @throws ApiError when the server refuses; the error of `fetch` when there is no response.
 */
export async function request<Response extends z.ZodType>(
  options: RequestOptions<Response>,
): Promise<z.output<Response>> {
  try {
    return await send(options)
  } catch (error) {
    const isAsked = isApiError(error, 'reauthentication_required') && (await reauthenticate?.()) === true
    if (isAsked) return send(options)
    throw error
  }
}

async function send<Body extends z.ZodType>(options: RequestOptions<Body>): Promise<z.output<Body>> {
  const { signal, cancel } = abortSignal(options.signal, options.timeoutMs)
  try {
    const response = await fetch(options.path, { ...fetchOptions(options), signal })
    return await readResponse(response, options.response)
  } finally {
    cancel()
  }
}

/** Options that every request to the server has in common. @param accept media type of the response. */
export function fetchOptions(options: RequestOptions<z.ZodType>, accept = 'application/json'): RequestInit {
  const { method = 'GET', body, version, site, token, credentials = 'same-origin' } = options
  return {
    method,
    credentials,
    headers: {
      accept,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(version !== undefined && { 'if-match': `"${version}"` }),
      ...(site !== undefined && { 'x-stagewatch-site': site }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: body === undefined ? null : JSON.stringify(body),
  }
}

/** @throws ApiError when the server refused, or its response does not match the schema. */
export async function readResponse<Body extends z.ZodType>(response: Response, schema: Body): Promise<z.output<Body>> {
  noteServerTime(response, Date.now())
  const parsedBody: unknown = await response.json().catch(() => undefined)
  if (!response.ok) throw toApiError(response.status, parsedBody)
  const result = schema.safeParse(parsedBody)
  if (!result.success) throw new ApiError({ status: response.status })
  return result.data
}

/** Aborts with the outer signal or after the timeout. The oldest supported browsers lack `AbortSignal.any`. */
function abortSignal(outer: AbortSignal | undefined, timeoutMs: number | undefined) {
  if (timeoutMs === undefined) return { signal: outer ?? null, cancel: () => undefined }
  const controller = new AbortController()
  const abort = (): void => controller.abort()
  const timer = setTimeout(abort, timeoutMs)
  outer?.addEventListener('abort', abort)
  return {
    signal: controller.signal,
    cancel: () => {
      clearTimeout(timer)
      outer?.removeEventListener('abort', abort)
    },
  }
}

interface ApiErrorOptions {
  readonly status: number
  readonly code?: ProblemCode | AuthErrorCode | undefined
  readonly requestId?: string | undefined
  readonly details?: Problem['details'] | undefined
}

/** The server responded, but not with the expected result. */
export class ApiError extends Error {
  /** HTTP status. A success status means that the body could not be parsed. */
  readonly status: number
  /** Undefined: the server gave no code, or one unknown to this build. */
  readonly code: ApiErrorOptions['code']
  /** Finds the details in the server's log. */
  readonly requestId: string | undefined
  readonly details: NonNullable<Problem['details']>

  constructor({ status, code, requestId, details = [] }: ApiErrorOptions) {
    super(`HTTP ${status}: ${code ?? 'no reason given'}`)
    this.status = status
    this.code = code
    this.requestId = requestId
    this.details = details
  }
}

export function isApiError(error: unknown, code: NonNullable<ApiErrorOptions['code']>): boolean {
  return error instanceof ApiError && error.code === code
}

/** For errors of the sign-in service, which has codes of its own, and of proxies in front of the server. */
const codeOfStatus: Readonly<Record<number, ProblemCode>> = {
  400: 'invalid_field',
  401: 'unauthorized',
  429: 'rate_limited',
}

function toApiError(status: number, body: unknown): ApiError {
  const known = problem.safeParse(body)
  if (known.success) return new ApiError({ status, ...known.data })
  return new ApiError({ status, code: authErrorCode(body) ?? codeOfStatus[status] })
}
