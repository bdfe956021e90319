import type { OrderCondition } from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import { isOrderCondition } from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import { conditionSpans, isOrderInScope, isStageInScope } from '@stagewatch/shared/domain/alerts/condition-spans.ts'
import type { ConditionSubject } from '@stagewatch/shared/domain/alerts/condition-spans.ts'
import { conditionFields } from '@stagewatch/shared/domain/target-rule.ts'
import type { TargetCondition } from '@stagewatch/shared/domain/target-rule.ts'
import { attributesOfVisit } from '@stagewatch/shared/domain/attributes-of-visit.ts'
import type { OpenVisit } from '../engine/open-visits.ts'
import type { StageAggregates } from '../engine/stage-aggregates.ts'
import type { StoredAlertRule } from './alert-rules-table.ts'

type OrderRule = StoredAlertRule & { readonly condition: OrderCondition }

/** A rule that currently holds for a visit, and since when. */
export interface HeldRule {
  readonly rule: StoredAlertRule
  /** Epoch ms. */
  readonly since: number
}

/** The evaluation of the rules for a visit at an instant. */
export interface Look {
  readonly isHeld: boolean
  /** The next instant at which a rule starts or stops to hold if nothing happens; Infinity if none. */
  readonly changesAt: number
}

type Families = readonly (readonly OrderRule[])[]

interface RulesOfStage {
  readonly families: Families
  /** Fields of an order that decide which rules apply to it. */
  readonly fields: readonly (keyof TargetCondition)[]
  /** The rules that apply, by the values of these fields. */
  readonly byOrder: Map<string, Families>
}

/** Maximum number of distinct field values cached per stage; beyond it, the cache is cleared. */
const maxKinds = 10_000

/**
 * Rules about single orders, grouped by stage. The rules of a stage form families: within a family, a rule with a later
 * threshold never holds before one with an earlier threshold, so evaluating the first one shows whether any of them
 * holds.
 */
export class StageRules {
  readonly #rules: readonly OrderRule[]
  readonly #byStage = new Map<StageAggregates, RulesOfStage>()

  constructor(rules: readonly StoredAlertRule[]) {
    this.#rules = rules.filter((rule): rule is OrderRule => rule.enabled && isOrderCondition(rule.condition))
  }

  get isEmpty(): boolean {
    return this.#rules.length === 0
  }

  /** The rules that currently hold for a visit. */
  heldBy(open: OpenVisit, now: number): HeldRule[] {
    const subject = subjectOf(open)
    return this.#familiesFor(open.aggregates, subject).flatMap((family) => {
      const held: HeldRule[] = []
      for (const rule of family) {
        const spans = conditionSpans(rule.condition, subject)
        const span = spans.find(({ from, to }) => from <= now && now < to)
        if (span !== undefined) held.push({ rule, since: span.from })
        // All later rules of the family start even later.
        if (spans.every(({ from }) => from > now)) break
      }
      return held
    })
  }

  /** Whether a rule currently holds for the visit, and when time alone may change that. */
  lookAt(open: OpenVisit, now: number): Look {
    const subject = subjectOf(open)
    let isHeld = false
    let changesAt = Infinity
    for (const family of this.#familiesFor(open.aggregates, subject)) {
      for (const { condition } of family) {
        let isOn = false
        let isLater = false
        for (const { from, to } of conditionSpans(condition, subject)) {
          if (to <= now) continue
          if (from > now) isLater = true
          else isOn = true
          changesAt = Math.min(changesAt, from > now ? from : to)
        }
        if (isOn) isHeld = true
        // All later rules of the family start even later.
        else if (isLater) break
      }
    }
    return { isHeld, changesAt }
  }

  /** The rules of the stage that apply to the order. */
  #familiesFor(stage: StageAggregates, subject: ConditionSubject): Families {
    const ofStage = this.#ofStage(stage)
    if (ofStage.fields.length === 0) return ofStage.families
    const key = keyOf(ofStage.fields, subject)
    const known = ofStage.byOrder.get(key)
    if (known !== undefined) return known
    const looking = ofStage.families
      .map((family) => family.filter(({ scope }) => isOrderInScope(scope, subject)))
      .filter((family) => family.length > 0)
    // Amounts differ for every order, so the number of keys must be bounded.
    if (ofStage.byOrder.size >= maxKinds) ofStage.byOrder.clear()
    ofStage.byOrder.set(key, looking)
    return looking
  }

  #ofStage(stage: StageAggregates): RulesOfStage {
    let known = this.#byStage.get(stage)
    if (known === undefined) {
      const { process, definition } = stage
      const looking = this.#rules.filter(({ scope }) => isStageInScope(scope, process, definition.code))
      const families = [...Map.groupBy(looking, familyOf).values()].map((family) => family.toSorted(byThreshold))
      const fields = conditionFields.filter((field) => looking.some(({ scope }) => scope.when?.[field] !== undefined))
      known = { families, fields, byOrder: new Map() }
      this.#byStage.set(stage, known)
    }
    return known
  }
}

/** The same key for orders to which the same rules apply. */
function keyOf(fields: RulesOfStage['fields'], { visit, attributes }: ConditionSubject): string {
  const known = { ...attributes, department: visit.department ?? attributes.department }
  return JSON.stringify(fields.map((field) => known[field] ?? null))
}

function subjectOf({ state, visit, sla }: OpenVisit): ConditionSubject {
  return { visit, order: state, attributes: attributesOfVisit(state.attributes, visit), sla }
}

function familyOf({ condition }: OrderRule): string {
  switch (condition.kind) {
    case 'stalled':
      return `stalled ${condition.clock} ${condition.afterMs === undefined ? 'as the stage says' : ''}`
    case 'unclaimed':
      return `unclaimed ${condition.since}`
    default:
      return condition.kind
  }
}

function byThreshold({ condition: a }: OrderRule, { condition: b }: OrderRule): number {
  return thresholdOf(a) - thresholdOf(b)
}

/** Within a family, increases with the instant at which the condition starts to hold. */
function thresholdOf(condition: OrderCondition): number {
  switch (condition.kind) {
    case 'target':
      return condition.ratio
    case 'promise':
      return -condition.leadMs
    case 'pastTarget':
    case 'noNews':
    case 'held':
    case 'unclaimed':
      return condition.afterMs
    case 'stalled':
      return condition.afterMs ?? 0
  }
}
