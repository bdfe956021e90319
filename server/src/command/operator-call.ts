/** One request of a command to the server, as an administrator of the site. */
export interface OperatorRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** From `/api/v1/`. */
  readonly path: string
  readonly body?: unknown
}

export interface OperatorReply<T> {
  readonly status: number
  /** A `Problem` unless the status is a success. */
  readonly body: T
  /** How long an overloaded server asks to wait; undefined: it did not say. */
  readonly retryAfterMs?: number
}

/**
 * How commands reach the data: through the running server when it holds the data directory, else through the same
 * routes in this process.
 */
export interface Operator {
  call<T>(request: OperatorRequest): Promise<OperatorReply<T>>
  close(): Promise<void>
}
