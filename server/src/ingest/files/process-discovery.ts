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

/** Four of five visits of the past would have kept the proposed target. */
const targetRank = 0.8

/** `ratio` of the orders, 0..1, came to the stage and to none after it. */
export interface LastStage {
  readonly stage: string
  readonly ratio: number
}

const shownLastStages = 3

/** Derives a process from the rows of a log. All stages count; their order and targets are those of a sample. */
export class ProcessDiscovery {
  readonly #sample = new OrderSample()
  readonly #stages = new Map<string, string>()
  readonly #isDescending: boolean
  /** Orders of the sample by the stage that they came to last. */
  readonly #lastStages = new Map<string, number>()

  /** @param isDescending the rows go down in time, so that of two of one instant the later one happened first. */
  constructor(isDescending = false) {
    this.#isDescending = isDescending
  }

  /** @throws AppError when there are so many stages that the column cannot be one of stages. */
  add(row: EventRow): void {
    this.#sample.add(row, row.stage === undefined ? undefined : this.#knownStage(row.stage))
  }

  /** `terminal`: the stages that end an order; the log does not say. */
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

  /** Where the orders were last, by what `process` looked at: the most frequent first, with the share of orders. */
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

/** The known process with the stages that it lacks at its end; what it says of its own stages stays. */
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
  // No target can be kept by a stage through which orders pass in no time.
  if (dwellAtRank === 0) return plainStage(code)
  // A target that is reached is passed: a visit of just that length needs a second more.
  return { ...plainStage(code), targetMs: (Math.floor(dwellAtRank / 1000) + 1) * 1000 }
}
