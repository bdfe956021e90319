import type { AlertRuleRequest, AlertRuleView } from '@stagewatch/shared/contract/alert-rules.ts'
import type { AlertCondition, MeasureCondition } from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import { readyRule } from '@stagewatch/shared/domain/alerts/ready-rules.ts'
import type { ReadyRule } from '@stagewatch/shared/domain/alerts/ready-rules.ts'
import { factsOf } from '@stagewatch/shared/domain/alerts/measures.ts'
import type { Measure, MeasureSide } from '@stagewatch/shared/domain/alerts/measures.ts'
import { fallbackLanguage } from '@stagewatch/shared/domain/locales.ts'
import type { Language } from '@stagewatch/shared/domain/locales.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

export type ConditionKind = AlertCondition['kind']

export const conditionKinds = [
  'target',
  'pastTarget',
  'stalled',
  'noNews',
  'held',
  'promise',
  'unclaimed',
  'measure',
] as const satisfies readonly ConditionKind[]

/** Initial values of the measures in the editor: the threshold, and the value that ends the alert, by side. */
const measureDefaults: Record<Measure, Partial<Record<MeasureSide, readonly [number, number]>>> = {
  breachRatio: { above: [0.2, 0.15] },
  wipCount: { above: [50, 45], below: [5, 8] },
  growthPerHour: { above: [15, 5] },
  onTimeRatio: { below: [0.9, 0.93] },
  leadTimeMs: { above: [5 * dayMs, 4.5 * dayMs] },
  completedCount: { below: [100, 110] },
  openCount: { above: [200, 180], below: [20, 25] },
  overdueCount: { above: [20, 15] },
  overdueRatio: { above: [0.1, 0.08] },
  silenceRatio: { above: [3, 1] },
}

/** Initial condition of a measure. @param side Default: the usual one. */
export function measureOf(measure: Measure, side: MeasureSide = factsOf(measure).sides[0]): MeasureCondition {
  const [threshold, clearAt] = measureDefaults[measure][side] ?? [0, 0]
  return { kind: 'measure', measure, [side]: threshold, clearAt, forMs: 30 * minuteMs }
}

/** The threshold of a measure, and the side on which it is a problem. */
export function thresholdOf({ above, below = Number.NaN }: MeasureCondition): { side: MeasureSide; value: number } {
  return above === undefined ? { side: 'below', value: below } : { side: 'above', value: above }
}

/** Initial condition of a kind. */
export function conditionOf(kind: ConditionKind): AlertCondition {
  switch (kind) {
    case 'target':
      return readyCondition('overdue')
    case 'pastTarget':
      return { kind, afterMs: 4 * hourMs }
    case 'stalled':
    case 'noNews':
    case 'held':
    case 'unclaimed':
      return readyCondition(kind)
    case 'promise':
      return { kind, leadMs: 24 * hourMs }
    case 'measure':
      return measureOf('breachRatio')
  }
}

const readyCondition = (ready: ReadyRule): AlertCondition => readyRule(ready, fallbackLanguage).condition

/** Replaces the condition and keeps the parts of the scope that the new kind supports. */
export function withCondition(values: AlertRuleRequest, condition: AlertCondition): AlertRuleRequest {
  const { processes, stages, sources, when } = values.scope
  const isMeasure = condition.kind === 'measure'
  const of = isMeasure ? factsOf(condition.measure).of : undefined
  const [isSource, isProcess] = [of === 'source', of === 'process']
  return {
    ...values,
    condition,
    scope: {
      ...(!isSource && processes !== undefined && { processes }),
      ...(!isSource && !isProcess && stages !== undefined && { stages }),
      ...(isSource && sources !== undefined && { sources }),
      ...(!isMeasure && when !== undefined && { when }),
    },
  }
}

/** Converts a loaded rule to a request. */
export function requestOf(rule: AlertRuleView): AlertRuleRequest {
  const { name, names, enabled, makesTask, severity, condition, scope, ladder, acknowledgedForMs, mergeMs } = rule
  return {
    name,
    ...(names !== undefined && { names }),
    enabled,
    makesTask,
    severity,
    condition,
    scope,
    ladder,
    acknowledgedForMs,
    mergeMs,
  }
}

/** Whether a rule can be saved only once the stages to which it applies have been chosen. */
export function needsStages(condition: AlertCondition): boolean {
  return condition.kind === 'noNews'
}

/** The request that switches a ready-made rule on. */
export function readyRequest(ready: ReadyRule, language: Language): AlertRuleRequest {
  return { ...readyRule(ready, language), enabled: true, makesTask: false }
}
