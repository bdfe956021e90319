import type { EventsAnswer } from '@stagewatch/shared/contract/event.ts'
import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import { Counter, Histogram } from 'prom-client'
import type { Registry } from 'prom-client'
import type { PipelineObserver } from '../sites/pipeline-options.ts'

const durationBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const eventBuckets = [1, 10, 100, 1_000, 10_000]

/** Counts what the pipelines report. */
export class PipelineMetrics implements PipelineObserver {
  readonly #events: Counter<'site' | 'result' | 'code'>
  readonly #commitDuration: Histogram<'site'>
  readonly #commitEvents: Histogram<'site'>
  readonly #boardDuration: Histogram<'site'>

  constructor(registry: Registry) {
    const registers = [registry]
    this.#events = new Counter({
      name: 'stagewatch_events_total',
      help: 'Events received, by result (accepted, duplicate, rejected); rejected ones with the code.',
      labelNames: ['site', 'result', 'code'],
      registers,
    })
    this.#commitDuration = new Histogram({
      name: 'stagewatch_commit_duration_seconds',
      help: 'Time from the start of a commit until its events were durable and visible.',
      labelNames: ['site'],
      buckets: durationBuckets,
      registers,
    })
    this.#commitEvents = new Histogram({
      name: 'stagewatch_commit_events',
      help: 'Events per commit.',
      labelNames: ['site'],
      buckets: eventBuckets,
      registers,
    })
    this.#boardDuration = new Histogram({
      name: 'stagewatch_board_build_duration_seconds',
      help: 'Time to compute a board.',
      labelNames: ['site'],
      buckets: durationBuckets,
      registers,
    })
  }

  committed(site: string, answers: readonly EventsAnswer[], elapsedMs: number): void {
    const sum = (result: 'accepted' | 'duplicate' | 'rejected') =>
      answers.reduce((total, answer) => total + answer[result], 0)
    const [accepted, duplicate, rejected] = [sum('accepted'), sum('duplicate'), sum('rejected')]
    this.#events.inc({ site, result: 'accepted' }, accepted)
    this.#events.inc({ site, result: 'duplicate' }, duplicate)
    for (const [code, count] of rejections(answers)) this.#events.inc({ site, result: 'rejected', code }, count)
    this.#commitDuration.observe({ site }, elapsedMs / 1_000)
    this.#commitEvents.observe({ site }, accepted + duplicate + rejected)
  }

  boardBuilt(site: string, elapsedMs: number): void {
    this.#boardDuration.observe({ site }, elapsedMs / 1_000)
  }
}

function rejections(answers: readonly EventsAnswer[]): ReadonlyMap<ProblemCode, number> {
  const counts = new Map<ProblemCode, number>()
  for (const { rejected, results } of answers) {
    if (rejected === 0) continue
    for (const result of results) {
      if (result.status === 'rejected') counts.set(result.code, (counts.get(result.code) ?? 0) + 1)
    }
  }
  return counts
}
