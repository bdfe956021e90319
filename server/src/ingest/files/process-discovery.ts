import { maxStages } from '@stagewatch/shared/contract/process.ts'
import { foldOrder } from '@stagewatch/shared/domain/fold-order.ts'
import { untranslated } from '@stagewatch/shared/domain/local-text.ts'
import type { ProcessDefinition, StageDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import { dwellMs, isFinished } from '@stagewatch/shared/domain/stage-visit.ts'
import { FileError } from '../tables/file-error.ts'
import type { EventRow } from './event-row.ts'
import type { SampledEvent } from './order-sample.ts'
import { OrderSample } from './order-sample.ts'
import { TypicalOrder } from './usual-order.ts'

/** Four out of five past visits would have met the proposed target. */
const targetRank = 0.8

/** The share `ratio` (0..1) of the orders reached the stage and none after it. */
export interface LastStage {
  readonly stage: string
  readonly ratio: number
}

const shownLastStages = 3

/**
 * Derives a process from the rows of a log. All stages are included; their order and targets are derived from a sample.
 */
export class ProcessDiscovery {
  readonly #sample = new OrderSample()
  readonly #stages = new Map<string, string>()
  readonly #isDescending: boolean
  /** Number of sampled orders by their last stage. */
  readonly #lastStages = new Map<string, number>()

  /**
   * @param isDescending rows are sorted newest first, so that of two rows with the same instant the later one happened
   * first.
   */
  constructor(isDescending = false) {
    this.#isDescending = isDescending
  }

  /** @throws AppError if there are too many different values for a stage column. */
  add(row: EventRow): void {
    this.#sample.add(row, row.stage === undefined ? undefined : this.#knownStage(row.stage))
  }

  /** @param terminal stages that end an order; the log does not contain this information. */
  process(code: string, terminal: ReadonlySet<string>): ProcessDefinition {
    const usual = new TypicalOrder()
    this.#lastStages.clear()
    const dwell = new Map<string, number[]>([...this.#stages.keys()].map((stage) => [stage, []]))
    for (const [order, events] of this.#sample.orders) {
      const visits = foldSample(order, this.#isDescending ? events.toReversed() : events, terminal)
      const last = visits.at(-1)?.stage
      if (last !== undefined) this.#lastStages.set(last, (this.#lastStages.get(last) ?? 0) + 1)
      usual.add([...new Set(visits.map((visit) => visit.stage))])
      for (const visit of visits) if (isFinished(visit)) dwell.get(visit.stage)?.push(dwellMs(visit))
    }
    const stages = new Set([...usual.stages(), ...this.#stages.keys()])
    return {
      code,
      name: untranslated(code),
      stages: [...stages].map((stage) => proposedStage(stage, dwell.get(stage) ?? [], terminal)),
      acceptsNewStages: false,
      goals: {},
    }
  }

  /** Last stages of the orders that `process` sampled, most frequent first, with their share of the orders. */
  lastStages(): readonly LastStage[] {
    const orders = [...this.#lastStages.values()].reduce((sum, count) => sum + count, 0)
    const stages = [...this.#lastStages].map(([stage, count]) => ({ stage, ratio: count / orders }))
    return stages.toSorted((a, b) => b.ratio - a.ratio).slice(0, shownLastStages)
  }

  #knownStage(stage: string): string {
    const known = this.#stages.get(stage)
    if (known !== undefined) return known
    if (this.#stages.size === maxStages)
      throw new FileError(
        'too_large',
        'too_many_stages',
        `the file names more than ${maxStages} stages; is its stage column another one?`,
        { params: { limit: maxStages } },
      )
    this.#stages.set(stage, stage)
    return stage
  }
}

/** The known process with its missing stages appended; its own stages remain unchanged. */
export function extendProcess(known: ProcessDefinition, discovered: ProcessDefinition): ProcessDefinition {
  const codes = new Set(known.stages.map((stage) => stage.code))
  return { ...known, stages: [...known.stages, ...discovered.stages.filter((stage) => !codes.has(stage.code))] }
}

function foldSample(order: string, events: readonly SampledEvent[], terminal: ReadonlySet<string>) {
  const log = events.map(({ type, stage, occurredAt, data }, sequence) => ({
    source: '',
    id: String(sequence),
    type,
    order,
    ...(stage !== undefined && { stage }),
    occurredAt,
    sequence,
    data,
  }))
  return foldOrder(order, log, { isTerminal: (stage) => terminal.has(stage) })?.visits ?? []
}

function proposedStage(code: string, dwell: readonly number[], terminal: ReadonlySet<string>): StageDefinition {
  if (terminal.has(code)) return { ...plainStage(code), terminal: true }
  const sorted = Float64Array.from(dwell).toSorted()
  const dwellAtRank = sorted[Math.ceil(targetRank * sorted.length) - 1] ?? 0
  // A stage that orders pass instantly would always miss a target.
  if (dwellAtRank === 0) return plainStage(code)
  return { ...plainStage(code), targetMs: roundTargetMs(dwellAtRank) }
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** Steps of proposed targets, each for durations below its limit. */
const targetSteps = [
  { belowMs: 10 * minuteMs, stepMs: minuteMs },
  { belowMs: 2 * hourMs, stepMs: 5 * minuteMs },
  { belowMs: 8 * hourMs, stepMs: 15 * minuteMs },
  { belowMs: 48 * hourMs, stepMs: hourMs },
  { belowMs: Infinity, stepMs: 12 * hourMs },
] as const

/**
 * Rounds up to a duration that people would choose. The result is longer than the given one, because a target counts as
 * missed once it is reached.
 */
export function roundTargetMs(ms: number): number {
  const { stepMs } = targetSteps.find(({ belowMs }) => ms < belowMs) ?? targetSteps[0]
  return (Math.floor(ms / stepMs) + 1) * stepMs
}
