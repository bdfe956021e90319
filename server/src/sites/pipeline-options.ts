import type { Database } from '@stagewatch/db/database.ts'
import type { BoardCadence, DeltaSink } from '../boards/board-publisher.ts'
import type { StatusEdge } from '../engine/status-edge.ts'
import type { Clock } from '../platform/clock/clock.ts'
import type { InDoubtTransactions } from '../log/log-follower.ts'
import type { Site } from '../platform/site.ts'
import type { EventsAnswer } from '@stagewatch/shared/contract/event.ts'

export interface PipelineOptions {
  readonly database: Database
  readonly site: Site
  readonly clock: Clock
  /** Identifies this server instance in the log. */
  readonly origin: string
  /** Receives transactions of this server instance whose commit was never acknowledged. */
  readonly inDoubtTransactions?: InDoubtTransactions | undefined
  readonly deltas: DeltaSink
  /** See `Board`. */
  readonly dataAsOf?: (() => number | undefined) | undefined
  /** See `BoardPublisherOptions`. */
  readonly cadence?: BoardCadence | undefined
  readonly observer?: PipelineObserver | undefined
  /**
   * Reports orders of the site that became overdue, at risk or stalled, or ceased to be; not called for the initial
   * state.
   */
  readonly statusChanged?: ((site: string, edges: readonly StatusEdge[]) => void) | undefined
  /** Called when in-memory data of the site may have changed. */
  readonly changed?: ((site: string) => void) | undefined
  /** Reports an error that no caller is waiting for. */
  readonly failed: (error: unknown) => void
  /** Maximum number of finished visits in memory, keeping the most recent ones; 10 million by default. */
  readonly maxVisits?: number | undefined
  /** False: events are stored, but no orders are kept in memory; boards and statistics are empty. */
  readonly showsOrders?: boolean | undefined
}

/** Receives notifications about the work of pipelines. */
export interface PipelineObserver {
  /** The events of these answers are durable; `elapsedMs` is the duration of their commit. */
  committed(site: string, answers: readonly EventsAnswer[], elapsedMs: number): void
  boardBuilt(site: string, elapsedMs: number): void
}

type Commit<Request> = (requests: readonly Request[]) => Promise<readonly EventsAnswer[]>

/** Wraps a commit so that the observer is notified of every successful one. */
export function observedCommit<Request>(
  { site, observer }: { readonly site: Site; readonly observer?: PipelineObserver | undefined },
  commit: Commit<Request>,
): Commit<Request> {
  return async (requests) => {
    const begin = performance.now()
    const answers = await commit(requests)
    observer?.committed(site.code, answers, performance.now() - begin)
    return answers
  }
}

type CommitAhead<Request> = (
  requests: readonly Request[],
  sent: () => void,
) => Promise<readonly EventsAnswer[] | undefined>

/** The same for `commitAhead`. If it stores nothing, the fallback commit notifies the observer instead. */
export function observedCommitAhead<Request>(
  options: Parameters<typeof observedCommit>[0],
  commitAhead: CommitAhead<Request>,
): CommitAhead<Request> {
  const { site, observer } = options
  return async (requests, sent) => {
    const begin = performance.now()
    const answers = await commitAhead(requests, sent)
    if (answers !== undefined) observer?.committed(site.code, answers, performance.now() - begin)
    return answers
  }
}
