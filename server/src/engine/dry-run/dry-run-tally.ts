import type { DryRunResult, DryRunStage } from '@stagewatch/shared/contract/dry-run.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { DwellHistogram } from '../dwell-histogram.ts'
import type { StageAggregates } from '../stage-aggregates.ts'

type Side = DryRunStage['live']
type Total = DryRunResult['total']

/** Counts of one stage. */
export class StageTally {
  readonly code: string
  readonly dwell = new DwellHistogram()
  readonly live = noSide()
  readonly draft = noSide()
  visits = 0
  unjudged = 0
  open = 0
  statusChanges = 0

  constructor(code: string) {
    this.code = code
  }

  get isEmpty(): boolean {
    return this.visits + this.unjudged + this.open === 0
  }

  /** Counts an ended visit. @param draft whether it passed its limit under the draft; undefined if that is unknown. */
  addEnded(workingMs: number, live: boolean, draft: boolean | undefined): void {
    this.dwell.add(workingMs)
    if (draft === undefined) {
      this.unjudged += 1
      return
    }
    this.visits += 1
    this.live.breaches += Number(live)
    this.draft.breaches += Number(draft)
  }

  /** Counts an open visit. */
  addOpen(live: OpenConditions, draft: OpenConditions): void {
    this.open += 1
    addConditions(this.live, live)
    addConditions(this.draft, draft)
    if (!sameConditions(live, draft)) this.statusChanges += 1
  }

  get view(): DryRunStage {
    const { code: stage, dwell, visits, unjudged, open, live, draft, statusChanges } = this
    const [p50Ms, p90Ms] = [dwell.percentile(0.5), dwell.percentile(0.9)]
    return {
      stage,
      visits,
      unjudged,
      ...(p50Ms !== undefined && { p50Ms }),
      ...(p90Ms !== undefined && { p90Ms }),
      open,
      live: { ...live },
      draft: { ...draft },
      statusChanges,
    }
  }
}

/** Conditions of an open order that is not on track. */
export interface OpenConditions {
  readonly overdue: boolean
  readonly atRisk: boolean
  readonly stalled: boolean
}

export function sameConditions(a: OpenConditions, b: OpenConditions): boolean {
  return a === b || (a.overdue === b.overdue && a.atRisk === b.atRisk && a.stalled === b.stalled)
}

/** Stages in the order of the draft, then those that it does not name, in the order of the current process. */
export function viewOfTallies(
  tallies: readonly StageTally[],
  draft: ProcessDefinition,
  shown: readonly StageAggregates[],
): Pick<DryRunResult, 'stages' | 'total'> {
  const byCode = new Map(tallies.map((tally) => [tally.code, tally]))
  const codes = new Set([...draft.stages.map(({ code }) => code), ...shown.map(({ definition }) => definition.code)])
  const others = tallies.filter((tally) => !codes.has(tally.code) && !tally.isEmpty)
  const stages = [...[...codes].map((code) => byCode.get(code) ?? new StageTally(code)), ...others]
  const views = stages.map(({ view }) => view)
  return { stages: views, total: views.reduce(sumOf, noTotal()) }
}

function addConditions(side: Side, { overdue, atRisk, stalled }: OpenConditions): void {
  side.overdue += Number(overdue)
  side.atRisk += Number(atRisk)
  side.stalled += Number(stalled)
}

function noSide(): Side {
  return { breaches: 0, overdue: 0, atRisk: 0, stalled: 0 }
}

function noTotal(): Total {
  return { visits: 0, unjudged: 0, open: 0, live: noSide(), draft: noSide(), statusChanges: 0 }
}

function sumOf(total: Total, stage: DryRunStage): Total {
  return {
    visits: total.visits + stage.visits,
    unjudged: total.unjudged + stage.unjudged,
    open: total.open + stage.open,
    live: sumOfSides(total.live, stage.live),
    draft: sumOfSides(total.draft, stage.draft),
    statusChanges: total.statusChanges + stage.statusChanges,
  }
}

function sumOfSides(a: Side, b: Side): Side {
  return {
    breaches: a.breaches + b.breaches,
    overdue: a.overdue + b.overdue,
    atRisk: a.atRisk + b.atRisk,
    stalled: a.stalled + b.stalled,
  }
}
