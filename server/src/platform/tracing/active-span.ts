import { AsyncLocalStorage } from 'node:async_hooks'
import type { IncomingHttpHeaders } from 'node:http'

/** `server` and `client` mark the two ends of a call; everything else is `internal`. */
export type SpanKind = 'server' | 'client' | 'internal'

/** Never personal data: no values of statements, no bodies, no names of orders, customers or people. */
export type SpanAttributes = Readonly<Record<string, string | number | readonly string[]>>

/** A span, until it ends. */
export interface ActiveSpan {
  /** Of the trace and of the span, in hexadecimal digits. */
  readonly ids: { readonly traceId: string; readonly spanId: string }
  readonly hasEnded: boolean
  child(name: string, kind: SpanKind, attributes: SpanAttributes): ActiveSpan
  set(attributes: SpanAttributes): void
  /** Marks it as failed, with the kind of the error and where it was thrown, but without its message. */
  fail(error: unknown): void
  end(): void
}

/** Starts traces. Without one, nothing is traced. */
export interface Tracer {
  /** @param headers of the request that the trace is for; it continues the trace of the caller (`traceparent`). */
  root(name: string, kind: SpanKind, attributes: SpanAttributes, headers?: IncomingHttpHeaders): ActiveSpan
}

const storage = new AsyncLocalStorage<ActiveSpan>()

/** The span that the running code belongs to. A timer that was started within a span may outlive it. */
function activeSpan(): ActiveSpan | undefined {
  const span = storage.getStore()
  return span?.hasEnded === true ? undefined : span
}

/** Runs the work, and everything that it starts, within the span. */
export function withSpan<Result>(span: ActiveSpan, work: () => Result): Result {
  return storage.run(span, work)
}

/**
 * Runs the work within the span, which ends with it, as failed if the work fails.
 * @returns the promise of the work itself: whoever handles its failure elsewhere does not have to handle another one.
 */
function inSpan<Result>(span: ActiveSpan, work: () => Promise<Result>): Promise<Result> {
  const failed = (error: unknown): void => {
    span.fail(error)
    span.end()
  }
  try {
    const result = withSpan(span, work)
    result.then(() => span.end(), failed)
    return result
  } catch (error) {
    failed(error)
    throw error
  }
}

/** Runs the work as a new trace. */
export function inTrace<Result>(
  tracer: Tracer | undefined,
  name: string,
  attributes: SpanAttributes,
  work: () => Promise<Result>,
): Promise<Result> {
  return tracer === undefined ? work() : inSpan(tracer.root(name, 'internal', attributes), work)
}

/** Runs the work in a span below the active one. Without an active span, nothing is traced. */
export function inChildSpan<Result>(
  name: string,
  kind: SpanKind,
  attributes: SpanAttributes,
  work: () => Promise<Result>,
): Promise<Result> {
  const parent = activeSpan()
  return parent === undefined ? work() : inSpan(parent.child(name, kind, attributes), work)
}

/** Fields for every log line, which connect it with its trace. */
export function traceFields(): { readonly trace_id?: string; readonly span_id?: string } {
  const ids = activeSpan()?.ids
  return ids === undefined ? {} : { trace_id: ids.traceId, span_id: ids.spanId }
}
