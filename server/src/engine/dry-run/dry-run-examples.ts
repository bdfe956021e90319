import { dryRunConditions, maxDryRunExamples } from '@stagewatch/shared/contract/dry-run.ts'
import type { DryRunCondition, DryRunResult } from '@stagewatch/shared/contract/dry-run.ts'
import type { OpenVisit } from '../open-visits.ts'
import type { OpenConditions } from './dry-run-tally.ts'

interface Example {
  /** How far the order is past its limit under the draft, working ms; -Infinity if it has none. */
  readonly pastMs: number
  readonly view: DryRunResult['examples'][number]
}

/** The most overdue orders under the draft among those whose status would change. */
export class DryRunExamples {
  /** Descending. */
  readonly #kept: Example[] = []

  add({ state, visit }: OpenVisit, live: OpenConditions, draft: OpenConditions, pastMs = -Infinity): void {
    const last = this.#kept.at(-1)
    if (this.#kept.length >= maxDryRunExamples && last !== undefined && last.pastMs >= pastMs) return
    const view = { order: state.order, stage: visit.stage, live: namesOf(live), draft: namesOf(draft) }
    const place = this.#kept.findIndex((other) => other.pastMs < pastMs)
    this.#kept.splice(place === -1 ? this.#kept.length : place, 0, { pastMs, view })
    if (this.#kept.length > maxDryRunExamples) this.#kept.pop()
  }

  get views(): DryRunResult['examples'] {
    return this.#kept.map(({ view }) => view)
  }
}

function namesOf(conditions: OpenConditions): DryRunCondition[] {
  return dryRunConditions.filter((condition) => conditions[condition])
}
