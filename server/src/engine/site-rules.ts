import { attributesOfVisit } from '@stagewatch/shared/domain/attributes-of-visit.ts'
import type { OrderAttributes } from '@stagewatch/shared/domain/order-attributes.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import type { ProcessDefinition, StageDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import type { ProcessHistory } from '@stagewatch/shared/domain/process-history.ts'
import { versionAt } from '@stagewatch/shared/domain/process-history.ts'
import type { StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'
import type { VisitSla } from '@stagewatch/shared/domain/visit-sla.ts'
import { visitSla } from '@stagewatch/shared/domain/visit-sla.ts'
import { SiteCalendars } from '../rules/site-calendars.ts'

/** The rules that apply to the visits of a site: its processes over time and its calendars. */
export class SiteRules {
  readonly #histories: Map<string, ProcessHistory>
  /** Stages by code, for each version that was requested. */
  readonly #stages = new WeakMap<ProcessDefinition, Map<string, StageDefinition>>()
  readonly #plainStages = new Map<string, StageDefinition>()
  calendars: SiteCalendars

  constructor(histories: Iterable<readonly [string, ProcessHistory]> = [], calendars = new SiteCalendars()) {
    this.#histories = new Map(histories)
    this.calendars = calendars
  }

  /** A copy with another history of one process. */
  withHistory(history: ProcessHistory): SiteRules {
    return new SiteRules([...this.#histories, [history[0].definition.code, history]], this.calendars)
  }

  withCalendars(calendars: SiteCalendars): SiteRules {
    return new SiteRules(this.#histories, calendars)
  }

  history(process: string): ProcessHistory | undefined {
    return this.#histories.get(process)
  }

  setHistory(history: ProcessHistory): void {
    this.#histories.set(history[0].definition.code, history)
  }

  /**
   * Limits by the process version at the start of the visit, and by the attributes of the order until its end. A stage
   * that the process does not name has no limits.
   * @param orderAttributes current attributes of the order.
   */
  slaOf(process: string, visit: StageVisit, orderAttributes: OrderAttributes): VisitSla {
    const attributes = attributesOfVisit(orderAttributes, visit)
    const definition = this.#stage(process, visit)
    const calendar = this.calendars.calendarOf(definition.calendar, visit.department ?? attributes.department)
    return visitSla(definition, visit, attributes, calendar)
  }

  /** When the next version of any process becomes valid after `now`. Undefined if none is known. */
  nextVersionAt(now: number): number | undefined {
    let next: number | undefined
    for (const history of this.#histories.values())
      for (const { validFrom } of history)
        if (validFrom !== undefined && validFrom > now && validFrom < (next ?? Infinity)) next = validFrom
    return next
  }

  #stage(process: string, visit: StageVisit): StageDefinition {
    const history = this.#histories.get(process)
    if (history === undefined) return this.#plain(visit.stage)
    const version = versionAt(history, visit.enteredAt)
    let stages = this.#stages.get(version)
    if (stages === undefined) {
      stages = new Map(version.stages.map((stage) => [stage.code, stage]))
      this.#stages.set(version, stages)
    }
    return stages.get(visit.stage) ?? this.#plain(visit.stage)
  }

  #plain(code: string): StageDefinition {
    let stage = this.#plainStages.get(code)
    if (stage === undefined) this.#plainStages.set(code, (stage = plainStage(code)))
    return stage
  }
}
