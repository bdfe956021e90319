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
  /** Version of what is overwritten: the server rejects the request if somebody has saved since. */
  readonly version?: string
  /** Undefined: the server's default site for the person. */
  readonly site?: string | undefined
  /** Instead of the cookie of the session. */
  readonly token?: string | undefined
  /** `omit`: for requests that nobody is signed in for. */
  readonly credentials?: RequestCredentials
  readonly signal?: AbortSignal | undefined
  /** After this long without a response the request fails. Undefined: as long as the browser waits. */
  readonly timeoutMs?: number
}

/** For responses without a body, or with one that nobody reads. */
export const ignoredResponse = z.unknown()

/** Confirms who is signed in. @returns whether they have done so. */
type Reauthenticate = () => Promise<boolean>

let reauthenticate: Reauthenticate | undefined

/** From now on this is called when the server asks for a fresh proof of identity. @returns a function that undoes it. */
export function registerReauthentication(confirm: Reauthenticate): () => void {
  reauthenticate = confirm
  return () => {
    if (reauthenticate === confirm) reauthenticate = undefined
  }
}

/**
 * The one way to the HTTP API. When the server asks for a fresh proof of identity, the person is asked for it and the
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

/** What every request to the server is sent with. */
export function fetchOptions(options: RequestOptions<z.ZodType>): RequestInit {
  const { method = 'GET', body, version, site, token, credentials = 'same-origin' } = options
  return {
    method,
    credentials,
    headers: {
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(version !== undefined && { 'if-match': `"${version}"` }),
      ...(site !== undefined && { 'x-stagewatch-site': site }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: body === undefined ? null : JSON.stringify(body),
  }
}

/** @throws ApiError when the server has refused, or its answer is none of the schema. */
export async function readResponse<Body extends z.ZodType>(response: Response, schema: Body): Promise<z.output<Body>> {
  noteServerTime(response, Date.now())
  const parsedBody: unknown = await response.json().catch(() => undefined)
  if (!response.ok) throw toApiError(response.status, parsedBody)
  const result = schema.safeParse(parsedBody)
  if (!result.success) throw new ApiError({ status: response.status })
  return result.data
}

/** A signal that ends with the other one or after the time. `AbortSignal.any` is too new for the oldest browsers. */
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

/** The server responded, but not with what was asked for. */
export class ApiError extends Error {
  /** Of HTTP; of a successful response when its body was not understood. */
  readonly status: number
  /** Undefined: the server gave no reason, or none that this page knows. */
  readonly code: ApiErrorOptions['code']
  /** Under which the server's log has more. */
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

/** Of problems of the sign-in service, which have codes of their own, and of what stands between us and the server. */
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
