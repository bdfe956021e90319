import type { DryRunResult } from '@stagewatch/shared/contract/dry-run.ts'
import type { ProcessHistory } from '@stagewatch/shared/domain/process-history.ts'
import { versionAt } from '@stagewatch/shared/domain/process-history.ts'
import { pastTargetMs, visitStatus } from '@stagewatch/shared/domain/visit-status.ts'
import { sameEnds } from '../../rules/terminal-stages.ts'
import { IdSet } from '../id-set.ts'
import type { LiveEngine } from '../live-engine.ts'
import type { OpenVisit } from '../open-visits.ts'
import type { SiteRules } from '../site-rules.ts'
import { breachedFlag, flagsShift, rowsPerChunk } from '../visit-columns.ts'
import type { VisitColumns } from '../visit-columns.ts'
import { DryRunExamples } from './dry-run-examples.ts'
import { sameConditions, StageTally, viewOfTallies } from './dry-run-tally.ts'
import { breachedByDraft } from './judge-ended.ts'
import type { EndedTimes } from './judge-ended.ts'
import { StagePlan } from './stage-plan.ts'
import type { StageTerms } from './stage-plan.ts'

export interface DryRunQuestion {
  /** The process over time as it would be, see `historyToSave`. */
  readonly draft: ProcessHistory
  /** Visits that ended then or later, and before `now`, are judged; epoch ms. */
  readonly from: number
  readonly now: number
}

interface JudgedStage {
  readonly plan: StagePlan
  readonly tally: StageTally
}

/** Work between two steps: to pass over a visit is 1, to judge it by more than its duration is 32. Some 0.1 ms. */
const workPerStep = 4_096
const judgingWork = 32

/**
 * What the visits of a process that ended lately, and its open orders, are by its live rules and would be by others.
 * Nothing of the engine is changed. It goes on in short steps, between which events may come in: a visit that changes
 * meanwhile counts as it was or as it is.
 */
export class DryRun {
  readonly #engine: LiveEngine
  readonly #process: string
  readonly #draft: ProcessHistory
  readonly #from: number
  readonly #now: number
  readonly #draftRules: SiteRules
  /** By the number of the stage, see `LiveEngine.stage`. */
  readonly #stages: (JudgedStage | 'other' | undefined)[] = []
  readonly #orders = new IdSet()
  readonly #examples = new DryRunExamples()
  readonly #total: number
  #done = 0
  /** Since the last step. */
  #work = 0

  constructor(engine: LiveEngine, { draft, from, now }: DryRunQuestion) {
    this.#engine = engine
    this.#process = draft[0].definition.code
    this.#draft = draft
    this.#from = Math.max(from, engine.ended.beginsAt)
    this.#now = now
    this.#draftRules = engine.rules.withHistory(draft)
    const { finished } = engine.ended
    const chunks = finished.chunksWithin({ fromMs: this.#from, toMs: now })
    const openCount = engine.stages().reduce((sum, { counts }) => sum + counts.wip, 0)
    this.#total = chunks.length * rowsPerChunk + openCount
  }

  /** How much there is to look at, and how much of it was looked at. */
  get progress(): { readonly done: number; readonly total: number } {
    return { done: Math.min(this.#done, this.#total), total: this.#total }
  }

  *run(): Generator<void, DryRunResult> {
    yield* this.#judgeEnded()
    yield* this.#judgeOpen()
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

  *#judgeEnded(): Generator<void> {
    const { finished } = this.#engine.ended
    for (const number of finished.chunksWithin({ fromMs: this.#from, toMs: this.#now })) {
      const { columns } = finished.chunk(number)
      for (let index = 0; index < rowsPerChunk; index++) {
        this.#done += 1
        this.#work += 1
        this.#judgeRow(columns, index, number * rowsPerChunk + index)
        if (this.#work < workPerStep) continue
        this.#work = 0
        yield
      }
    }
  }

  #judgeRow(columns: VisitColumns, index: number, place: number): void {
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
      // Most visits are over long before any limit.
      if (visit.workingMs < leastTargetMs) return false
      if (visit.workingMs - (finished.heldMs(place) ?? 0) < leastTargetMs) return false
      if (onlyTarget) return true
    }
    this.#work += judgingWork
    return breachedByDraft(this.#engine, place, visit, terms)
  }

  *#judgeOpen(): Generator<void> {
    for (const open of this.#engine.open) {
      this.#done += 1
      const stage = this.#stage(open.aggregates.index)
      if (stage !== undefined) this.#judgeOpenVisit(open, stage)
      yield
    }
  }

  #judgeOpenVisit(open: OpenVisit, { plan, tally }: JudgedStage): void {
    const { state, visit, status: live } = open
    const sla = this.#draftRules.slaOf(this.#process, visit, state.attributes)
    const draft = plan.at(visit.enteredAt).isAlike ? live : visitStatus(visit, state, sla, this.#now)
    tally.addOpen(live, draft)
    const number = this.#engine.order(state.order)?.number
    if (number !== undefined) this.#orders.add(number)
    if (!sameConditions(live, draft)) this.#examples.add(open, live, draft, pastTargetMs(visit, state, sla, this.#now))
  }

  /** Undefined: the stage is one of another process. */
  #stage(index: number): JudgedStage | undefined {
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
