import type { AlertRuleRequest, AlertRuleView } from '@stagewatch/shared/contract/alerts.ts'
import type { AlertCondition, Measure } from '@stagewatch/shared/domain/alerts/alert-rule.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

export type ConditionKind = AlertCondition['kind']

export const conditionKinds = [
  'target',
  'pastTarget',
  'stalled',
  'held',
  'promise',
  'unclaimed',
  'measure',
] as const satisfies readonly ConditionKind[]

/** Initial values of the measures in the editor. */
const measureDefaults = {
  breachRatio: { above: 0.2, clearAt: 0.15 },
  wipCount: { above: 50, clearAt: 45 },
  growthPerHour: { above: 15, clearAt: 5 },
  overdueCount: { above: 20, clearAt: 15 },
  silenceRatio: { above: 3, clearAt: 1 },
} as const satisfies Record<Measure, { above: number; clearAt: number }>

export const measures = Object.keys(measureDefaults) as Measure[]

export function measureOf(measure: Measure): AlertCondition {
  return { kind: 'measure', measure, ...measureDefaults[measure], forMs: 30 * minuteMs }
}

/** Initial condition of a kind. */
export function conditionOf(kind: ConditionKind): AlertCondition {
  switch (kind) {
    case 'target':
      return { kind, ratio: 1 }
    case 'pastTarget':
      return { kind, afterMs: 4 * hourMs }
    case 'stalled':
      return { kind, afterMs: 4 * hourMs, clock: 'working' }
    case 'held':
      return { kind, afterMs: 8 * hourMs }
    case 'promise':
      return { kind, leadMs: 24 * hourMs }
    case 'unclaimed':
      return { kind, afterMs: 30 * minuteMs, since: 'overdue' }
    case 'measure':
      return measureOf('breachRatio')
  }
}

/** Replaces the condition and keeps the parts of the scope that the new kind supports. */
export function withCondition(values: AlertRuleRequest, condition: AlertCondition): AlertRuleRequest {
  const { processes, stages, sources, when } = values.scope
  const isMeasure = condition.kind === 'measure'
  const isSource = isMeasure && condition.measure === 'silenceRatio'
  const isProcess = isMeasure && condition.measure === 'overdueCount'
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
  const { name, enabled, makesTask, severity, condition, scope, ladder, acknowledgedForMs, mergeMs } = rule
  return { name, enabled, makesTask, severity, condition, scope, ladder, acknowledgedForMs, mergeMs }
}

export const readyRules = ['overdue', 'nearlyOverdue', 'stalled', 'held', 'unclaimed', 'silent'] as const
export type ReadyRule = (typeof readyRules)[number]

/** Predefined rules that most sites start with. */
export function readyRule(ready: ReadyRule, name: string): AlertRuleRequest {
  const owner = { kind: 'owner' } as const
  const leads = { kind: 'leads' } as const
  const managers = { kind: 'managers' } as const
  const rule = {
    name,
    enabled: true,
    makesTask: false,
    severity: 'warning',
    scope: {},
    acknowledgedForMs: 8 * hourMs,
    mergeMs: 10 * minuteMs,
  } as const
  const ownerThenLeads = [
    { afterMs: 0, to: [owner] },
    { afterMs: hourMs, to: [leads] },
  ]
  switch (ready) {
    case 'overdue':
      return {
        ...rule,
        severity: 'critical',
        condition: conditionOf('target'),
        ladder: [
          { afterMs: 0, to: [owner, leads] },
          { afterMs: hourMs, to: [managers] },
        ],
      }
    case 'nearlyOverdue':
      return { ...rule, condition: { kind: 'target', ratio: 0.8 }, ladder: [{ afterMs: 0, to: [owner] }] }
    case 'stalled':
      return { ...rule, condition: conditionOf('stalled'), ladder: ownerThenLeads }
    case 'held':
      return { ...rule, condition: conditionOf('held'), ladder: ownerThenLeads }
    case 'unclaimed':
      return { ...rule, condition: conditionOf('unclaimed'), ladder: [{ afterMs: 0, to: [leads] }] }
    case 'silent':
      return {
        ...rule,
        severity: 'critical',
        condition: { ...measureOf('silenceRatio'), forMs: 0 } as AlertCondition,
        ladder: [{ afterMs: 0, to: [managers] }],
      }
  }
}
