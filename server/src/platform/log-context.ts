import { AsyncLocalStorage } from 'node:async_hooks'

/** What the running code works for, as far as it is known: a request or a background task. */
interface LogContext {
  readonly requestId?: string
  readonly task?: string
}

const storage = new AsyncLocalStorage<LogContext>()

/**
 * Fields for a log line about the running code. Work that several requests share, such as a commit, counts for the
 * first of them.
 */
export function logContext(): LogContext {
  return storage.getStore() ?? {}
}

/** Runs the work, and everything that it starts, in a context. */
export function withLogContext<Result>(context: LogContext, work: () => Result): Result {
  return storage.run(context, work)
}
