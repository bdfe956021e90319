import type { DryRunResult } from '@stagewatch/shared/contract/dry-run.ts'
import type { ProcessHistory } from '@stagewatch/shared/domain/process-history.ts'
import { versionAt } from '@stagewatch/shared/domain/process-history.ts'
import { pastTargetMs, visitStatus } from '@stagewatch/shared/domain/visit-status.ts'
import { AppError } from '../../platform/app-error.ts'
import { sameEnds } from '../../rules/terminal-stages.ts'
import { IdSet } from '../id-set.ts'
import type { LiveEngine } from '../live-engine.ts'
import type { OpenVisit } from '../open-visits.ts'
import type { SiteRules } from '../site-rules.ts'
import { breachedFlag, flagsShift, rowsPerChunk } from '../visit-columns.ts'
import type { VisitColumns } from '../visit-columns.ts'
import { DryRunExamples } from './dry-run-examples.ts'
import { sameConditions, StageTally, viewOfTallies } from './dry-run-tally.ts'
import { breachedByDraft } from './evaluate-ended-visit.ts'
import type { EndedTimes } from './evaluate-ended-visit.ts'
import { StagePlan } from './stage-plan.ts'
import type { StageTerms } from './stage-plan.ts'

export interface DryRunInput {
  /** The history of the process as it would be, see `historyToSave`. */
  readonly draft: ProcessHistory
  /** Visits that ended from this instant on and before `now` are evaluated; epoch ms. */
  readonly from: number
  readonly now: number
}

interface EvaluatedStage {
  readonly plan: StagePlan
  readonly tally: StageTally
}

/** Work between two steps, about 0.1 ms: skipping a visit costs 1, evaluating it by more than its duration costs 32. */
const workPerStep = 4_096
const evaluationWork = 32

/**
 * Evaluates the recently ended visits of a process and its open orders under the live rules and under other rules. The
 * engine is not changed. The run proceeds in short steps, between which events may arrive: a visit that changes during
 * the run counts in its old or in its new state. A change of rules aborts the run, because some visits would be
 * evaluated by the previous rules.
 */
export class DryRun {
  readonly #engine: LiveEngine
  readonly #process: string
  readonly #draft: ProcessHistory
  readonly #from: number
  readonly #now: number
  readonly #draftRules: SiteRules
  readonly #limitsRevision: number | undefined
  /** Indexed by stage number, see `LiveEngine.stage`. */
  readonly #stages: (EvaluatedStage | 'other' | undefined)[] = []
  readonly #orders = new IdSet()
  readonly #examples = new DryRunExamples()
  readonly #total: number
  #done = 0
  /** Work since the last step. */
  #work = 0

  constructor(engine: LiveEngine, { draft, from, now }: DryRunInput) {
    this.#engine = engine
    this.#process = draft[0].definition.code
    this.#draft = draft
    this.#from = Math.max(from, engine.ended.startsAt)
    this.#now = now
    this.#draftRules = engine.rules.withHistory(draft)
    this.#limitsRevision = engine.limitsRevision
    const { finished } = engine.ended
    const chunks = finished.chunksWithin({ fromMs: this.#from, toMs: now })
    const openCount = engine.stages().reduce((sum, { counts }) => sum + counts.wip, 0)
    this.#total = chunks.length * rowsPerChunk + openCount
  }

  /** Number of visits to check, and number of visits checked so far. */
  get progress(): { readonly done: number; readonly total: number } {
    return { done: Math.min(this.#done, this.#total), total: this.#total }
  }

  /** @throws AppError `conflict` if the rules of the site have changed, or a re-evaluation is still in progress. */
  *run(): Generator<void, DryRunResult> {
    this.#requireSameRules()
    for (const evaluation of [this.#evaluateEnded(), this.#evaluateOpen()]) {
      for (const step of evaluation) {
        yield step
        this.#requireSameRules()
      }
    }
    const shown = this.#engine.process(this.#process)?.stages ?? []
    const tallies = this.#stages.flatMap((stage) => (stage === undefined || stage === 'other' ? [] : [stage.tally]))
    return {
      from: this.#from,
      to: this.#now,
      orders: this.#orders.size,
      endsOtherwise: !sameEnds(this.#engine.rules.history(this.#process), this.#draft),
      ...viewOfTallies(tallies, versionAt(this.#draft, this.#now), shown),
      examples: this.#examples.views,
    }
  }

  #requireSameRules(): void {
    const { limitsRevision } = this.#engine
    if (limitsRevision !== undefined && limitsRevision === this.#limitsRevision) return
    throw new AppError('conflict', 'the rules of the site have just changed: try again in a moment')
  }

  *#evaluateEnded(): Generator<void> {
    const { finished } = this.#engine.ended
    for (const number of finished.chunksWithin({ fromMs: this.#from, toMs: this.#now })) {
      const { columns } = finished.chunk(number)
      for (let index = 0; index < rowsPerChunk; index++) {
        this.#done += 1
        this.#work += 1
        this.#evaluateRow(columns, index, number * rowsPerChunk + index)
        if (this.#work < workPerStep) continue
        this.#work = 0
        yield
      }
    }
  }

  #evaluateRow(columns: VisitColumns, index: number, place: number): void {
    const leftAt = columns.leftAt[index] ?? Number.NaN
    if (!(leftAt >= this.#from && leftAt < this.#now)) return
    const stage = this.#stage(columns.stage(index))
    if (stage === undefined) return
    const enteredAt = leftAt - columns.durations('elapsed').get(index)
    const terms = stage.plan.at(enteredAt)
    const workingMs = columns.durations('working').get(index)
    const live = (((columns.stageAndFlags[index] ?? 0) >>> flagsShift) & breachedFlag) !== 0
    const draft = terms.isAlike ? live : this.#breached(place, { enteredAt, leftAt, workingMs }, terms)
    stage.tally.addEnded(workingMs, live, draft)
    if (draft !== undefined) this.#orders.add(columns.order[index] ?? 0)
  }

  #breached(place: number, visit: EndedTimes, terms: StageTerms): boolean | undefined {
    const { sameCalendar, leastTargetMs, onlyTarget } = terms
    if (sameCalendar) {
      const { finished } = this.#engine.ended
      // Most visits end long before any limit.
      if (visit.workingMs < leastTargetMs) return false
      if (visit.workingMs - (finished.heldMs(place) ?? 0) < leastTargetMs) return false
      if (onlyTarget) return true
    }
    this.#work += evaluationWork
    return breachedByDraft(this.#engine, place, visit, terms)
  }

  *#evaluateOpen(): Generator<void> {
    for (const open of this.#engine.open) {
      this.#done += 1
      const stage = this.#stage(open.aggregates.index)
      if (stage !== undefined) this.#evaluateOpenVisit(open, stage)
      yield
    }
  }

  #evaluateOpenVisit(open: OpenVisit, { plan, tally }: EvaluatedStage): void {
    const { state, visit, status: live } = open
    const sla = this.#draftRules.slaOf(this.#process, visit, state.attributes)
    const draft = plan.at(visit.enteredAt).isAlike ? live : visitStatus(visit, state, sla, this.#now)
    tally.addOpen(live, draft)
    const number = this.#engine.order(state.order)?.number
    if (number !== undefined) this.#orders.add(number)
    if (!sameConditions(live, draft)) this.#examples.add(open, live, draft, pastTargetMs(visit, state, sla, this.#now))
  }

  /** Undefined if the stage belongs to another process. */
  #stage(index: number): EvaluatedStage | undefined {
    const known = this.#stages[index]
    if (known !== undefined) return known === 'other' ? undefined : known
    const { process, definition } = this.#engine.stage(index)
    if (process !== this.#process) {
      this.#stages[index] = 'other'
      return undefined
    }
    const { code } = definition
    const plan = new StagePlan(code, this.#engine.rules.history(process), this.#draft)
    return (this.#stages[index] = { plan, tally: new StageTally(code) })
  }
}
