import type { Database } from '@stagewatch/db/database.ts'
import type { DeltaSink } from '../boards/board-publisher.ts'
import type { StatusEdge } from '../engine/status-edge.ts'
import type { Clock } from '../platform/clock/clock.ts'
import type { InDoubtTransactions } from '../log/log-follower.ts'
import type { Site } from '../platform/site.ts'
import type { EventsAnswer } from '@stagewatch/shared/contract/event.ts'

export interface PipelineOptions {
  readonly database: Database
  readonly site: Site
  readonly clock: Clock
  /** Names this server instance in the log. */
  readonly origin: string
  /** Is told of transactions of this server instance whose commit was never answered. */
  readonly inDoubtTransactions?: InDoubtTransactions | undefined
  readonly deltas: DeltaSink
  /** See `Board`. */
  readonly dataAsOf?: (() => number | undefined) | undefined
  readonly observer?: PipelineObserver | undefined
  /** Orders of the site became overdue, at risk or stalled, or ceased to be; nothing is told of the start. */
  readonly statusChanged?: ((site: string, edges: readonly StatusEdge[]) => void) | undefined
  /** Something that is in memory of the site may be different now. */
  readonly changed?: ((site: string) => void) | undefined
  /** Something went wrong that nobody waits for. */
  readonly failed: (error: unknown) => void
  /** So many finished visits stay in memory, the most recent ones; 10 million by default. */
  readonly maxVisits?: number | undefined
  /** False: events only pass through, and nothing of the orders is kept in memory; boards and statistics are empty. */
  readonly showsOrders?: boolean | undefined
}

/** Is told what the pipelines have done. */
export interface PipelineObserver {
  /** The events of these answers are durable; `elapsedMs` is what their commit took. */
  committed(site: string, answers: readonly EventsAnswer[], elapsedMs: number): void
  /** A board was computed. */
  boardBuilt(site: string, elapsedMs: number): void
}

type Commit<Request> = (requests: readonly Request[]) => Promise<readonly EventsAnswer[]>

/** The same commit; the observer is told of every one that succeeds. */
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

/** The same of a commit that may have to be made in another way, of which the observer is told then. */
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
