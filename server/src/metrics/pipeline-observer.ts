import type { EventsAnswer } from '@stagewatch/shared/contract/event.ts'
import type { Site } from '../sites/site.ts'

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
