import type { Choice } from '@stagewatch/shared/contract/choice.ts'
import { alwaysOpen } from '@stagewatch/shared/domain/time/always-open.ts'
import { DwellHistogram } from '../engine/dwell-histogram.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import type { StageAggregates } from '../engine/stage-aggregates.ts'
import { representativeVisits } from './representative-visit.ts'
import { isChosen } from './visit-choice.ts'

/** The open orders of a stage. */
export class OpenDwell {
  wip = 0
  overdue = 0
  atRisk = 0
  /** Their ages. */
  readonly ages = new DwellHistogram()
  maxMs = 0

  addAge(ageMs: number): void {
    this.ages.add(ageMs)
    this.maxMs = Math.max(this.maxMs, ageMs)
  }
}

/**
 * The open visits of the selected dimensions by stage; stages without one are missing.
 * @param now undefined: ages are omitted.
 */
export function* openDwell(
  engine: LiveEngine,
  choice: Choice,
  now: number | undefined,
): Generator<void, ReadonlyMap<StageAggregates, OpenDwell>> {
  const stages = new Map<StageAggregates, OpenDwell>()
  for (const { state, visit, aggregates, sla, status } of representativeVisits(engine, choice.department, now)) {
    yield
    if (!isChosen(choice, state, visit)) continue
    let open = stages.get(aggregates)
    if (open === undefined) stages.set(aggregates, (open = new OpenDwell()))
    open.wip += 1
    if (status.overdue) open.overdue += 1
    if (status.atRisk) open.atRisk += 1
    if (now === undefined) continue
    const calendar = choice.clock === 'elapsed' ? alwaysOpen : sla.calendar
    open.addAge(calendar.workingMs(visit.enteredAt, now))
  }
  return stages
}
